package dev.ocicap.manual;

import java.util.ArrayList;
import java.util.List;

/// Reads the few forms of Markdown that pages are written in: `## ` headings, paragraphs, `- `
/// items, tables, and examples between three backticks, whose long lines are folded.
public final class Markdown {
  private static final String FENCE = "```";

  /// How wide an example may be, and how what is folded begins.
  private static final int EXAMPLE = 78;

  private static final String FOLD = "    ";

  private final List<Block> blocks = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private boolean item;

  private Markdown() {}

  /// The blocks of a text, in order.
  public static List<Block> read(String text) {
    Markdown reader = new Markdown();
    List<String> example = null;
    for (String line : text.lines().toList()) {
      if (line.startsWith(FENCE)) {
        reader.end();
        if (example != null) {
          reader.blocks.add(new Block.Example(example));
        }
        example = example == null ? new ArrayList<>() : null;
      } else if (example != null) {
        fold(line, example);
      } else {
        reader.line(line);
      }
    }
    reader.end();
    return reader.blocks;
  }

  private void line(String line) {
    if (line.isBlank()) {
      end();
    } else if (line.startsWith("## ")) {
      end();
      blocks.add(new Block.Heading(line.substring(3)));
    } else if (line.startsWith("|")) {
      row(line);
    } else if (line.startsWith("- ")) {
      end();
      item = true;
      text.append(line, 2, line.length());
    } else {
      text.append(text.isEmpty() ? "" : " ").append(line.strip());
    }
  }

  /// What a command printed may be wider than the page; a command may not, since a break could fall
  /// into quotes.
  private static void fold(String line, List<String> lines) {
    String rest = line;
    while (rest.length() > EXAMPLE && !rest.startsWith("$ ")) {
      int blank = rest.lastIndexOf(' ', EXAMPLE);
      if (blank <= FOLD.length()) {
        break;
      }
      lines.add(rest.substring(0, blank));
      rest = FOLD + rest.substring(blank + 1);
    }
    lines.add(rest);
  }

  private void row(String line) {
    if (line.startsWith("|---")) {
      return;
    }
    List<String> cells = new ArrayList<>();
    int start = 1;
    for (int end = line.indexOf('|', 1); end >= 0; end = line.indexOf('|', start)) {
      cells.add(line.substring(start, end).strip());
      start = end + 1;
    }
    rows.add(List.copyOf(cells));
  }

  /// What was begun is a block.
  private void end() {
    if (!text.isEmpty()) {
      blocks.add(item ? new Block.Item(text.toString()) : new Block.Paragraph(text.toString()));
    }
    if (!rows.isEmpty()) {
      blocks.add(new Block.Table(rows));
    }
    text.setLength(0);
    rows.clear();
    item = false;
  }
}
