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

  /// The number of a signal on Linux; 0 when there is none of that name.
  static int number(String text) {
    if (GoSyntax.isDigits(text)) {
      return text.length() <= 2 && Integer.parseInt(text) <= 64 ? Integer.parseInt(text) : 0;
    }
    if (!isSignal(text)) {
      return 0;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
    if (name.startsWith("RTMIN+")) {
      return 34 + Integer.parseInt(name.substring("RTMIN+".length()));
    }
    if (name.startsWith("RTMAX-")) {
      return 64 - Integer.parseInt(name.substring("RTMAX-".length()));
    }
    return switch (name) {
      case "HUP" -> 1;
      case "INT" -> 2;
      case "QUIT" -> 3;
      case "ILL" -> 4;
      case "TRAP" -> 5;
      case "ABRT", "IOT" -> 6;
      case "BUS" -> 7;
      case "FPE" -> 8;
      case "KILL" -> 9;
      case "USR1" -> 10;
      case "SEGV" -> 11;
      case "USR2" -> 12;
      case "PIPE" -> 13;
      case "ALRM" -> 14;
      case "TERM" -> 15;
      case "STKFLT" -> 16;
      case "CHLD", "CLD" -> 17;
      case "CONT" -> 18;
      case "STOP" -> 19;
      case "TSTP" -> 20;
      case "TTIN" -> 21;
      case "TTOU" -> 22;
      case "URG" -> 23;
      case "XCPU" -> 24;
      case "XFSZ" -> 25;
      case "VTALRM" -> 26;
      case "PROF" -> 27;
      case "WINCH" -> 28;
      case "IO", "POLL" -> 29;
      case "PWR" -> 30;
      case "SYS" -> 31;
      case "RTMIN" -> 34;
      case "RTMAX" -> 64;
      default -> 0;
    };
  }

  private static boolean isUpTo(String digits, int last) {
    return GoSyntax.isDigits(digits)
        && digits.length() <= 2
        && digits.charAt(0) != '0'
        && Integer.parseInt(digits) <= last;
  }
}
