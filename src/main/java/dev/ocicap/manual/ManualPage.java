package dev.ocicap.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A page in the language of `man`, as man(7) describes it.
public final class ManualPage {
  private static final int WIDTH = 72;

  private final StringBuilder text = new StringBuilder();

  /// Whether a macro that begins a paragraph would follow a heading, which is one already.
  private boolean begun;

  private ManualPage() {}

  /// The source of a page.
  ///
  /// @param version of ocicap
  /// @param date of that version, `2026-11-23`
  /// @param related names of other pages, with their sections: `ocicap(1)`
  public static String render(Page page, String version, String date, List<String> related) {
    ManualPage manual = new ManualPage();
    manual.text.append(hasTable(page) ? "'\\\" t\n" : "");
    manual.text.append(
        String.join(
            " ",
            ".TH",
            argument(page.name().toUpperCase(Locale.ROOT)),
            Integer.toString(page.section()),
            "\"" + date + "\"",
            argument("ocicap " + version),
            argument("ocicap")));
    manual.text.append('\n');
    manual.heading("Name");
    manual.flow(page.name() + " - " + page.summary());
    if (!page.usage().isEmpty()) {
      manual.heading("Synopsis");
      manual.text.append("\\fB").append(escape(page.usage())).append("\\fR\n");
    }
    manual.heading("Description");
    if (!page.usage().isEmpty()) {
      manual.flow(
          Character.toUpperCase(page.summary().charAt(0)) + page.summary().substring(1) + ".");
    }
    for (Block block : page.blocks()) {
      manual.block(block);
    }
    manual.heading("See also");
    manual.references(related);
    return manual.text.toString();
  }

  private static boolean hasTable(Page page) {
    for (Block block : page.blocks()) {
      if (block instanceof Block.Table) {
        return true;
      }
    }
    return false;
  }

  private void block(Block block) {
    switch (block) {
      case Block.Heading(String words) -> heading(words);
      case Block.Paragraph(String words) -> {
        paragraph();
        flow(words);
      }
      case Block.Item(String words) -> {
        text.append(".IP \\(bu 3\n");
        flow(words);
      }
      case Block.Example(List<String> lines) -> {
        paragraph();
        text.append(".RS 4\n.EX\n");
        for (String line : lines) {
          text.append(protect(escape(line))).append('\n');
        }
        text.append(".EE\n.RE\n");
      }
      case Block.Table(List<List<String>> rows) -> table(rows);
      case Block.Entries(int _, List<Block.Entry> entries) -> {
        for (Block.Entry entry : entries) {
          text.append(".TP\n");
          List<String> names = new ArrayList<>();
          for (String name : entry.names()) {
            names.add("\\fB" + escape(name) + "\\fR");
          }
          text.append(String.join(", ", names));
          text.append(entry.value().isEmpty() ? "" : "\\fI" + escape(entry.value()) + "\\fR");
          text.append('\n');
          flow(entry.text().replace('`', '\''));
        }
      }
    }
    begun = block instanceof Block.Heading;
  }

  private void heading(String words) {
    text.append(".SH ").append(argument(words.toUpperCase(Locale.ROOT))).append('\n');
    begun = true;
  }

  private void paragraph() {
    text.append(begun ? "" : ".PP\n");
  }

  private void table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    paragraph();
    text.append(".TS\ntab(|);\n").append("lb ".repeat(columns).strip()).append('\n');
    text.append("l ".repeat(columns - 1)).append("lx.\n");
    for (List<String> row : rows) {
      text.append(String.join("|", inlined(row.subList(0, columns - 1))));
      text.append("|T{\n");
      flow(row.getLast());
      text.append("T}\n");
    }
    text.append(".TE\n");
  }

  private static List<String> inlined(List<String> cells) {
    List<String> inlined = new ArrayList<>();
    for (String cell : cells) {
      inlined.add(inline(cell));
    }
    return inlined;
  }

  private void references(List<String> related) {
    for (int i = 0; i < related.size(); i++) {
      String page = related.get(i);
      int bracket = page.indexOf('(');
      text.append(".BR ").append(escape(page.substring(0, bracket))).append(' ');
      text.append(page.substring(bracket)).append(i + 1 < related.size() ? " ,\n" : "\n");
    }
  }

  /// Words in lines, none of which is taken for a request.
  private void flow(String words) {
    StringBuilder line = new StringBuilder();
    for (String word : inline(words).split(" ", -1)) {
      if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
        text.append(protect(line.toString())).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    text.append(protect(line.toString())).append('\n');
    begun = false;
  }

  private static String inline(String words) {
    StringBuilder line = new StringBuilder();
    boolean typed = false;
    int start = 0;
    for (int tick = words.indexOf('`'); tick >= 0; tick = words.indexOf('`', start)) {
      line.append(escape(words.substring(start, tick))).append(typed ? "\\fR" : "\\fB");
      typed = !typed;
      start = tick + 1;
    }
    return line.append(escape(words.substring(start))).toString();
  }

  private static String protect(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  private static String argument(String words) {
    return "\"" + escape(words) + "\"";
  }

  private static String escape(String words) {
    StringBuilder escaped = new StringBuilder();
    words
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '\\' -> escaped.append("\\e");
            case '-' -> escaped.append("\\-");
            case '\'' -> escaped.append("\\(aq");
            case '`' -> escaped.append("\\(ga");
            case '^' -> escaped.append("\\(ha");
            case '~' -> escaped.append("\\(ti");
            case '"' -> escaped.append("\\(dq");
            case '…' -> escaped.append("...");
            default -> {
              if (c < 0x80) {
                escaped.append((char) c);
              } else {
                escaped.append(String.format(Locale.ROOT, "\\[u%04X]", c));
              }
            }
          }
        });
    return escaped.toString();
  }
}
