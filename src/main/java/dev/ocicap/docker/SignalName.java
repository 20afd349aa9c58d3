package dev.ocicap.docker;

import java.util.List;
import java.util.Locale;

/// Names of signals (signal(7)), with or without `SIG`, in any case, or numbers.
final class SignalName {
  private static final List<String> NAMES =
      List.of(
          "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
          "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
          "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
          "RTMIN", "RTMAX");

  private SignalName() {}

  static boolean isSignal(String text) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    if (GoSyntax.isDigits(digits)) {
      // Docker takes any number but 0.
      return digits.length() < 19 && Long.parseLong(digits) != 0;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
    if (name.startsWith("RTMIN+")) {
      return isUpTo(name.substring("RTMIN+".length()), 15);
    }
    if (name.startsWith("RTMAX-")) {
      return isUpTo(name.substring("RTMAX-".length()), 14);
    }
    return NAMES.contains(name);
  }

  private static boolean isUpTo(String digits, int last) {
    return GoSyntax.isDigits(digits)
        && digits.length() <= 2
        && digits.charAt(0) != '0'
        && Integer.parseInt(digits) <= last;
  }
}
