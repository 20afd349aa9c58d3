package dev.ocicap.spec;

import java.util.List;

/// One mount (config.md#mounts).
///
/// @param destination the path in the container
/// @param type the file system's type; `bind` for a bind mount
/// @param source a device, a path on the host, or a word for a file system without one
/// @param options options of mount(8), in the order in which they are applied
public record Mount(String destination, String type, String source, List<String> options) {
  /// Copies the options.
  public Mount {
    options = List.copyOf(options);
  }

  /// Whether it shows a file or directory of the host.
  public boolean isBind() {
    return type.equals("bind") || options.contains("bind") || options.contains("rbind");
  }

  /// Whether nothing can be written through it: the last of `ro`, `rro`, `rw` and `rrw` decides.
  public boolean isReadOnly() {
    boolean readOnly = false;
    for (String option : options) {
      switch (option) {
        case "ro", "rro" -> readOnly = true;
        case "rw", "rrw" -> readOnly = false;
        default -> {}
      }
    }
    return readOnly;
  }

  /// The same with other options.
  public Mount withOptions(List<String> other) {
    return new Mount(destination, type, source, other);
  }
}
