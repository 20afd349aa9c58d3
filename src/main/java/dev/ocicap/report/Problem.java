package dev.ocicap.report;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong: where, what, and what to type instead.
///
/// @param place the text at fault, or null when it is the command line or nothing in particular
/// @param message lower case, the user's text in '…', the option or path first
/// @param hint at most one remedy that can be typed, or null
public record Problem(@Nullable Place place, String message, @Nullable String hint) {

  /// A problem with no place and no hint.
  public static Problem of(String message) {
    return new Problem(null, message, null);
  }

  /// A problem with no place.
  public static Problem of(String message, @Nullable String hint) {
    return new Problem(null, message, hint);
  }
}
