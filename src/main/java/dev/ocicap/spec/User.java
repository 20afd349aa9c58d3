package dev.ocicap.spec;

import java.util.List;

/// The user that the process runs as (config.md#posix-platform-user), by numbers inside the
/// container.
///
/// @param uid 0 … 4294967294
/// @param gid 0 … 4294967294
/// @param additionalGids supplementary groups, in order
public record User(long uid, long gid, List<Long> additionalGids) {
  /// The last id. The one after it is nobody's: -1, which setresuid(2) takes for "as it is".
  public static final long MAX_ID = 0xfffffffeL;

  /// Root with no supplementary group.
  public static final User ROOT = new User(0, 0, List.of());

  /// Copies the groups.
  public User {
    additionalGids = List.copyOf(additionalGids);
  }

  /// Whether this is uid 0.
  public boolean isRoot() {
    return uid == 0;
  }
}
