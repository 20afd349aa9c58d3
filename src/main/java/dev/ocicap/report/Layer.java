package dev.ocicap.report;

import java.util.Locale;

/// Which check spoke.
public enum Layer {
  /// The text is not JSON.
  SYNTAX,
  /// The specification's schema.
  SCHEMA,
  /// A rule beyond the schema.
  RULE,
  /// What a particular runtime accepts.
  RUNTIME,
  /// What this machine offers.
  HOST;

  /// The word in reports: `syntax`, `schema`, `rule`, `runtime`, `host`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
