package dev.ocicap.validate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text with holes, which stands somewhere in a message: `exec: "{}": permission denied`.
///
/// @param parts what stands before, between and behind the holes
record Template(List<String> parts) {
  private static final String HOLE = "{}";

  static Template of(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int hole = text.indexOf(HOLE);
    while (hole >= 0) {
      parts.add(text.substring(start, hole));
      start = hole + HOLE.length();
      hole = text.indexOf(HOLE, start);
    }
    parts.add(text.substring(start));
    return new Template(List.copyOf(parts));
  }

  /// What fills the holes, each as short as can be and none beyond its line; null when the message
  /// has no such text. A hole at the end reaches to the end of the line.
  @Nullable List<String> match(String message) {
    int at = message.indexOf(parts.getFirst());
    while (at >= 0) {
      List<String> filled = from(message, at + parts.getFirst().length());
      if (filled != null) {
        return filled;
      }
      at = message.indexOf(parts.getFirst(), at + 1);
    }
    return null;
  }

  private @Nullable List<String> from(String message, int start) {
    List<String> filled = new ArrayList<>();
    int at = start;
    for (int i = 1; i < parts.size(); i++) {
      String part = parts.get(i);
      int line = message.indexOf('\n', at);
      int end = line < 0 ? message.length() : line;
      int next = i == parts.size() - 1 && part.isEmpty() ? end : message.indexOf(part, at);
      if (next < 0 || next > end) {
        return null;
      }
      filled.add(message.substring(at, next));
      at = next + part.length();
    }
    return filled;
  }
}
