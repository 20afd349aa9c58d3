package dev.ocicap.report;

/// Makes text from outside safe to show: a terminal obeys control characters, a reader is fooled by
/// bidirectional ones.
public final class Escape {
  private Escape() {}

  /// The text with every control, format and unpaired surrogate character as `\n`, `\t` or
  /// `\\uXXXX`.
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (hides(text.charAt(i))) {
        return escape(text, i);
      }
    }
    return text;
  }

  private static String escape(String text, int clean) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, clean);
    for (int i = clean; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (!hides(c)) {
        out.append(c);
      } else {
        switch (c) {
          case '\n' -> out.append("\\n");
          case '\t' -> out.append("\\t");
          case '\r' -> out.append("\\r");
          default -> {
            String hex = Integer.toHexString(c);
            out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
          }
        }
      }
    }
    return out.toString();
  }

  /// Whether a character is not shown as it is: a control or format character, or half of a pair.
  public static boolean hides(char c) {
    if (c < 0x7f) {
      return c < ' ';
    }
    return c < 0xa0
        || Character.isSurrogate(c)
        || Character.getType(c) == Character.FORMAT
        || c == 0x2028
        || c == 0x2029;
  }

  /// The same, but a pair of surrogates is a character like others.
  public static boolean isControl(char c) {
    return hides(c) && !Character.isSurrogate(c);
  }
}
