package dev.ocicap.docker;

import org.jspecify.annotations.Nullable;

/// A text that is not in a notation; whoever knows the flag names it.
final class BadValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final @Nullable String hint;

  /// @param reason lower case, the text in '…', then what was expected
  BadValue(String reason) {
    this(reason, null);
  }

  /// @param reason lower case, the text in '…', then what was expected
  /// @param hint what to type instead, or null
  BadValue(String reason, @Nullable String hint) {
    super(reason, null, false, false);
    this.reason = reason;
    this.hint = hint;
  }

  String reason() {
    return reason;
  }

  @Nullable String hint() {
    return hint;
  }
}
