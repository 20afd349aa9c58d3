package dev.ocicap.image;

/// Hears how far a long piece of work has come, to show it on a terminal. Called from the thread
/// that does the work, a few times a second at most.
@FunctionalInterface
public interface Progress {
  /// Shows nothing.
  Progress NONE = (step, done, total) -> {};

  /// The work has come so far.
  ///
  /// @param step what is done now: `unpacking`, `checking layer 2 of 5`
  /// @param done how much of it is done, in bytes
  /// @param total how much there is to do, in bytes; 0 when it is not known
  void report(String step, long done, long total);
}
