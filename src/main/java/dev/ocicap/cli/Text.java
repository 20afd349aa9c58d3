package dev.ocicap.cli;

import dev.ocicap.docker.DockerNotation;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Values of options as text: numbers, words, parts between separators. Every error names the
/// option.
final class Text {
  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private Text() {}

  static OcicapException bad(String option, String value, String expected, String example) {
    return OcicapException.usage(
        option + ": '" + value + "' is not " + expected, option + " " + example);
  }

  static boolean truth(String option, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw OcicapException.usage(
              option + ": '" + value + "' is neither true nor false", option + "=false");
    };
  }

  /// An integer in decimal digits, between two bounds.
  static long integer(String option, String value, long min, long max) {
    return integer(option, value, min, max, "");
  }

  /// An integer in decimal digits, between two bounds.
  ///
  /// @param also what else the option takes, for the error: `0 or `
  static long integer(String option, String value, long min, long max, String also) {
    if (isInteger(value) && value.length() <= 20) {
      BigInteger number = new BigInteger(value);
      if (number.compareTo(BigInteger.valueOf(min)) >= 0
          && number.compareTo(BigInteger.valueOf(max)) <= 0) {
        return number.longValue();
      }
    }
    throw bad(
        option,
        value,
        also + "an integer from " + min + " to " + max,
        Long.toString(Math.max(min, Math.min(max, 100))));
  }

  /// An integer of 64 bits without a sign; `unlimited` and -1 are the greatest where a limit is
  /// meant.
  static BigInteger unsigned(String option, String value, boolean limit) {
    if (limit && (value.equals("unlimited") || value.equals("-1"))) {
      return MAX_UNSIGNED;
    }
    if (isInteger(value) && value.length() <= 20 && !value.startsWith("-")) {
      BigInteger number = new BigInteger(value);
      if (number.compareTo(MAX_UNSIGNED) <= 0) {
        return number;
      }
    }
    throw bad(
        option,
        value,
        "an integer from 0 to 18446744073709551615" + (limit ? ", -1 or unlimited" : ""),
        "1024");
  }

  /// Whether a text is decimal digits, perhaps with a minus before them.
  static boolean isInteger(String value) {
    int start = value.startsWith("-") ? 1 : 0;
    for (int i = start; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return value.length() > start;
  }

  /// Bytes: plain, with a unit, -1 or `unlimited` for no limit.
  static long bytes(String option, String value) {
    if (value.equals("unlimited") || value.equals("-1")) {
      return -1;
    }
    if (isInteger(value)) {
      return integer(option, value, 0, Long.MAX_VALUE);
    }
    return DockerNotation.bytes(option, value);
  }

  /// Permission bits in octal digits, with or without a leading `0` or `0o`.
  static long mode(String option, String value) {
    String digits = value.startsWith("0o") ? value.substring(2) : value;
    long mode = 0;
    boolean octal = !digits.isEmpty() && digits.length() <= 5;
    for (int i = 0; octal && i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      octal = digit >= 0 && digit <= 7;
      mode = mode * 8 + digit;
    }
    if (!octal || mode > 0777) {
      throw bad(option, value, "an octal number from 0 to 0777", "022");
    }
    return mode;
  }

  static String absolute(String option, String path) {
    if (!path.startsWith("/")) {
      throw bad(option, path, "an absolute path", "/" + path);
    }
    return notNul(option, path);
  }

  static String notNul(String option, String value) {
    if (value.indexOf('\0') >= 0) {
      throw OcicapException.usage(option + ": a zero byte in the value", null);
    }
    return value;
  }

  /// One of the words; in any case, with or without the prefix that they share.
  static String word(String option, String value, List<String> words, String prefix) {
    String upper = value.toUpperCase(Locale.ROOT);
    for (String word : words) {
      if (word.equals(value)
          || (!prefix.isEmpty() && (word.equals(upper) || word.equals(prefix + upper)))) {
        return word;
      }
    }
    List<String> shown = new ArrayList<>();
    for (String word : words) {
      shown.add(prefix.isEmpty() ? word : word.substring(prefix.length()).toLowerCase(Locale.ROOT));
    }
    throw OcicapException.usage(
        option + ": '" + value + "' is none of " + String.join(", ", shown),
        option
            + " "
            + Suggestion.nearest(value.toLowerCase(Locale.ROOT), shown).orElse(shown.getFirst()));
  }

  /// The parts between separators.
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>(4);
    int start = 0;
    while (true) {
      int end = text.indexOf(separator, start);
      if (end < 0) {
        parts.add(text.substring(start));
        return parts;
      }
      parts.add(text.substring(start, end));
      start = end + 1;
    }
  }

  /// The text before the first `=`, and the text behind it.
  ///
  /// @throws OcicapException when there is no `=`, or nothing before it
  static Pair pair(String option, String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw bad(option, text, "KEY=VALUE", "KEY=VALUE");
    }
    return new Pair(
        notNul(option, text.substring(0, equals)), notNul(option, text.substring(equals + 1)));
  }

  /// A key and its value.
  record Pair(String key, String value) {}
}
