package dev.ocicap.report;

/// Where in a text something stands: `config.json:41:7`.
///
/// @param file the file as the user named it; `-` is standard input
/// @param line 1-based line; 0 when the place is the whole file
/// @param column 1-based column in characters; 0 when the place is the whole file
public record Place(String file, int line, int column) {

  /// The place that is a whole file.
  public static Place file(String file) {
    return new Place(file, 0, 0);
  }

  /// `file:line:column`, or only the file.
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
