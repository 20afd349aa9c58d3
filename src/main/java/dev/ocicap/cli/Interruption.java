package dev.ocicap.cli;

import dev.ocicap.learn.Stop;

/// Lets a signal (SIGINT, SIGTERM, SIGHUP) stop the work and not the process: the command cleans
/// up, prints what it has, and ends with its own status.
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 60_000;

  private final Thread hook;

  /// @param stop what the signal asks
  Interruption(Stop stop) {
    Thread command = Thread.currentThread();
    hook =
        new Thread(
            () -> {
              stop.ask();
              try {
                command.join(PATIENCE_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is running: the command ends the process.
    }
  }
}
