package dev.ocicap.docker;

/// A number of bytes: a decimal number with an optional unit `b`, `k`, `m`, `g`, `t` or `p`, which
/// may be followed by `b` or `ib`, in any case, after at most one blank. Units are powers of 1024.
///
/// @param bytes 0 or more; -1 where "unlimited" is allowed
record ByteSize(long bytes) {

  /// Reads a size, or `-1` for no limit.
  static ByteSize parseOrUnlimited(String text) {
    return text.equals("-1") ? new ByteSize(-1) : parse(text);
  }

  /// Reads a size.
  static ByteSize parse(String text) {
    int last = text.length() - 1;
    while (last >= 0 && !isNumeric(text.charAt(last))) {
      last--;
    }
    if (last < 0) {
      throw invalid(text);
    }
    String number = text.substring(0, text.charAt(last) == ' ' ? last : last + 1);
    double value = number(number, text) * factor(text.substring(last + 1), text);
    if (value < 0 || value >= Long.MAX_VALUE) {
      throw invalid(text);
    }
    return new ByteSize((long) value);
  }

  /// The size with the largest unit that divides it: `64m`, `100k`, `1048577`.
  @Override
  public String toString() {
    String units = "gmk";
    for (int i = 0; i < units.length() && bytes > 0; i++) {
      long unit = 1L << (10 * (units.length() - i));
      if (bytes % unit == 0) {
        return bytes / unit + units.substring(i, i + 1);
      }
    }
    return Long.toString(bytes);
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == ' ';
  }

  private static double number(String number, String text) {
    for (int i = 0; i < number.length(); i++) {
      if (number.charAt(i) <= ' ') {
        throw invalid(text);
      }
    }
    try {
      return Double.parseDouble(GoSyntax.withoutSeparators(number));
    } catch (NumberFormatException | BadValue e) {
      throw invalid(text);
    }
  }

  private static double factor(String unit, String text) {
    if (unit.isEmpty()) {
      return 1;
    }
    String rest = unit.substring(1);
    int power =
        switch (unit.charAt(0)) {
          case 'b', 'B' -> 0;
          case 'k', 'K' -> 1;
          case 'm', 'M' -> 2;
          case 'g', 'G' -> 3;
          case 't', 'T' -> 4;
          case 'p', 'P' -> 5;
          default -> throw invalid(text);
        };
    boolean fits =
        rest.isEmpty()
            || (power > 0 && (rest.equalsIgnoreCase("b") || rest.equalsIgnoreCase("ib")));
    if (!fits) {
      throw invalid(text);
    }
    return (double) (1L << (10 * power));
  }

  private static BadValue invalid(String text) {
    return new BadValue("'" + text + "' is not a size such as '512m' or '1.5g'");
  }
}
