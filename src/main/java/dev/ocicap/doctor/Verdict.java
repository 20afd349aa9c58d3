package dev.ocicap.doctor;

import java.util.Locale;
import java.util.Optional;

/// Whether something works on this machine.
///
/// @param answer yes, or how far
/// @param reason what that was seen by, in a few words
/// @param remedy the command that mends what is missing; absent when nothing is, or none would
public record Verdict(Answer answer, String reason, Optional<String> remedy) {
  /// How far something works.
  public enum Answer {
    /// It works.
    YES,
    /// Part of it works.
    PARTLY,
    /// It does not work.
    NO,
    /// It cannot be seen from here.
    UNKNOWN;

    /// The word in reports.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Verdict yes(String reason) {
    return new Verdict(Answer.YES, reason, Optional.empty());
  }

  static Verdict partly(String reason) {
    return new Verdict(Answer.PARTLY, reason, Optional.empty());
  }

  static Verdict no(String reason) {
    return new Verdict(Answer.NO, reason, Optional.empty());
  }

  static Verdict unknown(String reason) {
    return new Verdict(Answer.UNKNOWN, reason, Optional.empty());
  }

  Verdict mendedBy(String command) {
    return new Verdict(answer, reason, Optional.of(command));
  }
}
