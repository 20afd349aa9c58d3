package dev.ocicap.docker;

import java.math.BigDecimal;
import java.math.BigInteger;

/// The value of `--cpus`: a decimal number with at most nine decimals, a fraction `1/2`, or a whole
/// number such as `0x2`.
final class CpuNotation {
  private CpuNotation() {}

  /// The number in billionths.
  static long nanos(String text) {
    if (text.length() > 64) {
      throw invalid(text);
    }
    if (text.length() > 2 && text.charAt(0) == '0' && Character.isLetter(text.charAt(1))) {
      return exact(BigDecimal.valueOf(GoSyntax.parseInt(text), -9), text);
    }
    try {
      int slash = text.indexOf('/');
      BigDecimal billion = BigDecimal.valueOf(1_000_000_000L);
      if (slash < 0) {
        check(text);
        return exact(new BigDecimal(text).multiply(billion), text);
      }
      BigInteger above = new BigInteger(text.substring(0, slash)).multiply(billion.toBigInteger());
      BigInteger below = new BigInteger(text.substring(slash + 1));
      if (below.signum() <= 0) {
        throw invalid(text);
      }
      BigInteger[] parts = above.divideAndRemainder(below);
      if (parts[1].signum() != 0) {
        throw tooPrecise(text);
      }
      return exact(new BigDecimal(parts[0]), text);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  /// An exponent of many digits would make a huge number.
  private static void check(String text) {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    if (e >= 0 && text.length() - e > 4) {
      throw invalid(text);
    }
  }

  private static long exact(BigDecimal nanos, String text) {
    if (nanos.stripTrailingZeros().scale() > 0) {
      throw tooPrecise(text);
    }
    if (nanos.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text);
    }
    return nanos.longValue();
  }

  private static BadValue tooPrecise(String text) {
    return new BadValue("'" + text + "' has more than nine decimals");
  }

  private static BadValue invalid(String text) {
    return new BadValue("'" + text + "' is not a number of processors such as '1.5'");
  }
}
