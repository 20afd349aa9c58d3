package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import picocli.CommandLine.Model.CommandSpec;

/// One subcommand. It declares its options, turns them into values, calls the library, and prints;
/// it neither catches nor prints errors.
interface Command {

  /// The options and positional parameters; picocli sees them only when this command is called.
  CommandSpec spec();

  /// Does the work.
  ExitStatus run(Invocation invocation, Console console);

  /// Whether the command takes words after `--`, and what they are called in its usage line, such
  /// as `ARGS…`; empty when it takes none.
  default String wordsLabel() {
    return "";
  }
}
