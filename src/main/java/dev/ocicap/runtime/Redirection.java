package dev.ocicap.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Lets a command begin with other standard streams than ocicap has. A shell opens them and becomes
/// the command; it is given a constant script, and paths and arguments as its parameters.
public final class Redirection {
  private static final String SHELL = "/bin/sh";

  private Redirection() {}

  /// The command with nothing to read.
  public static List<String> withoutInput(List<String> command) {
    return wrapped("exec \"$@\" </dev/null", "sh", command);
  }

  /// The command with nothing to read, and its output in a file.
  ///
  /// @param log the file, which is made or continued
  public static List<String> detached(List<String> command, Path log) {
    return wrapped("exec \"$@\" </dev/null >>\"$0\" 2>&1", log.toString(), command);
  }

  private static List<String> wrapped(String script, String zero, List<String> command) {
    List<String> wrapped = new ArrayList<>(List.of(SHELL, "-c", script, zero));
    wrapped.addAll(command);
    return wrapped;
  }
}
