package dev.ocicap.cli;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How other tools are told to grant exactly a set.
enum CapabilityFlags {
  /// Options of `docker run`.
  DOCKER,
  /// A container's `securityContext`.
  KUBERNETES,
  /// Keys of a service.
  COMPOSE;

  /// The target of a word.
  static CapabilityFlags parse(String option, String word) {
    List<String> words = List.of("docker", "kubernetes", "compose");
    int index = words.indexOf(word);
    if (index < 0) {
      @Nullable String near = Suggestion.nearest(word, words).orElse(words.getFirst());
      throw OcicapException.usage(
          option + ": '" + word + "' is none of " + String.join(", ", words), option + " " + near);
    }
    return values()[index];
  }

  /// The text, with a line end.
  String print(CapabilitySet set) {
    StringBuilder text = new StringBuilder();
    switch (this) {
      case DOCKER -> {
        text.append("--cap-drop ALL");
        for (Capability capability : set.members()) {
          text.append(" --cap-add ").append(bare(capability));
        }
        text.append('\n');
      }
      case KUBERNETES -> {
        text.append("securityContext:\n  capabilities:\n    drop:\n      - ALL\n");
        list(set, "    add:\n", "      - ", text);
      }
      case COMPOSE -> {
        text.append("cap_drop:\n  - ALL\n");
        list(set, "cap_add:\n", "  - ", text);
      }
    }
    return text.toString();
  }

  private static void list(CapabilitySet set, String head, String item, StringBuilder text) {
    if (!set.isEmpty()) {
      text.append(head);
    }
    for (Capability capability : set.members()) {
      text.append(item).append(bare(capability)).append('\n');
    }
  }

  /// Without `CAP_`, which Kubernetes does not take everywhere.
  private static String bare(Capability capability) {
    return capability.shortName().toUpperCase(Locale.ROOT);
  }
}
