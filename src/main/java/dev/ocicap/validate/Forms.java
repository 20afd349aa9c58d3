package dev.ocicap.validate;

/// The grammars of single texts.
public final class Forms {
  private Forms() {}

  /// Whether this is a list such as `0-3,7` or, as cpuset(7) also has it, `0-31:2/4`.
  public static boolean isCpuList(String text) {
    for (String item : text.split(",", -1)) {
      if (!isCpuRange(item.strip())) {
        return false;
      }
    }
    return true;
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
        || name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > 15
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
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (!part.isEmpty() && !part.equals(".")) {
        out.append('/').append(part);
      }
    }
    return out.isEmpty() ? "/" : out.toString();
  }
}
