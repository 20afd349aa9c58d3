package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import java.util.List;

/// One subcommand. It declares its options, turns them into values, calls the library, and prints;
/// it neither catches nor prints errors.
interface Command {

  /// The options and positional parameters; picocli sees them only when this command is called.
  CommandSpec spec();

  /// The same; of many options only those that are mentioned.
  default CommandSpec spec(Mention mention) {
    return spec();
  }

  /// Does the work.
  ExitStatus run(Invocation invocation, Console console);

  /// The options that help shows under headings, behind all others.
  default List<Help.Section> sections() {
    return List.of();
  }

  /// Whether the command takes words after `--`, and what they are called in its usage line, such
  /// as `ARGS…`; empty when it takes none.
  default String wordsLabel() {
    return "";
  }

  /// Whether those words stand in the place of the positional parameters, and not behind them.
  default boolean wordsReplace() {
    return false;
  }

  /// What follows the positional parameter and is not ocicap's to understand, such as `COMMAND…`;
  /// empty when nothing does.
  default String trailLabel() {
    return "";
  }
}
