package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;

/// Splitting and cleaning of texts as Go programs do it.
final class Texts {
  private Texts() {}

  /// The parts between separators; one empty part for the empty text.
  static List<String> split(String text, char separator) {
    return split(text, separator, Integer.MAX_VALUE);
  }

  /// At most so many parts between separators; the last one is the rest.
  static List<String> split(String text, char separator, int limit) {
    List<String> parts = new ArrayList<>(4);
    int start = 0;
    while (parts.size() < limit - 1) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        break;
      }
      parts.add(text.substring(start, end));
      start = end + 1;
    }
    parts.add(text.substring(start));
    return parts;
  }

  /// A path without `.`, `..`, doubled and trailing slashes; "." for nothing.
  static String cleanPath(String path) {
    boolean absolute = path.startsWith("/");
    List<String> kept = new ArrayList<>();
    for (String part : split(path, '/')) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")) {
        kept.add(part);
      } else if (!kept.isEmpty() && !kept.getLast().equals("..")) {
        kept.removeLast();
      } else if (!absolute) {
        kept.add(part);
      }
    }
    String joined = String.join("/", kept);
    return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
  }

  /// How many components a path has, as Docker Engine counts them to sort mounts.
  static int depth(String path) {
    String clean = cleanPath(path);
    int depth = 1;
    for (int i = 0; i < clean.length(); i++) {
      if (clean.charAt(i) == '/') {
        depth++;
      }
    }
    return depth;
  }

  /// Whether the text is a name that docker allows for containers and volumes: two or more letters,
  /// digits, `_`, `.` and `-`, the first a letter or digit.
  static boolean isRestrictedName(String text) {
    if (text.length() < 2) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!plain && (i == 0 || "_.-".indexOf(c) < 0)) {
        return false;
      }
    }
    return true;
  }
}
