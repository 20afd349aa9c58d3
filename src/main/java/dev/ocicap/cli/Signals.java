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
    if (NAMES.contains(name) || name.startsWith("RTMIN") || name.startsWith("RTMAX")) {
      return name;
    }
    try {
      int number = Integer.parseInt(word);
      if (number >= 0 && number <= LAST) {
        return word;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number that is none.
    }
    List<String> known = new ArrayList<>(NAMES);
    throw OcicapException.usage(
        "'" + word + "' is not a signal",
        "--signal " + Suggestion.nearest(name, known).orElse("TERM"));
  }
}
