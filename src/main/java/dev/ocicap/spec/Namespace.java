package dev.ocicap.spec;

import org.jspecify.annotations.Nullable;

/// One namespace of the container (config-linux.md#namespaces).
///
/// @param type `pid`, `network`, `mount`, `ipc`, `uts`, `user`, `cgroup` or `time`
/// @param path the namespace to join, or null for a new one
public record Namespace(String type, @Nullable String path) {

  /// A new namespace.
  public static Namespace fresh(String type) {
    return new Namespace(type, null);
  }
}
