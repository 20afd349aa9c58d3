package dev.ocicap.json;

import dev.ocicap.report.Place;

/// Offsets as lines and columns.
final class Lines {
  private Lines() {}

  /// The place of a character; columns count characters (code points), a tab as one.
  static Place place(String file, String text, int offset) {
    int line = 1;
    int start = 0;
    for (int newline = text.indexOf('\n');
        newline >= 0 && newline < offset;
        newline = text.indexOf('\n', newline + 1)) {
      line++;
      start = newline + 1;
    }
    return new Place(file, line, text.codePointCount(start, offset) + 1);
  }
}
