package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.edit.DocumentEdits;
import dev.ocicap.edit.JsonPatchEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;

/// The notations of edits of any value.
final class DocumentNotations {
  private DocumentNotations() {}

  /// `POINTER=JSON`.
  static SpecEdit set(String option, String value) {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw Text.bad(option, value, "POINTER=JSON", "'/hostname=\"web\"'");
    }
    String pointer = pointer(option, value.substring(0, equals));
    if (equals == value.length() - 1) {
      throw OcicapException.usage(
          option + ": '" + value + "' has no value after '='", "--unset " + pointer);
    }
    return DocumentEdits.set(pointer, json(option, value.substring(equals + 1)));
  }

  static SpecEdit unset(String option, String value) {
    return DocumentEdits.unset(pointer(option, value));
  }

  /// A JSON pointer (RFC 6901) that is not the whole document.
  private static String pointer(String option, String text) {
    if (text.length() - text.replace("/", "").length() > JsonText.MAX_DEPTH) {
      throw OcicapException.usage(
          option + ": a JSON pointer of more than " + JsonText.MAX_DEPTH + " steps", null);
    }
    boolean fits = text.startsWith("/");
    for (int i = text.indexOf('~'); fits && i >= 0; i = text.indexOf('~', i + 1)) {
      fits = i + 1 < text.length() && (text.charAt(i + 1) == '0' || text.charAt(i + 1) == '1');
    }
    if (!fits) {
      throw Text.bad(
          option,
          text,
          "a JSON pointer such as /process/cwd (~1 is a slash, ~0 a tilde)",
          "/hostname");
    }
    return text;
  }

  /// A file with a merge patch (RFC 7396).
  static SpecEdit merge(String option, String file, EditOptions.Context context) {
    JsonText text = JsonText.parse(file, context.file(option, file));
    if (!(text.root() instanceof ObjectNode patch)) {
      throw OcicapException.input(text.place(""), "a merge patch is a JSON object", null);
    }
    return DocumentEdits.merge(patch);
  }

  /// A file with a JSON patch (RFC 6902).
  static SpecEdit patch(String option, String file, EditOptions.Context context) {
    JsonText text = JsonText.parse(file, context.file(option, file));
    if (!text.root().isArray()) {
      throw OcicapException.input(
          text.place(""), "a JSON patch is an array of operations", "--merge " + file);
    }
    return JsonPatchEdits.apply(text);
  }

  /// An object on the command line.
  static ObjectNode object(String option, String value) {
    if (json(option, value) instanceof ObjectNode object) {
      return object;
    }
    throw Text.bad(option, value, "a JSON object", "'{…}'");
  }

  /// A JSON value on the command line.
  static JsonNode json(String option, String value) {
    try {
      return JsonText.parse(option, value).root();
    } catch (OcicapException e) {
      Problem problem = e.problems().getFirst();
      throw OcicapException.usage(
          option + ": '" + value + "' is not JSON: " + problem.message(),
          isWord(value) ? "a text stands in double quotes: '\"" + value + "\"'" : problem.hint());
    }
  }

  private static boolean isWord(String value) {
    return !value.isEmpty() && Character.isLetter(value.charAt(0));
  }

  /// The platform that a new document is for.
  static SpecEdit platform(String option, String value) {
    return switch (value) {
      case "linux" -> SpecEdit.nothing();
      case "windows", "solaris", "freebsd", "zos" -> DocumentEdits.platform(value);
      default -> throw Text.bad(option, value, "linux, windows, solaris, freebsd or zos", "linux");
    };
  }
}
