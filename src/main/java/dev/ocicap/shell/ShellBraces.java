package dev.ocicap.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brace expansion as bash does it before every other expansion (bash(1), Brace Expansion): of
/// `a{b,c}d` it makes `abd acd`, of `{1..3}` `1 2 3`. It looks at text alone: quotes and `${…}` are
/// skipped and stay.
final class ShellBraces {
  /// More words than these are no command that somebody wrote.
  private static final int MAX_WORDS = 10_000;

  /// Each may stand in another one.
  private static final int MAX_BRACES = 500;

  private ShellBraces() {}

  /// The words that one becomes, in their order; only itself when there is nothing to expand, and
  /// null when there would be too many.
  static @Nullable List<String> expand(String word) {
    int braces = 0;
    for (int open = open(word, 0); open >= 0; open = open(word, open + 1)) {
      braces++;
    }
    return braces > MAX_BRACES ? null : expanded(word);
  }

  private static @Nullable List<String> expanded(String word) {
    for (int open = open(word, 0); open >= 0; open = open(word, open + 1)) {
      int close = close(word, open);
      if (close < 0) {
        continue;
      }
      List<String> items = items(word.substring(open + 1, close));
      if (items == null) {
        return null;
      }
      if (!items.isEmpty()) {
        return combined(word.substring(0, open), items, expanded(word.substring(close + 1)));
      }
    }
    return List.of(word);
  }

  private static @Nullable List<String> combined(
      String before, List<String> items, @Nullable List<String> ends) {
    List<String> words = new ArrayList<>();
    for (String item : items) {
      for (String end : ends == null ? List.<String>of() : ends) {
        if (words.size() == MAX_WORDS) {
          return null;
        }
        words.add(before + item + end);
      }
    }
    return ends == null ? null : words;
  }

  private static int open(String word, int from) {
    for (int i = from; i < word.length(); i = next(word, i)) {
      if (word.charAt(i) == '{') {
        return i;
      }
    }
    return -1;
  }

  private static int close(String word, int open) {
    int depth = 0;
    for (int i = open; i < word.length(); i = next(word, i)) {
      char c = word.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /// The character behind the one at `i`, or behind what is quoted or expanded there.
  static int next(String word, int i) {
    return switch (word.charAt(i)) {
      case '\\' -> i + 2;
      case '\'' -> behind(word, i + 1, '\'', false);
      case '"' -> behind(word, i + 1, '"', true);
      case '$' -> {
        if (word.startsWith("${", i)) {
          int close = close(word, i + 1);
          yield close < 0 ? word.length() : close + 1;
        }
        yield word.startsWith("$'", i) ? behind(word, i + 2, '\'', true) : i + 1;
      }
      default -> i + 1;
    };
  }

  private static int behind(String word, int from, char quote, boolean escapes) {
    int i = from;
    while (i < word.length() && word.charAt(i) != quote) {
      int close = quote == '"' && word.startsWith("${", i) ? close(word, i + 1) : -1;
      i = close >= 0 ? close + 1 : i + (escapes && word.charAt(i) == '\\' ? 2 : 1);
    }
    return Math.min(i + 1, word.length());
  }

  /// What stands for the text between two braces: none when they are ordinary characters, null when
  /// there would be too much.
  private static @Nullable List<String> items(String inner) {
    List<String> items = new ArrayList<>();
    int start = 0;
    int depth = 0;
    boolean list = false;
    for (int i = 0; i < inner.length(); i = next(inner, i)) {
      char c = inner.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == ',' && depth == 0) {
        list = true;
        List<String> words = expanded(inner.substring(start, i));
        if (words == null || items.size() > MAX_WORDS) {
          return null;
        }
        items.addAll(words);
        start = i + 1;
      }
    }
    if (!list) {
      return sequence(inner);
    }
    List<String> words = expanded(inner.substring(start));
    if (words == null) {
      return null;
    }
    items.addAll(words);
    return items;
  }

  /// `FIRST..LAST[..STEP]` of integers or letters.
  private static @Nullable List<String> sequence(String inner) {
    int first = inner.indexOf("..");
    if (first <= 0) {
      return List.of();
    }
    int second = inner.indexOf("..", first + 2);
    String from = inner.substring(0, first);
    String to = inner.substring(first + 2, second < 0 ? inner.length() : second);
    String step = second < 0 ? "1" : inner.substring(second + 2);
    boolean letters = isLetter(from) && isLetter(to);
    if (!isInteger(step) || !(letters || (isInteger(from) && isInteger(to)))) {
      return List.of();
    }
    int a = letters ? from.charAt(0) : Integer.parseInt(from);
    int b = letters ? to.charAt(0) : Integer.parseInt(to);
    int by = Math.max(1, Math.abs(Integer.parseInt(step)));
    int width = isPadded(from) || isPadded(to) ? Math.max(from.length(), to.length()) : 0;
    if (Math.abs((long) a - b) / by >= MAX_WORDS) {
      return null;
    }
    List<String> items = new ArrayList<>();
    for (int i = a; a <= b ? i <= b : i >= b; i += a <= b ? by : -by) {
      items.add(letters ? String.valueOf((char) i) : padded(i, width));
    }
    return items;
  }

  private static String padded(int number, int width) {
    String digits = Integer.toString(Math.abs(number));
    String sign = number < 0 ? "-" : "";
    return sign + "0".repeat(Math.max(0, width - sign.length() - digits.length())) + digits;
  }

  private static boolean isPadded(String number) {
    String digits = number.startsWith("-") ? number.substring(1) : number;
    return digits.length() > 1 && digits.startsWith("0");
  }

  private static boolean isLetter(String text) {
    return text.length() == 1
        && ((text.charAt(0) >= 'a' && text.charAt(0) <= 'z')
            || (text.charAt(0) >= 'A' && text.charAt(0) <= 'Z'));
  }

  private static boolean isInteger(String text) {
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    return ShellLexer.isDigits(digits) && digits.length() < 9;
  }
}
