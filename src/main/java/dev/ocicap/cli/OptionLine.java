package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;

/// A line of options, split into words: at blanks, unless they are quoted by `'…'`, `"…"` or a
/// backslash, which mean what they mean to sh(1). Nothing else is special; no variable is expanded.
final class OptionLine {
  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private int at;

  private OptionLine(String line) {
    this.line = line;
  }

  /// The words.
  ///
  /// @throws OcicapException when a quote is not closed
  static List<String> words(String line) {
    return new OptionLine(line).split();
  }

  private List<String> split() {
    while (at < line.length()) {
      char c = line.charAt(at++);
      switch (c) {
        case ' ', '\t', '\r' -> end();
        case '\'' -> quoted(c, false);
        case '"' -> quoted(c, true);
        case '\\' -> add(escaped());
        default -> add(c);
      }
    }
    end();
    return words;
  }

  private void quoted(char quote, boolean escapes) {
    begun = true;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return;
      }
      boolean escape =
          escapes && c == '\\' && at < line.length() && "\"\\$`".indexOf(line.charAt(at)) >= 0;
      add(escape ? line.charAt(at++) : c);
    }
    throw OcicapException.usage("the quote " + quote + " is not closed", null);
  }

  private char escaped() {
    if (at == line.length()) {
      throw OcicapException.usage("a backslash at the end of the line", null);
    }
    return line.charAt(at++);
  }

  private void add(char c) {
    begun = true;
    word.append(c);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
    }
    word.setLength(0);
    begun = false;
  }
}
