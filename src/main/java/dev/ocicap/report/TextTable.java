package dev.ocicap.report;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in columns that stand below each other. Cells are escaped; the last column is not
/// padded.
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  /// Adds a row.
  public void row(String... cells) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      String cell = Escape.text(cells[i]);
      int width = cell.codePointCount(0, cell.length());
      if (i == widths.size()) {
        widths.add(width);
      } else if (widths.get(i) < width) {
        widths.set(i, width);
      }
      row.add(cell);
    }
    rows.add(row);
  }

  /// All rows, two blanks between the columns, each with a line's end.
  ///
  /// @param margin what stands before each row
  public String print(String margin) {
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      out.append(margin);
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        out.append(cell);
        if (i < row.size() - 1) {
          out.append(" ".repeat(widths.get(i) - cell.codePointCount(0, cell.length()) + 2));
        }
      }
      while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      out.append('\n');
    }
    return out.toString();
  }
}
