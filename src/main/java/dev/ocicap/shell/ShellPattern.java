package dev.ocicap.shell;

/// File name patterns of a shell (sh(1p), 2.14 Pattern Matching Notation), as `${NAME%PATTERN}` has
/// them: `*`, `?`, `[…]`; a backslash makes the next character an ordinary one.
public final class ShellPattern {
  private final String pattern;

  public ShellPattern(String pattern) {
    this.pattern = pattern;
  }

  /// Whether the whole text matches.
  public boolean matches(String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int mark = 0;
    while (in < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        mark = in;
        continue;
      }
      int next = at < pattern.length() ? one(at, text.charAt(in)) : -1;
      if (next > 0) {
        at = next;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++mark;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  /// Where the pattern goes on behind what matches one character; -1 when nothing does.
  private int one(int at, char c) {
    return switch (pattern.charAt(at)) {
      case '?' -> at + 1;
      case '\\' -> {
        boolean last = at + 1 == pattern.length();
        yield last ? (c == '\\' ? at + 1 : -1) : pattern.charAt(at + 1) == c ? at + 2 : -1;
      }
      case '[' -> {
        int end = pattern.indexOf(']', negated(at) ? at + 3 : at + 2);
        yield end < 0 ? (c == '[' ? at + 1 : -1) : isIn(at, end, c) ? end + 1 : -1;
      }
      default -> pattern.charAt(at) == c ? at + 1 : -1;
    };
  }

  private boolean negated(int at) {
    return at + 1 < pattern.length()
        && (pattern.charAt(at + 1) == '!' || pattern.charAt(at + 1) == '^');
  }

  private boolean isIn(int open, int end, char c) {
    boolean found = false;
    for (int i = negated(open) ? open + 2 : open + 1; i < end; i++) {
      if (i + 2 < end && pattern.charAt(i + 1) == '-') {
        found |= pattern.charAt(i) <= c && c <= pattern.charAt(i + 2);
        i += 2;
      } else {
        found |= pattern.charAt(i) == c;
      }
    }
    return found != negated(open);
  }

  /// The text without the shortest or longest beginning that matches.
  String withoutPrefix(String text, boolean longest) {
    for (int i = 0; i <= text.length(); i++) {
      int end = longest ? text.length() - i : i;
      if (matches(text.substring(0, end))) {
        return text.substring(end);
      }
    }
    return text;
  }

  /// The text without the shortest or longest end that matches.
  String withoutSuffix(String text, boolean longest) {
    for (int i = 0; i <= text.length(); i++) {
      int start = longest ? i : text.length() - i;
      if (matches(text.substring(start))) {
        return text.substring(0, start);
      }
    }
    return text;
  }

  /// The text with another in the place of what matches: of the first and longest match, or of all.
  String replaced(String text, String by, boolean all) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.length();
      while (end > at && !matches(text.substring(at, end))) {
        end--;
      }
      if (end > at) {
        out.append(by);
        at = end;
        if (!all) {
          break;
        }
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.append(text, at, text.length()).toString();
  }
}
