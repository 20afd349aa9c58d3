package dev.ocicap.cli;

import dev.ocicap.runtime.Handover;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What a command may touch of the process around it: the standard streams and the environment.
///
/// @param in standard input
/// @param out standard output: results only
/// @param err standard error: everything else
/// @param env the environment variables
/// @param directory what relative paths start from: the empty path for the working directory
/// @param handover how `run` becomes the container runtime
/// @param terminals the standard streams that are terminals, as digits: `012`
record Console(
    StandardInput in,
    PrintStream out,
    PrintStream err,
    Map<String, String> env,
    Path directory,
    Handover handover,
    String terminals) {

  /// The same with other streams for what is said.
  Console with(PrintStream otherOut, PrintStream otherErr) {
    return new Console(in, otherOut, otherErr, env, directory, handover, terminals);
  }

  boolean outIsTerminal() {
    return terminals.indexOf('1') >= 0;
  }

  boolean errIsTerminal() {
    return terminals.indexOf('2') >= 0;
  }

  /// Whether to colour what goes to standard output.
  boolean coloursOut() {
    return outIsTerminal() && colours();
  }

  /// Whether to colour what goes to standard error.
  boolean coloursErr() {
    return errIsTerminal() && colours();
  }

  private boolean colours() {
    return env.getOrDefault("NO_COLOR", "").isEmpty()
        && !env.getOrDefault("TERM", "").equals("dumb");
  }
}
