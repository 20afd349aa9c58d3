package dev.ocicap.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which options a command line may mean. Where a command has hundreds, to declare them all would
/// be a third of its start; those that no argument can mean are not missed.
final class Mention {
  /// Every option: for help, completion, and what an unknown option was meant to be.
  static final Mention ALL = new Mention(null);

  private final @Nullable List<String> arguments;

  private Mention(@Nullable List<String> arguments) {
    this.arguments = arguments;
  }

  /// The options that these arguments may mean, and perhaps more.
  static Mention in(List<String> arguments) {
    return new Mention(arguments);
  }

  /// Whether everything that looks like an option is one that was declared, in full.
  boolean isCoveredBy(CommandSpec spec) {
    if (arguments == null) {
      return false;
    }
    for (String argument : arguments) {
      if (argument.length() >= 2 && argument.charAt(0) == '-') {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        if (spec.find(name) == null) {
          return false;
        }
      }
    }
    return true;
  }

  /// Whether an argument may mean the option with these names: it is one, `--name=value`, or a
  /// group of one-letter options with that letter.
  boolean of(List<String> names) {
    if (arguments == null) {
      return true;
    }
    for (String argument : arguments) {
      if (argument.length() < 2 || argument.charAt(0) != '-') {
        continue;
      }
      for (String name : names) {
        if (argument.charAt(1) != '-'
            ? name.length() == 2 && argument.indexOf(name.charAt(1), 1) > 0
            : argument.startsWith(name)
                && (argument.length() == name.length() || argument.charAt(name.length()) == '=')) {
          return true;
        }
      }
    }
    return false;
  }
}
