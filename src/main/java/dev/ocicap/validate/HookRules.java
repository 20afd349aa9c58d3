package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/// Rules about `hooks` and `annotations` (config.md).
final class HookRules {
  private static final String HOOKS = "config.md#posix-platform-hooks";
  private static final String ANNOTATIONS = "config.md#annotations";
  private static final String RESERVED = "org.opencontainers.";
  private static final String IMAGE = RESERVED + "image.";

  /// The annotations of the specification, and the one more that the image specification makes of
  /// an image (conversion.md).
  private static final Set<String> DEFINED =
      Set.of(
          IMAGE + "os",
          IMAGE + "os.version",
          IMAGE + "os.features",
          IMAGE + "architecture",
          IMAGE + "variant",
          IMAGE + "author",
          IMAGE + "created",
          IMAGE + "stopSignal",
          IMAGE + "exposedPorts");

  static final List<Rule> ALL =
      List.of(
          Rule.of("hook-path-absolute", Level.MUST, HOOKS, HookRules::path),
          Rule.of("hook-env-form", Level.SHOULD, HOOKS, HookRules::env),
          Rule.of(
              "hook-prestart-deprecated", Level.ADVICE, "config.md#prestart", HookRules::prestart),
          Rule.of("annotation-key-reserved", Level.MUST, ANNOTATIONS, HookRules::reserved),
          Rule.of("annotation-key-form", Level.SHOULD, ANNOTATIONS, HookRules::keyForm),
          Rule.of("annotation-value-form", Level.MUST, ANNOTATIONS, HookRules::valueForm));

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
            key.startsWith(IMAGE) ? Level.SHOULD : Level.MUST,
            annotation,
            annotation.path() + " is reserved for the specification, which does not define it",
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

  /// What the image specification says of the values (config.md#properties there).
  private static void valueForm(Document document, Findings findings) {
    check(document, "created", HookRules::isDateTime, "a date and time (RFC 3339)", findings);
    check(document, "stopSignal", HookRules::isSignal, "a signal such as SIGTERM", findings);
    check(document, "os", HookRules::isWord, "a value of Go's GOOS, such as linux", findings);
    check(
        document,
        "architecture",
        HookRules::isWord,
        "a value of Go's GOARCH, such as amd64",
        findings);
  }

  private static void check(
      Document document, String key, Predicate<String> form, String expected, Findings findings) {
    Value value = document.get("annotations", IMAGE + key);
    if (!value.text().isEmpty() && !form.test(value.text())) {
      findings.add(value, value.shown() + " is not " + expected, null);
    }
  }

  private static boolean isDateTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return text.length() > 18 && text.charAt(16) == ':';
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /// `SIGTERM`, `SIGRTMIN+3`; engines also take the number.
  private static boolean isSignal(String text) {
    String name = text.startsWith("SIG") ? text.substring(3) : "";
    int plus = Math.max(name.indexOf('+'), name.indexOf('-'));
    return isDigits(text)
        || isUpper(name)
        || (plus > 0 && isUpper(name.substring(0, plus)) && isDigits(name.substring(plus + 1)));
  }

  private static boolean isDigits(String text) {
    return consistsOf(text, '0', '9');
  }

  private static boolean isUpper(String text) {
    return isWord(text.toLowerCase(Locale.ROOT)) && text.equals(text.toUpperCase(Locale.ROOT));
  }

  private static boolean consistsOf(String text, char first, char last) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < first || text.charAt(i) > last) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isWord(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
