package dev.ocicap.export;

import java.util.List;

/// A unit file in the making (systemd.syntax(7)). Whatever text a configuration brings stays one
/// value: it begins no line, joins none to the next, and names no specifier. What a value cannot
/// hold is reported instead of written.
final class UnitFile {
  private final StringBuilder out = new StringBuilder();
  private final Source source;
  private final String dollar;

  private UnitFile(Source source, String dollar) {
    this.source = source;
    this.dollar = dollar;
  }

  /// A unit that systemd reads itself: a dollar sign means something in commands only.
  static UnitFile ofSystemd(Source source) {
    return new UnitFile(source, "$");
  }

  /// A unit of which Quadlet makes one command: a dollar sign begins a variable everywhere.
  static UnitFile ofQuadlet(Source source) {
    return new UnitFile(source, "$$");
  }

  /// Begins a section.
  void section(String name) {
    out.append(out.isEmpty() ? "[" : "\n[").append(name).append("]\n");
  }

  /// A value of our own making.
  void set(String key, String value) {
    out.append(key).append('=').append(value).append('\n');
  }

  void set(String key, long value) {
    set(key, Long.toString(value));
  }

  /// A value that takes the rest of its line as it stands, without quotes.
  ///
  /// @param property where the text comes from, for the report
  void text(String key, String property, String text) {
    if (UnitWords.fitsLine(text)) {
      set(key, text.replace("%", "%%").replace("$", dollar));
    } else {
      lose(key, property, text);
    }
  }

  /// One word.
  void word(String key, String property, String word) {
    if (UnitWords.isText(word)) {
      set(key, UnitWords.quoted(word).replace("$", dollar));
    } else {
      lose(key, property, word);
    }
  }

  /// Paths with a colon between them. Each is quoted by itself: a colon in quotes is none between
  /// paths. Escapes are not understood here, so a path has to do without control characters.
  void paths(String key, String property, String... paths) {
    StringBuilder value = new StringBuilder();
    for (String path : paths) {
      if (!UnitWords.fitsLine(path)) {
        lose(key, property, path);
        return;
      }
      value.append(value.isEmpty() ? "" : ":").append(UnitWords.quotedPath(path));
    }
    set(key, value.toString());
  }

  /// The words of a command.
  ///
  /// @param program whether the first one is the program's path, in which nothing is a variable
  void command(String key, String property, List<String> words, boolean program) {
    for (String word : words) {
      if (!UnitWords.isText(word)) {
        lose(key, property, word);
        return;
      }
    }
    set(key, UnitWords.command(words, program));
  }

  private void lose(String key, String property, String text) {
    source.lose(property, key + "= cannot say '" + text + "'");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
