package dev.ocicap.spec;

import java.util.List;

/// One resource limit of the process (config.md#posix-process, getrlimit(2)).
///
/// @param type the name of getrlimit(2): `RLIMIT_NOFILE`
/// @param soft the limit in force; all bits set means unlimited
/// @param hard the ceiling that the process may raise it to; all bits set means unlimited
public record Rlimit(String type, long soft, long hard) {
  /// The limits of getrlimit(2), by name.
  public static final List<String> TYPES =
      List.of(
          "RLIMIT_AS",
          "RLIMIT_CORE",
          "RLIMIT_CPU",
          "RLIMIT_DATA",
          "RLIMIT_FSIZE",
          "RLIMIT_LOCKS",
          "RLIMIT_MEMLOCK",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_NOFILE",
          "RLIMIT_NPROC",
          "RLIMIT_RSS",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME",
          "RLIMIT_SIGPENDING",
          "RLIMIT_STACK");
}
