package dev.ocicap.doctor;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs a small program to see whether this machine lets it.
final class Trial {
  private static final File NOTHING = new File("/dev/null");
  private static final int SECONDS = 3;

  private Trial() {}

  /// Whether the program ends well; empty when it cannot be started or does not end in time.
  static Optional<Boolean> of(List<String> command) {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(NOTHING)
              .redirectOutput(NOTHING)
              .redirectError(NOTHING)
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      return process.waitFor(SECONDS, TimeUnit.SECONDS)
          ? Optional.of(process.exitValue() == 0)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
