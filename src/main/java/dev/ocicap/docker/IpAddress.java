package dev.ocicap.docker;

import java.util.List;

/// Texts that are addresses.
final class IpAddress {
  private IpAddress() {}

  static boolean isAny(String text) {
    return isV4(text) || isV6(text);
  }

  /// Four decimal numbers up to 255, without leading zeros.
  static boolean isV4(String text) {
    List<String> parts = Texts.split(text, '.');
    if (parts.size() != 4) {
      return false;
    }
    for (String part : parts) {
      boolean fits =
          GoSyntax.isDigits(part)
              && part.length() <= 3
              && (part.length() == 1 || part.charAt(0) != '0')
              && Integer.parseInt(part) <= 255;
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /// Eight groups of hexadecimal digits, `::` for some zeros, an IPv4 address for the last two.
  static boolean isV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true) == 8;
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    int before = groups(text.substring(0, gap), false);
    int after = groups(text.substring(gap + 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
  }

  /// How many groups there are; -1 when one is none.
  private static int groups(String text, boolean last) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = 0;
    List<String> groups = Texts.split(text, ':');
    for (int i = 0; i < groups.size(); i++) {
      String group = groups.get(i);
      if (last && i == groups.size() - 1 && group.indexOf('.') >= 0) {
        if (!isV4(group)) {
          return -1;
        }
        count += 2;
      } else if (isGroup(group)) {
        count++;
      } else {
        return -1;
      }
    }
    return count;
  }

  private static boolean isGroup(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80 || Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 4;
  }

  /// A hardware address of 6, 8 or 20 bytes: `02:42:ac:11:00:02`, also with `-`, or in groups of
  /// four digits with `.`.
  static boolean isMac(String text) {
    char separator = text.length() > 4 && text.charAt(4) == '.' ? '.' : ':';
    if (text.length() > 2 && text.charAt(2) == '-') {
      separator = '-';
    }
    int digits = separator == '.' ? 4 : 2;
    List<String> groups = Texts.split(text, separator);
    for (String group : groups) {
      if (group.length() != digits || !isGroup(group)) {
        return false;
      }
    }
    int bytes = groups.size() * digits / 2;
    return bytes == 6 || bytes == 8 || bytes == 20;
  }
}
