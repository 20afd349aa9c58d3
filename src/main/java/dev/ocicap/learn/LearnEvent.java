package dev.ocicap.learn;

import dev.ocicap.cap.CapabilitySet;

/// What learning tells while it works.
public sealed interface LearnEvent {

  /// A run begins.
  ///
  /// @param run its number, from 1
  /// @param granted what the container may have
  /// @param purpose why, in words
  record RunBegan(int run, CapabilitySet granted, String purpose) implements LearnEvent {}

  /// A kind of check was seen for the first time in a run.
  record Seen(int run, Evidence evidence) implements LearnEvent {}

  /// A run ended.
  ///
  /// @param worked whether the container worked
  /// @param reason what happened, in words
  /// @param milliseconds how long it took
  record RunEnded(int run, boolean worked, String reason, long milliseconds)
      implements LearnEvent {}

  /// What a killed process had left was removed: its containers, mounts, copies and files.
  ///
  /// @param owner that process, `PID-START`
  record Swept(String owner) implements LearnEvent {}

  /// Something that the user should know at once.
  record Warning(String message) implements LearnEvent {}
}
