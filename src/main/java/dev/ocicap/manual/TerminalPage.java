package dev.ocicap.manual;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page as text of at most 80 columns, with or without colours.
public final class TerminalPage {
  private static final int WIDTH = 80;
  private static final String BOLD = "\u001b[1m";
  private static final String TYPED = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";

  private final StringBuilder text = new StringBuilder();
  private final boolean colours;

  /// Whether headings begin chapters, and not lists.
  private final boolean topic;

  private TerminalPage(boolean colours, boolean topic) {
    this.colours = colours;
    this.topic = topic;
  }

  /// The text of a page, with a line end.
  public static String render(Page page, boolean colours) {
    TerminalPage terminal = new TerminalPage(colours, page.usage().isEmpty());
    String summary =
        Character.toUpperCase(page.summary().charAt(0)) + page.summary().substring(1) + ".";
    if (page.usage().isEmpty()) {
      terminal.heading(summary);
    } else {
      terminal.flow(0, "Usage: ".length(), page.usage(), terminal.style("Usage:", BOLD) + " ", 7);
      terminal.text.append('\n');
      terminal.flow(0, 0, summary, "", 0);
    }
    @Nullable Block before = null;
    for (Block block : page.blocks()) {
      terminal.block(block, before);
      before = block;
    }
    return terminal.text.toString();
  }

  private void block(Block block, @Nullable Block before) {
    boolean joined =
        (before instanceof Block.Heading && !topic)
            || (block instanceof Block.Item && before instanceof Block.Item);
    if (!joined) {
      text.append('\n');
    }
    switch (block) {
      case Block.Heading(String words) -> heading(topic ? words : words + ":");
      case Block.Paragraph(String words) -> flow(0, 0, words, "", 0);
      case Block.Item(String words) -> flow(0, 4, words, "  - ", 4);
      case Block.Example(List<String> lines) -> example(lines);
      case Block.Table(List<List<String>> rows) -> table(rows);
      case Block.Entries(int column, List<Block.Entry> entries) -> {
        for (Block.Entry entry : entries) {
          entry(column, entry);
        }
      }
    }
  }

  private void heading(String words) {
    text.append(style(words, BOLD)).append('\n');
  }

  private void example(List<String> lines) {
    for (String line : lines) {
      text.append(line.isEmpty() ? "" : "  ");
      text.append(line.startsWith("$ ") ? "$ " + style(line.substring(2), TYPED) : line);
      text.append('\n');
    }
  }

  private void entry(int column, Block.Entry entry) {
    String indent = entry.names().getFirst().startsWith("--") ? "      " : "  ";
    StringBuilder names = new StringBuilder(indent);
    int length = indent.length() + entry.value().length() - 2;
    for (String name : entry.names()) {
      names.append(names.length() == indent.length() ? "" : ", ").append(style(name, TYPED));
      length += name.length() + 2;
    }
    names.append(entry.value());
    if (length > column - 2) {
      text.append(names).append('\n');
      flow(column, column, entry.text().replace('`', '\''), "", 0);
    } else {
      names.append(" ".repeat(column - length));
      flow(0, column, entry.text().replace('`', '\''), names.toString(), column);
    }
  }

  /// All columns but the last are as wide as their widest cell.
  private void table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], visible(row.get(i)));
      }
    }
    boolean head = true;
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      int length = 2;
      for (int i = 0; i < columns - 1; i++) {
        line.append(head ? style(unquoted(row.get(i)), BOLD) : inline(row.get(i)));
        line.append(" ".repeat(widths[i] - visible(row.get(i)) + 2));
        length += widths[i] + 2;
      }
      String last = row.getLast();
      if (head) {
        text.append(line).append(style(unquoted(last), BOLD)).append('\n');
      } else {
        flow(0, length, last, line.toString(), length);
      }
      head = false;
    }
  }

  /// Words in lines.
  ///
  /// @param first blanks before the first line
  /// @param others blanks before the others
  /// @param begun what the first line begins with
  /// @param begunLength how many columns that takes
  private void flow(int first, int others, String words, String begun, int begunLength) {
    StringBuilder line = new StringBuilder(" ".repeat(first)).append(begun);
    int length = first + begunLength;
    boolean empty = true;
    boolean typed = false;
    for (String word : words.split(" ", -1)) {
      int visible = visible(word);
      if (!empty && length + 1 + visible > WIDTH) {
        text.append(line).append('\n');
        line.setLength(0);
        line.append(" ".repeat(others));
        length = others;
        empty = true;
      }
      line.append(empty ? "" : " ");
      length += visible + (empty ? 0 : 1);
      typed = word(word, typed, line);
      empty = false;
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /// Adds a word; a backtick in it begins or ends what is typed.
  private boolean word(String word, boolean typedBefore, StringBuilder line) {
    boolean typed = typedBefore;
    int start = 0;
    for (int tick = word.indexOf('`'); tick >= 0; tick = word.indexOf('`', start)) {
      line.append(typed ? style(word.substring(start, tick), TYPED) : word.substring(start, tick));
      typed = !typed;
      start = tick + 1;
    }
    line.append(typed ? style(word.substring(start), TYPED) : word.substring(start));
    return typed;
  }

  private String inline(String words) {
    StringBuilder line = new StringBuilder();
    word(words, false, line);
    return line.toString();
  }

  private static String unquoted(String words) {
    return words.replace("`", "");
  }

  private static int visible(String words) {
    return unquoted(words).length();
  }

  private String style(String words, String style) {
    return colours && !words.isEmpty() ? style + words + PLAIN : words;
  }
}
