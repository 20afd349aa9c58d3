package dev.ocicap.runtime;

import dev.ocicap.report.ShellWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A runtime's command, and what it gets for standard streams. Where those are not ocicap's own, a
/// shell opens them; it is given a constant script, and paths and arguments as its parameters.
///
/// @param command the runtime and its arguments
/// @param streams what it gets
/// @param root the root file system that it sees where `root.path` is; absent when that is one
public record Launch(List<String> command, Streams streams, Optional<ImageRoot> root) {
  private static final String SHELL = "/bin/sh";

  /// Copies the command.
  public Launch {
    command = List.copyOf(command);
  }

  /// The same with a root file system that is there already.
  public Launch(List<String> command, Streams streams) {
    this(command, streams, Optional.empty());
  }

  /// The standard streams of a runtime.
  public sealed interface Streams {}

  /// Those of ocicap, whose process becomes the runtime.
  public record Own() implements Streams {}

  /// Those of ocicap, but for nothing to read.
  public record WithoutInput() implements Streams {}

  /// Those of ocicap; when the runtime has done its work, the container's name is printed.
  ///
  /// @param id the name
  public record Announced(String id) implements Streams {}

  /// Nothing to read, and the output in a file. When the runtime has done its work, the container's
  /// name is printed; when it fails, what it said is printed instead, with what is known of it, and
  /// the file, which is in the bundle, removed.
  ///
  /// @param id the name
  /// @param log the file
  public record Logged(String id, Path log) implements Streams {}

  /// The same, but the runtime stays with its container, in a session of its own, and removes it
  /// when it has ended.
  ///
  /// @param id the name
  /// @param log the file
  /// @param pidFile where the runtime writes the container's process id when it has begun
  /// @param temporary whether that file is nobody else's
  public record Watched(String id, Path log, Path pidFile, boolean temporary) implements Streams {}

  /// A file that ocicap has written for the runtime: it is opened as this descriptor, and removed
  /// before the runtime begins, so that nothing can leave it behind.
  ///
  /// @param file the file
  /// @param descriptor a descriptor that is not in use, 3 … 9
  /// @param text what is in the file: lines, none of which begins with `E`
  public record WithFile(Path file, int descriptor, String text) implements Streams {}

  private static final String ANNOUNCED = "\"$@\" && printf '%s\\n' \"$0\"";

  private static final String LOGGED =
      """
      begin() { shift 2; "$@" </dev/null >>"$0" 2>&1; }
      begin "$@"
      set -- $? "$1" "$2"
      if [ "$1" != 0 ]; then
        command -p cat -- "$0" >&2
        [ -z "$3" ] || "$3" explain --quiet --error "$0" "${0%/*}" </dev/null
        command -p rm -f -- "$0"
        exit "$1"
      fi
      printf '%s\\n' "$2"
      """;

  /// `kill -0` fails as soon as the runtime has ended and the shell, in its wait for sleep(1), has
  /// noticed.
  private static final String WATCHED =
      """
      begin() { shift 4; exec setsid "$@" </dev/null >>"$0" 2>&1; }
      begin "$@" &
      until [ -s "$2" ] || ! kill -0 $! 2>/dev/null; do command -p sleep 0.01; done
      if ! [ -s "$2" ]; then
        wait $!
        set -- "$1" "$2" "$3" $? "$4"
        if [ "$4" != 0 ]; then
          command -p cat -- "$0" >&2
          [ -z "$5" ] || "$5" explain --quiet --error "$0" "${0%/*}" </dev/null
          command -p rm -f -- "$0"
          exit "$4"
        fi
      fi
      [ "$3" = no ] || command -p rm -f -- "$2"
      printf '%s\\n' "$1"
      """;

  /// The words of the program to become.
  public List<String> words() {
    // Not a switch: one over types is linked anew at each start.
    if (streams instanceof WithoutInput) {
      return root.isPresent()
          ? root.get().around(command, false)
          : wrapped("exec \"$@\" </dev/null", "sh");
    }
    if (streams instanceof Announced announced) {
      return wrapped(ANNOUNCED, announced.id());
    }
    if (streams instanceof Logged logged) {
      return wrapped(LOGGED, logged.log().toString(), logged.id(), Explainer.word());
    }
    if (streams instanceof Watched watched) {
      return wrapped(
          WATCHED,
          watched.log().toString(),
          watched.id(),
          watched.pidFile().toString(),
          watched.temporary() ? "yes" : "no",
          Explainer.word());
    }
    if (streams instanceof WithFile with) {
      return wrapped(
          "exec " + with.descriptor() + "<\"$0\" && command -p rm -f -- \"$0\" && exec \"$@\"",
          with.file().toString());
    }
    return rooted();
  }

  private List<String> rooted() {
    return root.isPresent() ? root.get().around(command, true) : command;
  }

  private List<String> wrapped(String script, String... parameters) {
    List<String> wrapped = new ArrayList<>(List.of(SHELL, "-c", script));
    wrapped.addAll(List.of(parameters));
    wrapped.addAll(rooted());
    return wrapped;
  }

  /// The command as a shell takes it, with its redirections.
  ///
  /// @param shown whether a terminal shows it
  public String print(boolean shown) {
    Function<List<String>, String> words = shown ? ShellWords::shown : ShellWords::command;
    String line = words.apply(command);
    if (streams instanceof WithoutInput) {
      return line + " </dev/null";
    }
    if (streams instanceof Logged logged) {
      return line + kept(words, logged.log());
    }
    if (streams instanceof Watched watched) {
      return "setsid " + line + kept(words, watched.log()) + " &";
    }
    if (streams instanceof WithFile with) {
      return line + " " + with.descriptor() + "<<'EOF'\n" + with.text() + "EOF";
    }
    return line;
  }

  private static String kept(Function<List<String>, String> words, Path log) {
    return " </dev/null >>" + words.apply(List.of(log.toString())) + " 2>&1";
  }
}
