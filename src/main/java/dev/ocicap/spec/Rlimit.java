package dev.ocicap.spec;

/// One resource limit of the process (config.md#posix-process, getrlimit(2)).
///
/// @param type the name of getrlimit(2): `RLIMIT_NOFILE`
/// @param soft the limit in force; all bits set means unlimited
/// @param hard the ceiling that the process may raise it to; all bits set means unlimited
public record Rlimit(String type, long soft, long hard) {}
