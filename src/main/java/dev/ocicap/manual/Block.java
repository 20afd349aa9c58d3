package dev.ocicap.manual;

import java.util.List;

/// A part of a page. Texts of paragraphs, items and tables may hold words between backticks, which
/// are to be typed as they are; all others are literal.
public sealed interface Block {
  /// What begins a part of the page.
  record Heading(String text) implements Block {}

  /// Text that flows.
  record Paragraph(String text) implements Block {}

  /// One of a list.
  record Item(String text) implements Block {}

  /// Lines as they are; a command after `$ `, its output below.
  record Example(List<String> lines) implements Block {
    /// Copies the lines.
    public Example {
      lines = List.copyOf(lines);
    }
  }

  /// Rows of cells, all of the same number; the first row is the head.
  record Table(List<List<String>> rows) implements Block {
    /// Copies the rows.
    public Table {
      rows = List.copyOf(rows);
    }
  }

  /// Names and what they mean, side by side.
  ///
  /// @param column where the meanings begin on a terminal
  record Entries(int column, List<Entry> entries) implements Block {
    /// Copies the entries.
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /// A name and what it means.
  ///
  /// @param names what is typed
  /// @param value what follows it, such as ` FILE`, or ""
  /// @param text what it means
  record Entry(List<String> names, String value, String text) {
    /// Copies the names.
    public Entry {
      names = List.copyOf(names);
    }
  }
}
