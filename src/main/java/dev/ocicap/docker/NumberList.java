package dev.ocicap.docker;

import java.util.BitSet;

/// A list of processors or memory nodes: numbers and ranges, as `0-2,7` (cpuset(7), "List format").
///
/// @param numbers the members
record NumberList(BitSet numbers) {
  private static final int MAX = 8192;

  static NumberList parse(String text) {
    BitSet numbers = new BitSet();
    if (text.isEmpty()) {
      return new NumberList(numbers);
    }
    for (String item : Texts.split(text, ',')) {
      int dash = item.indexOf('-');
      int first = number(dash < 0 ? item : item.substring(0, dash), text);
      int last = dash < 0 ? first : number(item.substring(dash + 1), text);
      if (last < first) {
        throw invalid(text);
      }
      numbers.set(first, last + 1);
    }
    return new NumberList(numbers);
  }

  private static int number(String digits, String text) {
    if (!GoSyntax.isDigits(digits) || digits.length() > 5 || Integer.parseInt(digits) > MAX) {
      throw invalid(text);
    }
    return Integer.parseInt(digits);
  }

  private static BadValue invalid(String text) {
    return new BadValue("'" + text + "' is not a list such as '0-2,7'");
  }

  boolean containsAll(NumberList other) {
    BitSet missing = (BitSet) other.numbers.clone();
    missing.andNot(numbers);
    return missing.isEmpty();
  }
}
