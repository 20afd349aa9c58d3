package dev.ocicap.edit;

import dev.ocicap.json.JsonValues;
import java.util.List;

/// Edits of what confines the process besides capabilities and namespaces.
public final class SecurityEdits {
  private SecurityEdits() {}

  /// Replaces `process.apparmorProfile` (config.md#linux-process).
  public static SpecEdit apparmorProfile(String profile) {
    return draft -> draft.set(JsonValues.string(profile), "process", "apparmorProfile");
  }

  /// Replaces `process.selinuxLabel` (config.md#linux-process).
  public static SpecEdit selinuxLabel(String label) {
    return draft -> draft.set(JsonValues.string(label), "process", "selinuxLabel");
  }

  /// Replaces `linux.mountLabel` (config-linux.md#mount-label).
  public static SpecEdit mountLabel(String label) {
    return draft -> draft.set(JsonValues.string(label), "linux", "mountLabel");
  }

  /// Replaces `linux.maskedPaths` (config-linux.md#masked-paths); nothing is written when there are
  /// none.
  public static SpecEdit maskedPaths(List<String> paths) {
    return paths("maskedPaths", paths);
  }

  /// Replaces `linux.readonlyPaths` (config-linux.md#readonly-paths); nothing is written when there
  /// are none.
  public static SpecEdit readonlyPaths(List<String> paths) {
    return paths("readonlyPaths", paths);
  }

  private static SpecEdit paths(String key, List<String> paths) {
    if (paths.isEmpty()) {
      return draft -> draft.remove("linux", key);
    }
    List<String> copy = List.copyOf(paths);
    return draft -> draft.set(JsonValues.strings(copy), "linux", key);
  }
}
