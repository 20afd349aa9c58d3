package dev.ocicap.validate;

import dev.ocicap.report.Place;

/// The part of a line around a place, short enough for a terminal.
///
/// @param before the text up to the place
/// @param after the text from the place on
public record Excerpt(String before, String after) {
  static final Excerpt NONE = new Excerpt("", "");

  private static final int BEFORE = 40;
  private static final int AFTER = 60;

  /// The excerpt around an offset.
  ///
  /// @param lineStart where the line begins
  static Excerpt of(String text, int lineStart, int offset) {
    int newline = text.indexOf('\n', offset);
    int lineEnd = newline < 0 ? text.length() : newline;
    int start = Math.max(lineStart, offset - BEFORE);
    int end = Math.min(lineEnd, offset + AFTER);
    if (start > lineStart && Character.isLowSurrogate(text.charAt(start))) {
      start++;
    }
    if (end < lineEnd && Character.isLowSurrogate(text.charAt(end))) {
      end--;
    }
    return new Excerpt(
        (start > lineStart ? "…" : "") + text.substring(start, offset),
        text.substring(offset, end).stripTrailing() + (end < lineEnd ? "…" : ""));
  }

  /// The excerpt around a place that is only known by line and column.
  static Excerpt find(String text, Place place) {
    int start = 0;
    for (int line = 1; line < place.line(); line++) {
      int newline = text.indexOf('\n', start);
      if (newline < 0) {
        return NONE;
      }
      start = newline + 1;
    }
    int newline = text.indexOf('\n', start);
    int end = newline < 0 ? text.length() : newline;
    int column = Math.max(0, place.column() - 1);
    return text.codePointCount(start, end) < column
        ? NONE
        : of(text, start, text.offsetByCodePoints(start, column));
  }
}
