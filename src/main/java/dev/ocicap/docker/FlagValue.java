package dev.ocicap.docker;

/// A flag as it was given once.
///
/// @param flag the row of the table
/// @param text its value; `true` for a boolean flag without one
/// @param spelling the flag as it was typed: `-m`, `--memory`
public record FlagValue(DockerFlag flag, String text, String spelling) {}
