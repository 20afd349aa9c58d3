package dev.ocicap.learn;

import dev.ocicap.cap.CapabilitySet;
import java.util.List;

/// What learning found out. Every set is a part of the bundle's own, but for what was denied.
///
/// @param ceiling what the bundle has
/// @param failure why there is no result; empty when there is one
/// @param runtimeError what the runtime says that it failed by; empty when it did not
/// @param timedOut whether there is none since the time was over
/// @param verified whether trial runs have shown that the container works with what is needed, and
///   not without any member of it
/// @param needed what the container needs; without verification, what it used
/// @param usedNotNeeded what it used and works without, as far as the check can tell
/// @param weak what was asked for where a program may well do without, and is not among the needed
/// @param denied what was asked for and denied
/// @param ofFiles the capabilities of the executed files
/// @param flaky what is needed by some runs and not by others
/// @param isRepeatable whether the container worked again with what is needed
/// @param evidence what was seen in the first run
/// @param traced whether capability checks were observed
/// @param gaps why the observation is incomplete, in words
/// @param notes what else to know, in words
/// @param runs how many runs there were
public record Learned(
    CapabilitySet ceiling,
    String failure,
    String runtimeError,
    boolean timedOut,
    boolean verified,
    CapabilitySet needed,
    CapabilitySet usedNotNeeded,
    CapabilitySet weak,
    CapabilitySet denied,
    CapabilitySet ofFiles,
    CapabilitySet flaky,
    boolean isRepeatable,
    List<Evidence> evidence,
    boolean traced,
    List<String> gaps,
    List<String> notes,
    int runs) {

  /// Copies the lists.
  public Learned {
    evidence = List.copyOf(evidence);
    gaps = List.copyOf(gaps);
    notes = List.copyOf(notes);
  }

  /// What a single observed run tells, which no trial run has verified.
  ///
  /// @param used what is taken for needed, a part of the bundle's own
  static Learned observed(
      CapabilitySet ceiling,
      CapabilitySet used,
      CapabilitySet ofFiles,
      Observation observation,
      List<String> notes) {
    return new Learned(
        ceiling,
        "",
        "",
        false,
        false,
        used,
        CapabilitySet.NONE,
        observation.weak().intersect(ceiling).minus(used),
        observation.denied(),
        ofFiles,
        CapabilitySet.NONE,
        true,
        observation.evidence(),
        true,
        observation.gaps(),
        notes,
        1);
  }

  /// Whether nothing was missed by the observation.
  public boolean isComplete() {
    return gaps.isEmpty();
  }

  /// Whether the result is one to rely on.
  public boolean isSound() {
    return failure.isEmpty() && isRepeatable && flaky.isEmpty() && (verified || isComplete());
  }
}
