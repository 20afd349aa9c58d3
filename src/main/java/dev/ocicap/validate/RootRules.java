package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.List;
import java.util.Locale;

/// Rules about `root` (config.md#root).
final class RootRules {
  private static final String SPEC = "config.md#root";

  static List<Rule> all() {
    return List.of(
        Rule.of("root-required", Level.MUST, SPEC, RootRules::required),
        Rule.of("root-path-convention", Level.SHOULD, SPEC, RootRules::convention),
        Rule.of("root-hyperv-absent", Level.MUST, SPEC, RootRules::hyperv),
        Rule.of("root-windows-volume", Level.MUST, SPEC, RootRules::volume),
        Rule.of("root-windows-writable", Level.MUST, SPEC, RootRules::writable));
  }

  private RootRules() {}

  private static boolean isHyperv(Document document) {
    return document.get("windows", "hyperv").exists();
  }

  static void required(Document document, Findings findings) {
    if (!document.get("root").exists()
        && !isHyperv(document)
        && !document.get("vm", "image").exists()) {
      findings.add(document.root(), "root is missing", "\"root\": {\"path\": \"rootfs\"}");
    }
  }

  /// An absolute path leads out of the bundle on purpose, as those of container engines do; the
  /// specification allows it in the sentence before.
  private static void convention(Document document, Findings findings) {
    Value path = document.get("root", "path");
    if (!document.isWindows() && path.isText() && !path.is("rootfs")) {
      findings.add(
          path.text().startsWith("/") ? Level.ADVICE : Level.SHOULD,
          path,
          path.shown() + " is not the conventional 'rootfs'",
          null);
    }
  }

  private static void hyperv(Document document, Findings findings) {
    if (isHyperv(document) && document.get("root").exists()) {
      findings.addKey(
          document.get("root"), "root must be absent with windows.hyperv", "remove root");
    }
  }

  private static void volume(Document document, Findings findings) {
    Value path = document.get("root", "path");
    if (document.isWindows() && !isHyperv(document) && path.isText() && !isVolume(path.text())) {
      findings.add(
          path,
          path.shown() + " is not a volume GUID path",
          "\\\\?\\Volume{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}\\");
    }
  }

  /// Whether this is `\\?\Volume{GUID}` with or without a final backslash.
  private static boolean isVolume(String path) {
    String prefix = "\\\\?\\volume{";
    String lower = path.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith("\\") ? lower.substring(0, lower.length() - 1) : lower;
    if (!bare.startsWith(prefix) || !bare.endsWith("}") || bare.length() != prefix.length() + 37) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = bare.charAt(prefix.length() + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static void writable(Document document, Findings findings) {
    Value readonly = document.get("root", "readonly");
    if (document.isWindows() && readonly.isTrue()) {
      findings.add(readonly, "root.readonly must be false or absent on Windows", "false");
    }
  }
}
