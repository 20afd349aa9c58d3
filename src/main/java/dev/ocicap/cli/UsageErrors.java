package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/// picocli's errors in ocicap's words.
final class UsageErrors {
  private UsageErrors() {}

  /// A mistake explained.
  ///
  /// @param joined the arguments, each value joined to its option
  static OcicapException explain(
      String command, CommandSpec spec, List<String> joined, CommandLine.ParameterException e) {
    String help = "ocicap " + command + " --help";
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      if (!word.startsWith("-") || word.equals("-")) {
        return OcicapException.usage("unexpected '" + word + "'" + after(spec, joined, word), help);
      }
      int equals = word.indexOf('=');
      String option = equals < 0 ? word : word.substring(0, equals);
      return OcicapException.usage(
          "unknown option '" + option + "'",
          Suggestion.nearest(option, visibleNames(spec))
              .map(nearest -> equals < 0 ? nearest : nearest + word.substring(equals))
              .orElse(help));
    }
    CommandLine.Model.ArgSpec argument =
        e instanceof CommandLine.MissingParameterException missing
                && !missing.getMissing().isEmpty()
            ? missing.getMissing().getFirst()
            : e.getArgSpec();
    if (e instanceof CommandLine.MissingParameterException && argument != null) {
      return argument instanceof CommandLine.Model.OptionSpec option
          ? OcicapException.usage(
              option.longestName() + " needs a value", option.longestName() + " " + label(option))
          : OcicapException.usage(label(argument) + " is missing", help);
    }
    if (argument instanceof CommandLine.Model.OptionSpec option && option.type() == Boolean.class) {
      String name = option.names()[option.names().length - 1];
      return OcicapException.usage(
          name + ": '" + e.getValue() + "' is neither true nor false", name + "=false");
    }
    String message = String.valueOf(e.getMessage());
    return OcicapException.usage(
        message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1), help);
  }

  /// That a word stands behind an option which takes none; "" when it does not.
  private static String after(CommandSpec spec, List<String> joined, String word) {
    int at = joined.indexOf(word);
    String before = at > 0 ? joined.get(at - 1) : "";
    OptionSpec option = spec.find(before);
    return option != null && option.isBare() ? ": " + before + " takes no value" : "";
  }

  private static String label(CommandLine.Model.ArgSpec argument) {
    return argument.paramLabel();
  }

  private static List<String> visibleNames(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        names.addAll(option.names());
      }
    }
    return names;
  }
}
