package dev.ocicap.json;

import dev.ocicap.report.Place;

/// Offsets as lines and columns. An instance answers many offsets of one text; asked in rising
/// order, it reads the text once.
public final class Lines {
  private final String file;
  private final String text;
  private int at;
  private int line;
  private int start;
  private int end;
  private int column;

  /// The lines of a text.
  ///
  /// @param file how places name it
  public Lines(String file, String text) {
    this.file = file;
    this.text = text;
    rewind();
  }

  /// The place of a character; columns count characters (code points), a tab as one.
  public Place place(int offset) {
    if (offset < at) {
      rewind();
    }
    while (end < offset) {
      begin(line + 1, end + 1);
    }
    column += text.codePointCount(at, offset);
    at = offset;
    return new Place(file, line, column);
  }

  private void rewind() {
    begin(1, 0);
  }

  private void begin(int number, int offset) {
    int newline = text.indexOf('\n', offset);
    line = number;
    start = offset;
    at = offset;
    column = 1;
    end = newline < 0 ? text.length() : newline;
  }

  /// Where the line of the last place begins.
  public int lineStart() {
    return start;
  }

  /// The place of one character.
  static Place place(String file, String text, int offset) {
    return new Lines(file, text).place(offset);
  }
}
