package dev.ocicap.runtime;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets something be said below a runtime's own error. Nobody is left to say it once ocicap has
/// become the runtime, so here a shell stays in its place, runs the runtime with ocicap's own
/// streams, and ends with its status. The shell is given a constant script, and texts and paths as
/// its parameters.
public final class Explainer {
  private static final String SHELL = "/bin/sh";

  private static final String PRINT =
      """
      begin() { shift; "$@"; }
      begin "$@"
      set -- $? "$1"
      [ "$1" = 0 ] || printf '%s' "$2" >&2
      exit "$1"
      """;

  /// `N` stands for the number of a descriptor.
  private static final String ASK =
      """
      exec N<>"$0" && command -p rm -f -- "$0" || exit
      begin() { shift 3; "$@"; }
      begin "$@"
      set -- $? "$1" "$2" "$3"
      if [ "$1" != 0 ]; then
        if [ -s /proc/self/fd/N ]; then
          "$2" explain --quiet --error /proc/self/fd/N "$3"
        else
          printf '%s' "$4" >&2
        fi
      fi
      exit "$1"
      """;

  private Explainer() {}

  /// The command, and a text to standard error when it fails.
  public static List<String> saying(List<String> command, String text) {
    return wrapped(PRINT, List.of("sh", text), command);
  }

  /// The command, and what `ocicap explain --error` finds in a log when it fails. The log is opened
  /// as a descriptor and has no name any more when the runtime begins, so that nothing can leave it
  /// behind. A program that cannot be executed is nothing that a runtime logs: it has become that
  /// program's process when it fails.
  ///
  /// @param log an empty file
  /// @param descriptor one that is not in use, 3 … 9
  /// @param ocicap the program that explains
  /// @param bundle the bundle's directory
  /// @param text what is said when it fails and nothing is in the log
  public static List<String> asking(
      List<String> command, Path log, int descriptor, Path ocicap, Path bundle, String text) {
    return wrapped(
        ASK.replace("N", Integer.toString(descriptor)),
        List.of(log.toString(), ocicap.toString(), bundle.toString(), text),
        command);
  }

  /// What a runtime is to be told that its log is.
  ///
  /// @param descriptor as for [#asking]
  public static String log(int descriptor) {
    return "/proc/self/fd/" + descriptor;
  }

  private static List<String> wrapped(
      String script, List<String> parameters, List<String> command) {
    List<String> wrapped = new ArrayList<>(List.of(SHELL, "-c", script));
    wrapped.addAll(parameters);
    wrapped.addAll(command);
    return wrapped;
  }

  /// The same as a parameter: empty where there is none.
  static String word() {
    return ocicap().map(Path::toString).orElse("");
  }

  /// The launcher of the distribution that this JVM runs from; absent when it runs from elsewhere.
  public static Optional<Path> ocicap() {
    for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      try {
        Path launcher = Path.of(element).toAbsolutePath().resolve("../../bin/ocicap").normalize();
        if (element.endsWith("lib/ocicap.jar") && Files.isExecutable(launcher)) {
          return Optional.of(launcher);
        }
      } catch (InvalidPathException e) {
        // No place of ours.
      }
    }
    return Optional.empty();
  }
}
