package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.edit.HookEdits;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;

/// The notations of hooks.
final class HookNotations {
  private static final List<String> KINDS =
      List.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");

  private HookNotations() {}

  /// `KIND=PATH[,ARG…]`, or `KIND={…}` with an object as the specification has it.
  static SpecEdit add(String option, String value) {
    Text.Pair pair = Text.pair(option, value);
    ListProperty kind = kind(option, pair.key());
    if (pair.value().startsWith("{")) {
      return object(kind, option, pair.value());
    }
    List<String> words = Text.split(pair.value(), ',');
    return HookEdits.add(
        kind, Text.absolute(option, words.getFirst()), words.subList(1, words.size()));
  }

  /// `KIND=PATH`.
  static SpecEdit remove(String option, String value) {
    Text.Pair pair = Text.pair(option, value);
    return kind(option, pair.key()).remove(pair.value());
  }

  /// `KIND`, or `all`.
  static SpecEdit clear(String option, String value) {
    if (!value.equals("all")) {
      return kind(option, value).clear();
    }
    List<SpecEdit> edits = new ArrayList<>();
    for (String kind : KINDS) {
      edits.add(kind(option, kind).clear());
    }
    return SpecEdit.all(edits);
  }

  /// `CMD[:ARG…]` as ocitools has it, or an object as oci-runtime-tool has it.
  static SpecEdit old(ListProperty kind, String option, String value) {
    if (value.startsWith("{")) {
      return object(kind, option, value);
    }
    List<String> words = Text.split(value, ':');
    return HookEdits.add(
        kind, Text.absolute(option, words.getFirst()), words.subList(1, words.size()));
  }

  private static SpecEdit object(ListProperty kind, String option, String value) {
    JsonNode hook = DocumentNotations.object(option, value);
    if (HookEdits.path(hook).isEmpty()) {
      throw OcicapException.usage(option + ": the hook has no path", null);
    }
    var _ = Text.absolute(option, HookEdits.path(hook));
    if (HookEdits.isTimedOut(hook)) {
      throw OcicapException.usage(option + ": a timeout of 0 or less is over at once", null);
    }
    return kind.add(hook);
  }

  private static ListProperty kind(String option, String word) {
    return switch (Text.word(option, word, KINDS, "")) {
      case "prestart" -> ListProperty.PRESTART;
      case "createRuntime" -> ListProperty.CREATE_RUNTIME;
      case "createContainer" -> ListProperty.CREATE_CONTAINER;
      case "startContainer" -> ListProperty.START_CONTAINER;
      case "poststart" -> ListProperty.POSTSTART;
      default -> ListProperty.POSTSTOP;
    };
  }
}
