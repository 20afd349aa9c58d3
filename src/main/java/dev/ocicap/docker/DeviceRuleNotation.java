package dev.ocicap.docker;

import dev.ocicap.spec.DeviceRule;
import java.util.List;

/// The value of `--device-cgroup-rule`: `TYPE MAJOR:MINOR ACCESS` with a type `a`, `b` or `c`,
/// numbers or `*`, and one to three of `r`, `w`, `m`.
///
/// @param type `a`, `b` or `c`
/// @param major the major number, -1 for any
/// @param minor the minor number, -1 for any
/// @param access as typed
record DeviceRuleNotation(String type, long major, long minor, String access) {

  static DeviceRuleNotation parse(String text) {
    List<String> words = Texts.split(text, ' ');
    if (words.size() == 3) {
      List<String> numbers = Texts.split(words.get(1), ':');
      String type = words.getFirst();
      boolean fits = type.equals("a") || type.equals("b") || type.equals("c");
      if (fits
          && numbers.size() == 2
          && isNumber(numbers.getFirst())
          && isNumber(numbers.getLast())
          && isAccess(words.get(2))) {
        return new DeviceRuleNotation(
            type, number(numbers.getFirst()), number(numbers.getLast()), words.get(2));
      }
    }
    throw new BadValue("'" + text + "' is not 'TYPE MAJOR:MINOR ACCESS'", "'c 1:3 rwm'");
  }

  /// Reads a value as podman does, which takes a major number alone.
  static DeviceRuleNotation parseOfPodman(String text) {
    List<String> words = Texts.split(text, ' ');
    boolean alone = words.size() == 3 && GoSyntax.isDigits(words.get(1));
    return parse(alone ? words.get(0) + " " + words.get(1) + ":* " + words.get(2) : text);
  }

  private static boolean isNumber(String text) {
    return text.equals("*") || GoSyntax.isDigits(text);
  }

  private static long number(String text) {
    return text.equals("*") ? -1 : GoSyntax.parseDecimal(text);
  }

  private static boolean isAccess(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("rwm".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 3;
  }

  DeviceRule rule() {
    return new DeviceRule(true, type, major, minor, access);
  }

  /// The same as podman writes it: any number is none.
  DeviceRule ruleOfPodman() {
    return new DeviceRule(
        true,
        type,
        major < 0 ? null : Long.valueOf(major),
        minor < 0 ? null : Long.valueOf(minor),
        access);
  }

  @Override
  public String toString() {
    return type
        + " "
        + (major < 0 ? "*" : Long.toString(major))
        + ":"
        + (minor < 0 ? "*" : Long.toString(minor))
        + " "
        + access;
  }
}
