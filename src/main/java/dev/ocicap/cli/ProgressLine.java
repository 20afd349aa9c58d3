package dev.ocicap.cli;

/// One line on a terminal that says how far a long task is; nothing where standard error is no
/// terminal, and nothing for what is done at once.
final class ProgressLine implements AutoCloseable {
  private static final long FIRST_NANOS = 500_000_000L;
  private static final long STEP_NANOS = 100_000_000L;
  private static final int WIDTH = 30;

  private final Console console;
  private long next = System.nanoTime() + FIRST_NANOS;
  private boolean shown;

  ProgressLine(Console console) {
    this.console = console;
  }

  /// Some of all are done.
  void update(int done, int all) {
    if (all < 2 || !isDue()) {
      return;
    }
    int filled = (int) ((long) WIDTH * done / all);
    console
        .err()
        .print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + done + "/" + all);
    console.err().flush();
  }

  /// So many are done, of nobody knows how many.
  void update(int done) {
    if (isDue()) {
      console.err().print("\r" + done + " done");
      console.err().flush();
    }
  }

  private boolean isDue() {
    long now = System.nanoTime();
    if (!console.errIsTerminal() || now - next < 0) {
      return false;
    }
    next = now + STEP_NANOS;
    shown = true;
    return true;
  }

  /// Clears the line, so that something else can be said.
  void clear() {
    if (shown) {
      shown = false;
      console.err().print("\r\u001b[K");
      console.err().flush();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
