package dev.ocicap.learn;

import java.time.Duration;
import java.util.List;

/// When a run counts as working.
public sealed interface Success {

  /// The program ends with status 0.
  record Exits() implements Success {}

  /// A command succeeds; it is tried again until it does.
  ///
  /// @param command the program and its arguments
  /// @param inside whether the runtime executes it in the container; else it is a program of this
  ///   machine, in the network namespace of the container while that runs
  record Check(List<String> command, boolean inside) implements Success {
    public Check {
      command = List.copyOf(command);
    }
  }

  /// The program prints a text.
  record Prints(String text) implements Success {}

  /// The program still runs after a time.
  record StaysAlive(Duration time) implements Success {}
}
