package dev.ocicap.learn;

/// Lets another thread stop the runs.
public final class Stop {
  private volatile boolean asked;

  /// Asks for it.
  public void ask() {
    asked = true;
  }

  /// Whether it was asked for.
  public boolean isAsked() {
    return asked;
  }

  /// Goes on unless it was asked for.
  ///
  /// @throws InterruptedException when it was
  void check() throws InterruptedException {
    if (asked) {
      throw new InterruptedException("stopped");
    }
  }
}
