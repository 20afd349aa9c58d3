package dev.ocicap.edit;

import dev.ocicap.json.JsonValues;

/// Edits of what surrounds the process: the root file system and the host name.
public final class ContainerEdits {
  private ContainerEdits() {}

  /// Replaces `hostname` (config.md#hostname).
  public static SpecEdit hostname(String hostname) {
    return draft -> draft.set(JsonValues.string(hostname), "hostname");
  }

  /// Replaces `root.readonly` (config.md#root).
  public static SpecEdit readonly(boolean readonly) {
    return draft -> draft.set(JsonValues.bool(readonly), "root", "readonly");
  }

  /// Replaces `root.path` (config.md#root).
  public static SpecEdit rootPath(String path) {
    return draft -> draft.set(JsonValues.string(path), "root", "path");
  }
}
