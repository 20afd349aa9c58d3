package dev.ocicap.report;

import java.util.Locale;

/// How much a finding weighs, the heaviest first.
public enum Level {
  /// A runtime refuses it, or the specification says MUST.
  MUST,
  /// The specification says SHOULD, or something will not do what it says.
  SHOULD,
  /// It works, and could be better.
  ADVICE;

  /// The word in options and reports: `must`, `should`, `advice`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
