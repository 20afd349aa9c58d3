package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.List;
import java.util.Set;

/// Rules about `hooks` and `annotations` (config.md).
final class HookRules {
  private static final String HOOKS = "config.md#posix-platform-hooks";
  private static final String ANNOTATIONS = "config.md#annotations";
  private static final String RESERVED = "org.opencontainers.";
  private static final String IMAGE = RESERVED + "image.";

  /// The annotations of the specification.
  private static final Set<String> DEFINED =
      Set.of(
          IMAGE + "os",
          IMAGE + "os.version",
          IMAGE + "os.features",
          IMAGE + "architecture",
          IMAGE + "variant",
          IMAGE + "author",
          IMAGE + "created",
          IMAGE + "stopSignal");

  static final List<Rule> ALL =
      List.of(
          Rule.of("hook-path-absolute", Level.MUST, HOOKS, HookRules::path),
          Rule.of("hook-env-form", Level.SHOULD, HOOKS, HookRules::env),
          Rule.of(
              "hook-prestart-deprecated", Level.ADVICE, "config.md#prestart", HookRules::prestart),
          Rule.of("annotation-key-reserved", Level.MUST, ANNOTATIONS, HookRules::reserved),
          Rule.of("annotation-key-form", Level.ADVICE, ANNOTATIONS, HookRules::keyForm));

  private HookRules() {}

  private static void path(Document document, Findings findings) {
    if (document.isWindows()) {
      return;
    }
    for (Value kind : document.get("hooks").members()) {
      for (Value hook : kind.items()) {
        Value path = hook.get("path");
        if (path.isText() && !path.text().startsWith("/")) {
          findings.add(path, path.shown() + " is not an absolute path", null);
        }
      }
    }
  }

  private static void env(Document document, Findings findings) {
    for (Value kind : document.get("hooks").members()) {
      for (Value hook : kind.items()) {
        for (Value entry : hook.get("env").items()) {
          if (entry.isText() && entry.text().indexOf('=') < 1) {
            findings.add(entry, entry.shown() + " is not NAME=VALUE", null);
          }
        }
      }
    }
  }

  private static void prestart(Document document, Findings findings) {
    Value prestart = document.get("hooks", "prestart");
    if (!prestart.items().isEmpty()) {
      findings.addKey(
          prestart,
          "hooks.prestart is deprecated",
          "createRuntime, createContainer or startContainer");
    }
  }

  private static void reserved(Document document, Findings findings) {
    for (Value annotation : document.get("annotations").members()) {
      String key = annotation.key();
      if (key.startsWith(RESERVED) && !DEFINED.contains(key)) {
        findings.addKey(
            key.startsWith(IMAGE) ? Level.ADVICE : Level.MUST,
            annotation,
            annotation.path() + " is reserved for the specification",
            null);
      }
    }
  }

  private static void keyForm(Document document, Findings findings) {
    for (Value annotation : document.get("annotations").members()) {
      String key = annotation.key();
      if (!key.isEmpty() && key.indexOf('.') < 0) {
        findings.addKey(
            annotation,
            annotation.path() + " is not a reverse domain name",
            "com.example." + Value.cut(key));
      }
    }
  }
}
