package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Signals as people name them: `TERM`, `sigterm`, `15` (signal(7)).
final class Signals {
  private static final int LAST = 64;

  /// The first real-time signal that the C library leaves to programs.
  private static final int FIRST_REAL_TIME = 34;

  /// The standard signals; the real-time ones are numbers, or `RTMIN+N` and `RTMAX-N`.
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS", "POLL", "IOT", "CLD",
          "UNUSED");

  private Signals() {}

  /// The signal that an option or a positional parameter names, as every runtime takes it; empty
  /// when there is neither.
  ///
  /// @throws OcicapException when there are both, or no such signal
  static Optional<String> of(Optional<String> option, List<String> positional) {
    if (option.isPresent() && !positional.isEmpty()) {
      throw OcicapException.usage(
          "two signals: '" + option.get() + "' and '" + positional.getFirst() + "'", null);
    }
    Optional<String> word =
        option.isPresent() || positional.isEmpty() ? option : Optional.of(positional.getFirst());
    return word.map(Signals::checked);
  }

  private static String checked(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    if (NAMES.contains(name)) {
      return name;
    }
    int number = number(name);
    if (number >= 0 && number <= LAST) {
      return Integer.toString(number);
    }
    List<String> known = new ArrayList<>(NAMES);
    throw OcicapException.usage(
        "'" + word + "' is not a signal",
        "--signal " + Suggestion.nearest(name, known).orElse("TERM"));
  }

  /// The number of a signal that is written as one, or as the distance from the first or the last;
  /// -1 for any other word.
  private static int number(String name) {
    boolean first = name.startsWith("RTMIN");
    boolean last = name.startsWith("RTMAX");
    String digits = first || last ? name.substring("RTMIN".length()) : name;
    if (first || last) {
      if (digits.isEmpty()) {
        return first ? FIRST_REAL_TIME : LAST;
      }
      if (digits.charAt(0) != (first ? '+' : '-')) {
        return -1;
      }
      digits = digits.substring(1);
    }
    try {
      int number = Integer.parseUnsignedInt(digits);
      int signal = first ? FIRST_REAL_TIME + number : last ? LAST - number : number;
      return first || last ? Math.max(signal, FIRST_REAL_TIME) : signal;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
