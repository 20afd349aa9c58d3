package dev.ocicap.docker;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers, truth values and time spans as Go programs read them.
final class GoSyntax {
  private GoSyntax() {}

  /// `1`, `t`, `T`, `TRUE`, `true`, `True` and their opposites.
  static boolean parseBool(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "0", "f", "F", "FALSE", "false", "False" -> false;
      default -> throw new BadValue("'" + text + "' is neither 'true' nor 'false'");
    };
  }

  /// Whether {@link #parseBool} takes the text.
  static boolean isBool(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False" -> true;
      default -> false;
    };
  }

  /// A signed whole number of 64 bits: decimal, `0x`, `0o` or a leading 0, `0b`, with `_` between
  /// digits.
  static long parseInt(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    int radix = 10;
    boolean prefixed = false;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      prefixed = true;
      digits = digits.substring(radix == 0 ? 1 : 2);
      radix = radix == 0 ? 8 : radix;
    }
    String plain = withoutSeparators(digits, prefixed, text);
    return parse(text.startsWith("-") ? "-" + plain : plain, radix, text);
  }

  /// A signed whole number of 64 bits in decimal digits only.
  static long parseDecimal(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    if (!isDigits(digits)) {
      throw notANumber(text);
    }
    return parse(text.startsWith("-") ? text : digits, 10, text);
  }

  /// A whole number of 64 bits without a sign, in decimal digits.
  static long parseUnsigned(String text) {
    if (!isDigits(text)) {
      throw notANumber(text);
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw tooLarge(text);
    }
  }

  /// Whether the text is one or more decimal digits.
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// A number without the `_` that may stand between two of its digits.
  static String withoutSeparators(String number) {
    for (int i = number.indexOf('_'); i >= 0; i = number.indexOf('_', i + 1)) {
      boolean between =
          i > 0
              && i + 1 < number.length()
              && isDigits(number.substring(i - 1, i))
              && isDigits(number.substring(i + 1, i + 2));
      if (!between) {
        throw notANumber(number);
      }
    }
    return number.replace("_", "");
  }

  private static String withoutSeparators(String digits, boolean prefixed, String text) {
    if (digits.isEmpty() || digits.charAt(0) == '-' || digits.charAt(0) == '+') {
      throw notANumber(text);
    }
    if (digits.indexOf('_') < 0) {
      return digits;
    }
    StringBuilder plain = new StringBuilder();
    boolean afterDigit = prefixed;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c != '_') {
        plain.append(c);
      } else if (!afterDigit || i == digits.length() - 1) {
        throw notANumber(text);
      }
      afterDigit = c != '_';
    }
    return plain.toString();
  }

  private static long parse(String digits, int radix, String text) {
    for (int i = digits.startsWith("-") ? 1 : 0; i < digits.length(); i++) {
      if (digits.charAt(i) >= 0x80 || Character.digit(digits.charAt(i), radix) < 0) {
        throw notANumber(text);
      }
    }
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      throw tooLarge(text);
    }
  }

  /// A time span in nanoseconds: decimal numbers with `ns`, `us`, `ms`, `s`, `m`, `h`, one after
  /// the other, as `1m30s`; 0 needs no unit.
  static long parseDuration(String text) {
    String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    BigDecimal total = BigDecimal.ZERO;
    int at = 0;
    while (at < rest.length()) {
      int start = at;
      while (at < rest.length() && isDecimal(rest.charAt(at))) {
        at++;
      }
      String number = rest.substring(start, at);
      start = at;
      while (at < rest.length() && !isDecimal(rest.charAt(at))) {
        at++;
      }
      BigDecimal unit = BigDecimal.valueOf(nanoseconds(rest.substring(start, at), text));
      total = total.add(decimal(number, text).multiply(unit).setScale(0, RoundingMode.DOWN));
    }
    if (rest.isEmpty() || total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw notADuration(text);
    }
    return text.startsWith("-") ? -total.longValue() : total.longValue();
  }

  /// A time span as {@link #parseDuration} takes it, in the largest unit up to seconds that divides
  /// it; "" for none.
  static String printDuration(long nanoseconds) {
    if (nanoseconds == 0) {
      return "";
    }
    if (nanoseconds % 1_000_000_000 == 0) {
      return nanoseconds / 1_000_000_000 + "s";
    }
    return nanoseconds % 1_000_000 == 0 ? nanoseconds / 1_000_000 + "ms" : nanoseconds + "ns";
  }

  private static boolean isDecimal(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigDecimal decimal(String number, String text) {
    int point = number.indexOf('.');
    if (number.length() <= (point < 0 ? 0 : 1) || point != number.lastIndexOf('.')) {
      throw notADuration(text);
    }
    return new BigDecimal(number);
  }

  private static long nanoseconds(String unit, String text) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "µs", "μs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw notADuration(text);
    };
  }

  private static BadValue notADuration(String text) {
    return new BadValue(
        "'" + text + "' is not a time span: numbers with a unit, as '1m30s' or '500ms'");
  }

  private static BadValue notANumber(String text) {
    return new BadValue("'" + text + "' is not a whole number");
  }

  private static BadValue tooLarge(String text) {
    return new BadValue("'" + text + "' does not fit into 64 bits");
  }
}
