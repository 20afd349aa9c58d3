package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a changed tree over the text of the old one. What both trees share keeps its characters;
/// what is new is written in the style of its neighbours.
final class JsonRewriter {
  /// Arrays whose differing parts make a larger table are written anew there, not aligned.
  private static final int MAX_ALIGNMENT = 4_000_000;

  private final String text;
  private final Located document;
  private final JsonPrinter style;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  JsonRewriter(String text, Located document) {
    this.text = text;
    this.document = document;
    this.style = style(text, document);
  }

  String rewrite(JsonNode old, JsonNode changed) {
    value(old, document, changed);
    return out.append(text, copied, text.length()).toString();
  }

  private void value(JsonNode old, Located at, JsonNode changed) {
    if (old.equals(changed)) {
      return;
    }
    if (old.isObject() && changed.isObject()) {
      items(at, members(old, at, changed));
    } else if (old.isArray() && changed.isArray()) {
      items(at, elements(old, at, changed));
    } else {
      replace(at.start(), at.end(), style.print(changed, margin(at.start())));
    }
  }

  /// What becomes of one item: kept (perhaps changed within), removed, or inserted.
  ///
  /// @param at where the old item stands; null when it is inserted
  /// @param key the key of an inserted member, or null for an element
  /// @param old the old value; null when it is inserted
  /// @param changed the new value; null when it is removed
  private record Step(
      Located.@Nullable Item at,
      @Nullable String key,
      @Nullable JsonNode old,
      @Nullable JsonNode changed) {}

  private static List<Step> members(JsonNode old, Located at, JsonNode changed) {
    List<Step> steps = new ArrayList<>();
    for (Located.Item item : at.items()) {
      steps.add(new Step(item, item.key(), old.get(item.key()), changed.get(item.key())));
    }
    for (Map.Entry<String, JsonNode> member : changed.properties()) {
      if (!old.has(member.getKey())) {
        steps.add(new Step(null, member.getKey(), null, member.getValue()));
      }
    }
    return steps;
  }

  private static List<Step> elements(JsonNode old, Located at, JsonNode changed) {
    int head = 0;
    int most = Math.min(old.size(), changed.size());
    while (head < most && old.get(head).equals(changed.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && old.get(old.size() - 1 - tail).equals(changed.get(changed.size() - 1 - tail))) {
      tail++;
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < head; i++) {
      steps.add(new Step(at.items().get(i), null, old.get(i), changed.get(i)));
    }
    align(old, at, changed, head, tail, steps);
    for (int i = tail; i > 0; i--) {
      int index = old.size() - i;
      steps.add(new Step(at.items().get(index), null, old.get(index), old.get(index)));
    }
    return steps;
  }

  /// Aligns the differing middles of two arrays: a longest common subsequence stays, and between
  /// its members containers are changed in place as long as both sides have one.
  private static void align(
      JsonNode old, Located at, JsonNode changed, int head, int tail, List<Step> steps) {
    int oldEnd = old.size() - tail;
    int newEnd = changed.size() - tail;
    int rows = oldEnd - head;
    int columns = newEnd - head;
    boolean small = (long) (rows + 1) * (columns + 1) <= MAX_ALIGNMENT;
    int[][] longest = new int[small ? rows + 1 : 1][small ? columns + 1 : 1];
    if (small) {
      for (int i = rows - 1; i >= 0; i--) {
        for (int j = columns - 1; j >= 0; j--) {
          longest[i][j] =
              old.get(head + i).equals(changed.get(head + j))
                  ? longest[i + 1][j + 1] + 1
                  : Math.max(longest[i + 1][j], longest[i][j + 1]);
        }
      }
    }
    int i = head;
    int j = head;
    while (i < oldEnd || j < newEnd) {
      int gapOld = i;
      int gapNew = j;
      while (i < oldEnd && j < newEnd && !(small && old.get(i).equals(changed.get(j)))) {
        if (small && longest[i - head][j - head + 1] > longest[i - head + 1][j - head]) {
          j++;
        } else {
          i++;
        }
      }
      boolean matched = i < oldEnd && j < newEnd;
      if (!matched) {
        i = oldEnd;
        j = newEnd;
      }
      gap(old, at, changed, gapOld, i, gapNew, j, steps);
      if (matched) {
        steps.add(new Step(at.items().get(i), null, old.get(i), changed.get(j)));
        i++;
        j++;
      }
    }
  }

  private static void gap(
      JsonNode old,
      Located at,
      JsonNode changed,
      int oldStart,
      int oldEnd,
      int newStart,
      int newEnd,
      List<Step> steps) {
    int j = newStart;
    for (int i = oldStart; i < oldEnd; i++) {
      JsonNode before = old.get(i);
      boolean pair =
          j < newEnd
              && before.isContainerNode()
              && before.getNodeType() == changed.get(j).getNodeType();
      steps.add(new Step(at.items().get(i), null, before, pair ? changed.get(j++) : null));
    }
    for (; j < newEnd; j++) {
      steps.add(new Step(null, null, null, changed.get(j)));
    }
  }

  /// Writes the items of one container; the steps stand in their final order. Items that stay are
  /// the posts; what lies between two posts is written anew when something between them came or
  /// went.
  private void items(Located at, List<Step> steps) {
    Layout layout = layout(at);
    int open = at.start() + 1;
    Located.Item before = null;
    List<Step> inserted = new ArrayList<>();
    boolean removed = false;
    for (Step step : steps) {
      Located.Item item = step.at();
      JsonNode changed = step.changed();
      JsonNode old = step.old();
      if (item == null) {
        inserted.add(step);
      } else if (changed == null || old == null) {
        removed = true;
      } else {
        if (removed || !inserted.isEmpty()) {
          int from = before == null ? open : before.end();
          replace(from, item.start(), between(before == null, inserted, layout, item));
        }
        value(old, item.value(), changed);
        before = item;
        removed = false;
        inserted.clear();
      }
    }
    if (before == null) {
      String inner = join(inserted, layout);
      replace(open, at.end() - 1, inner.isEmpty() ? "" : layout.first() + inner + layout.last());
    } else if (removed || !inserted.isEmpty()) {
      int to = removed ? at.items().getLast().end() : before.end();
      String inner = join(inserted, layout);
      replace(before.end(), to, inner.isEmpty() ? "" : "," + layout.separator() + inner);
    }
  }

  /// The text between the post before, or the opening bracket, and the next post.
  private String between(boolean first, List<Step> inserted, Layout layout, Located.Item next) {
    String inner = join(inserted, layout);
    if (first) {
      return layout.first() + (inner.isEmpty() ? "" : inner + "," + layout.separator());
    }
    String lead = text.substring(blanksBefore(next.start()), next.start());
    return (inner.isEmpty() ? "" : "," + layout.separator() + inner) + "," + lead;
  }

  private String join(List<Step> inserted, Layout layout) {
    StringBuilder inner = new StringBuilder();
    for (Step step : inserted) {
      inner.append(inner.isEmpty() ? "" : "," + layout.separator()).append(print(step, layout));
    }
    return inner.toString();
  }

  private String print(Step step, Layout layout) {
    StringBuilder item = new StringBuilder();
    String key = step.key();
    if (key != null) {
      JsonPrinter.quote(key, item);
      item.append(style.colon());
    }
    JsonNode value = step.changed();
    if (value == null) {
      throw new IllegalStateException("a removed item has no text");
    }
    return item.append(layout.printer().print(value, layout.margin())).toString();
  }

  /// The white space of a container: before its first item, between items, behind its last; and how
  /// items within are written.
  private record Layout(
      String first, String separator, String last, String margin, JsonPrinter printer) {}

  private Layout layout(Located at) {
    List<Located.Item> items = at.items();
    if (items.isEmpty()) {
      if (style.newline().isEmpty()) {
        return new Layout("", style.comma().substring(1), "", "", style);
      }
      String margin = margin(at.start());
      String inner = style.newline() + margin + style.indent();
      return new Layout(inner, inner, style.newline() + margin, margin + style.indent(), style);
    }
    String first = text.substring(at.start() + 1, items.getFirst().start());
    String last = text.substring(items.getLast().end(), at.end() - 1);
    String separator = first;
    if (items.size() > 1) {
      int second = items.get(1).start();
      separator = text.substring(blanksBefore(second), second);
    } else if (first.indexOf('\n') < 0) {
      separator = style.comma().substring(1);
    }
    boolean lines = separator.indexOf('\n') >= 0;
    JsonPrinter printer = lines ? style : new JsonPrinter("", "", style.colon(), style.comma());
    if (!lines && style.newline().isEmpty()) {
      printer = style;
    }
    return new Layout(first, separator, last, margin(items.getFirst().start()), printer);
  }

  private int blanksBefore(int offset) {
    int start = offset;
    while (start > 0 && isBlank(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /// The indentation of the line that an offset stands in.
  private String margin(int offset) {
    int start = text.lastIndexOf('\n', offset - 1) + 1;
    int end = start;
    while (end < offset && isBlank(text.charAt(end))) {
      end++;
    }
    return text.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /// Replaces a part of the old text; parts come in ascending order.
  private void replace(int from, int to, String replacement) {
    out.append(text, copied, from).append(replacement);
    copied = to;
  }

  /// The style of a text: its line ends, its indentation, and what stands around colons and commas.
  private static JsonPrinter style(String text, Located document) {
    List<Located.Item> items = document.items();
    if (items.isEmpty()) {
      return JsonPrinter.LINES;
    }
    Located.Item first = items.getFirst();
    int behindColon = text.lastIndexOf(':', first.value().start()) + 1;
    String colon = behindColon == first.value().start() ? ":" : ": ";
    String comma = colon.equals(":") ? "," : ", ";
    String lead = text.substring(document.start() + 1, first.start());
    if (items.size() > 1) {
      int second = items.get(1).start();
      String between = text.substring(text.lastIndexOf(',', second), second);
      if (between.indexOf('\n') < 0) {
        comma = between;
      } else if (lead.indexOf('\n') < 0) {
        lead = between;
      }
    }
    int line = lead.lastIndexOf('\n');
    if (line < 0) {
      return new JsonPrinter("", "", colon, comma);
    }
    boolean returns = line > 0 && lead.charAt(line - 1) == '\r';
    return new JsonPrinter(returns ? "\r\n" : "\n", lead.substring(line + 1), colon, comma);
  }
}
