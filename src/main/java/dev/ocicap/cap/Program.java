package dev.ocicap.cap;

import java.util.Optional;
import java.util.OptionalLong;

/// What execve looks at in a program file.
///
/// @param capabilities its file capabilities, if they count in the container's user namespace
/// @param setUid its owner, if the set-user-ID bit is set and counts
/// @param setGid its group, if the set-group-ID bit is set and counts
public record Program(
    Optional<FileCapabilities> capabilities, OptionalLong setUid, OptionalLong setGid) {

  /// A program with neither file capabilities nor set-id bits.
  public static final Program PLAIN =
      new Program(Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
}
