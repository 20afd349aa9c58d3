package dev.ocicap.validate;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// The grammars of single texts.
public final class Forms {
  private static final int MAX_LOOKED_THROUGH = 64 * 1024;

  private Forms() {}

  /// Whether this is a list such as `0-3,7` or, as cpuset(7) also has it, `0-31:2/4`.
  public static boolean isCpuList(String text) {
    int start = 0;
    while (true) {
      int comma = text.indexOf(',', start);
      if (!isCpuRange(text.substring(start, comma < 0 ? text.length() : comma).strip())) {
        return false;
      }
      if (comma < 0) {
        return true;
      }
      start = comma + 1;
    }
  }

  /// The numbers in a list; of `0-31:2/4` all from the first to the last.
  static Set<Integer> members(String list) {
    Set<Integer> members = new HashSet<>();
    for (String item : list.split(",", -1)) {
      String range = item.strip();
      int colon = range.indexOf(':');
      range = colon < 0 ? range : range.substring(0, colon);
      int dash = range.indexOf('-');
      int last = number(range.substring(dash + 1));
      for (int i = dash < 0 ? last : number(range.substring(0, dash)); i <= last; i++) {
        members.add(i);
      }
    }
    return members;
  }

  /// The first number in a list that is not in a set; -1 when there is none, or the list is too
  /// long to be looked through.
  static int firstOutside(String list, Set<Integer> set) {
    if (list.length() > MAX_LOOKED_THROUGH) {
      return -1;
    }
    for (String item : list.split(",", -1)) {
      String range = item.strip();
      int colon = range.indexOf(':');
      range = colon < 0 ? range : range.substring(0, colon);
      int dash = range.indexOf('-');
      int last = number(range.substring(dash + 1));
      for (int i = dash < 0 ? last : number(range.substring(0, dash)); i <= last; i++) {
        if (!set.contains(i)) {
          return i;
        }
      }
    }
    return -1;
  }

  private static boolean isCpuRange(String item) {
    int colon = item.indexOf(':');
    String range = colon < 0 ? item : item.substring(0, colon);
    if (colon >= 0) {
      String group = item.substring(colon + 1);
      int slash = group.indexOf('/');
      if (slash < 0
          || number(group.substring(0, slash)) < 0
          || number(group.substring(slash + 1)) < 1) {
        return false;
      }
    }
    int dash = range.indexOf('-');
    if (dash < 0) {
      return number(range) >= 0 && colon < 0;
    }
    int first = number(range.substring(0, dash));
    int last = number(range.substring(dash + 1));
    return first >= 0 && first <= last;
  }

  /// The number in a text of at most six digits, or -1.
  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 6) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }

  /// Whether this is `user:role:type` or `user:role:type:range`, an SELinux context.
  static boolean isSelinuxContext(String text) {
    String[] parts = text.split(":", 4);
    if (parts.length < 3) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty() || part.indexOf(' ') >= 0) {
        return false;
      }
    }
    return true;
  }

  /// Whether the kernel takes this as the name of a network interface (`dev_valid_name`).
  public static boolean isInterfaceName(String name) {
    if (name.isEmpty()
        || name.getBytes(StandardCharsets.UTF_8).length > 15
        || name.equals(".")
        || name.equals("..")) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == ':' || Character.isWhitespace(c)) {
        return false;
      }
    }
    return true;
  }

  /// The absolute path without `.`, `..`, double and final slashes.
  static String clean(String path) {
    StringBuilder out = new StringBuilder();
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (path.startsWith("..", start) && end == start + 2) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (end > start && !(end == start + 1 && path.charAt(start) == '.')) {
        out.append('/').append(path, start, end);
      }
      start = end + 1;
    }
    return out.isEmpty() ? "/" : out.toString();
  }
}
