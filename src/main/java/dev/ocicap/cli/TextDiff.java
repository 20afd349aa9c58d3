package dev.ocicap.cli;

import dev.ocicap.report.Escape;
import java.util.ArrayList;
import java.util.List;

/// What differs between two texts, line by line, in the unified format of diff(1).
final class TextDiff {
  private static final int CONTEXT = 3;

  /// Texts whose differing parts make a larger table are shown as one change there.
  private static final long MAX_TABLE = 4_000_000;

  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String CYAN = "\u001b[36m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colours;
  private final StringBuilder out = new StringBuilder();
  private final List<String> lines = new ArrayList<>();

  private TextDiff(boolean colours) {
    this.colours = colours;
  }

  /// The difference; "" when there is none. Control characters are escaped.
  ///
  /// @param file the name of both
  static String print(String file, String before, String after, boolean colours) {
    if (before.equals(after)) {
      return "";
    }
    TextDiff diff = new TextDiff(colours);
    diff.compare(split(before), split(after));
    diff.line(BOLD, "--- " + file);
    diff.line(BOLD, "+++ " + file);
    diff.hunks();
    return diff.out.toString();
  }

  private static List<String> split(String text) {
    List<String> lines = Text.split(text, '\n');
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    } else {
      lines.add("\\ No newline at end of file");
    }
    return lines;
  }

  /// Fills [#lines] with the lines of both, each behind ` `, `-` or `+`.
  private void compare(List<String> a, List<String> b) {
    int head = 0;
    int most = Math.min(a.size(), b.size());
    while (head < most && a.get(head).equals(b.get(head))) {
      lines.add(" " + a.get(head++));
    }
    int tail = 0;
    while (tail < most - head && a.get(a.size() - 1 - tail).equals(b.get(b.size() - 1 - tail))) {
      tail++;
    }
    middle(a.subList(head, a.size() - tail), b.subList(head, b.size() - tail));
    for (String line : a.subList(a.size() - tail, a.size())) {
      lines.add(" " + line);
    }
  }

  private void middle(List<String> a, List<String> b) {
    boolean small = (a.size() + 1L) * (b.size() + 1L) <= MAX_TABLE;
    int[][] longest = new int[small ? a.size() + 1 : 1][small ? b.size() + 1 : 1];
    for (int i = small ? a.size() - 1 : -1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        longest[i][j] =
            a.get(i).equals(b.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      boolean both = i < a.size() && j < b.size();
      if (small && both && a.get(i).equals(b.get(j))) {
        lines.add(" " + a.get(i++));
        j++;
      } else if (i < a.size()
          && (!small || j == b.size() || longest[i + 1][j] >= longest[i][j + 1])) {
        lines.add("-" + a.get(i++));
      } else {
        lines.add("+" + b.get(j++));
      }
    }
  }

  private void hunks() {
    int old = 1;
    int fresh = 1;
    int at = 0;
    while (at < lines.size()) {
      int change = at;
      while (change < lines.size() && lines.get(change).charAt(0) == ' ') {
        change++;
      }
      if (change == lines.size()) {
        return;
      }
      int start = Math.max(at, change - CONTEXT);
      old += start - at;
      fresh += start - at;
      int end = end(change);
      int olds = 0;
      int news = 0;
      for (String line : lines.subList(start, end)) {
        olds += line.charAt(0) == '+' ? 0 : 1;
        news += line.charAt(0) == '-' ? 0 : 1;
      }
      line(CYAN, "@@ -" + range(old, olds) + " +" + range(fresh, news) + " @@");
      for (String line : lines.subList(start, end)) {
        String colour =
            switch (line.charAt(0)) {
              case '-' -> RED;
              case '+' -> GREEN;
              default -> "";
            };
        line(colour, line);
      }
      old += olds;
      fresh += news;
      at = end;
    }
  }

  private static String range(int start, int count) {
    return (count == 0 ? start - 1 : start) + (count == 1 ? "" : "," + count);
  }

  /// Where a hunk that has a change at an index ends: behind the context of the last change that is
  /// near enough to the one before.
  private int end(int change) {
    int last = change;
    for (int i = change; i < lines.size() && i <= last + 2 * CONTEXT; i++) {
      if (lines.get(i).charAt(0) != ' ') {
        last = i;
      }
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private void line(String colour, String text) {
    boolean coloured = colours && !colour.isEmpty();
    String shown = text.indexOf('\t') < 0 ? Escape.text(text) : tabbed(text);
    out.append(coloured ? colour : "").append(shown).append(coloured ? PLAIN : "").append('\n');
  }

  /// Tabs indent, and stay.
  private static String tabbed(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : Text.split(text, '\t')) {
      parts.add(Escape.text(part));
    }
    return String.join("\t", parts);
  }
}
