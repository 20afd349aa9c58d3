package dev.ocicap.cli;

import java.util.Locale;

/// The forms that commands which explain something write.
enum Format {
  /// For people at a terminal.
  TEXT,
  /// For programs.
  JSON,
  /// For documents.
  MARKDOWN,
  /// One page for a browser.
  HTML;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
