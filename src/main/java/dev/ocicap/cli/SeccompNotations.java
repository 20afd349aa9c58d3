package dev.ocicap.cli;

import dev.ocicap.edit.FilterEdits;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.seccomp.SeccompEdits;
import dev.ocicap.seccomp.SeccompProfile;
import dev.ocicap.seccomp.SeccompWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The notations of filters of system calls.
final class SeccompNotations {
  private SeccompNotations() {}

  /// `docker` for Docker's default profile, `unconfined` for none, or a file.
  static SpecEdit profile(String option, String value, EditOptions.Context context) {
    return switch (value) {
      case "docker", "default", "builtin" -> docker(context);
      case "unconfined", "none" -> SeccompEdits.remove();
      default -> {
        SeccompProfile profile = SeccompProfile.read(context.path(option, value));
        context.warn(profile.ignored());
        yield SeccompEdits.replace(profile, Host.architecture(), Host.kernel());
      }
    };
  }

  static SpecEdit docker(EditOptions.Context context) {
    return SeccompEdits.replace(SeccompProfile.dockerDefault(), Host.architecture(), Host.kernel());
  }

  static SpecEdit unconfined() {
    return SeccompEdits.remove().then(SecurityEdits.unconfined());
  }

  static SpecEdit defaultAction(String option, String value, boolean prune) {
    return FilterEdits.defaultAction(
        Text.word(option, value, SeccompWords.ACTIONS, "SCMP_ACT_"), prune);
  }

  /// Names as oci-runtime-tool has them, or as the specification does; a comma between them.
  static SpecEdit architectures(String option, String value) {
    List<SpecEdit> edits = new ArrayList<>();
    for (String word : Text.split(value, ',')) {
      String upper = word.toUpperCase(Locale.ROOT);
      String name =
          switch (upper) {
            case "AMD64" -> "SCMP_ARCH_X86_64";
            case "ARM64" -> "SCMP_ARCH_AARCH64";
            default -> upper.startsWith("SCMP_ARCH_") ? upper : "SCMP_ARCH_" + upper;
          };
      edits.add(
          ListProperty.SECCOMP_ARCHITECTURES.add(
              JsonValues.string(
                  Text.word(option, name, SeccompWords.ARCHITECTURES, "SCMP_ARCH_"))));
    }
    return SpecEdit.all(edits);
  }

  /// `SYSCALL[:INDEX:VALUE:VALUE2:OPERATOR]`, a comma between them. What is allowed where there is
  /// no filter is allowed on top of Docker's default profile: without a filter it is allowed
  /// already.
  static SpecEdit rules(String action, String option, String value, EditOptions.Context context) {
    List<SpecEdit> edits = new ArrayList<>();
    if (action.equals("SCMP_ACT_ALLOW")) {
      SpecEdit docker = docker(context);
      edits.add(draft -> {
        if (draft.find("linux", "seccomp").isEmpty()) {
          docker.accept(draft);
        }
      });
    }
    for (String rule : Text.split(value, ',')) {
      edits.add(rule(action, option, rule));
    }
    return SpecEdit.all(edits);
  }

  private static SpecEdit rule(String action, String option, String text) {
    List<String> parts = Text.split(text, ':');
    if (parts.getFirst().isEmpty() || (parts.size() != 1 && parts.size() != 5)) {
      throw Text.bad(
          option, text, "SYSCALL or SYSCALL:INDEX:VALUE:VALUE2:OPERATOR", "personality:0:8:0:EQ");
    }
    if (parts.size() == 1) {
      return FilterEdits.decide(action, parts.getFirst(), null);
    }
    String word = parts.get(4).toUpperCase(Locale.ROOT);
    String operator =
        Text.word(
            option, word.equals("ME") ? "MASKED_EQ" : word, SeccompWords.OPERATORS, "SCMP_CMP_");
    return FilterEdits.decide(
        action,
        parts.getFirst(),
        new FilterEdits.Condition(
            (int) Text.integer(option, parts.get(1), 0, 5),
            Text.unsigned(option, parts.get(2), false),
            operator.equals("SCMP_CMP_MASKED_EQ")
                ? Text.unsigned(option, parts.get(3), false)
                : null,
            operator));
  }

  static SpecEdit remove(String option, String value) {
    List<SpecEdit> edits = new ArrayList<>();
    for (String name : Text.split(value, ',')) {
      if (name.isEmpty()) {
        throw OcicapException.usage(option + ": an empty system call name", null);
      }
      edits.add(FilterEdits.forget(name));
    }
    return SpecEdit.all(edits);
  }

  static SpecEdit clear() {
    return FilterEdits.forgetAll();
  }
}
