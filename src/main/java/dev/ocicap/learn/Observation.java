package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import java.util.List;

/// What the tracing of one run showed.
///
/// @param started whether the container's program was executed
/// @param evidence the checks, counted, in the order of the kernel's numbers
/// @param refusals the refused system calls, where they were watched
/// @param executed the files that were executed, as the container names them
/// @param hasInnerNamespace whether a user namespace inside the container asked for something
/// @param gaps why the trace is incomplete, in words; empty when it is complete
public record Observation(
    boolean started,
    List<Evidence> evidence,
    List<Refusal> refusals,
    List<String> executed,
    boolean hasInnerNamespace,
    List<String> gaps) {
  /// Of a run that was not watched.
  public static final Observation NOTHING =
      new Observation(true, List.of(), List.of(), List.of(), false, List.of());

  /// Copies the lists.
  public Observation {
    evidence = List.copyOf(evidence);
    refusals = List.copyOf(refusals);
    executed = List.copyOf(executed);
    gaps = List.copyOf(gaps);
  }

  /// Whether nothing was lost.
  public boolean isComplete() {
    return gaps.isEmpty();
  }

  /// What was asked for and granted, and is likely to be needed.
  CapabilitySet used() {
    return set(true, false);
  }

  /// What was asked for and granted where the program may well do without.
  CapabilitySet weak() {
    CapabilitySet weak = set(true, true);
    return hasInnerNamespace ? weak.plus(Capability.CAP_SETFCAP) : weak;
  }

  /// What was asked for and denied, for whatever reason.
  CapabilitySet denied() {
    return denied(false).plus(denied(true));
  }

  /// What was asked for and denied.
  ///
  /// @param weak whether to take the checks without which the program may well do, or the others
  CapabilitySet denied(boolean weak) {
    return set(false, weak);
  }

  private CapabilitySet set(boolean granted, boolean weak) {
    CapabilitySet set = CapabilitySet.NONE;
    for (Evidence one : evidence) {
      if (one.granted() == granted && one.weak() == weak) {
        set = set.plus(one.capability());
      }
    }
    return set;
  }

  /// Whether a system call asked for a capability.
  boolean isAsked(Capability capability, String systemCall) {
    for (Evidence one : evidence) {
      if (one.capability() == capability && one.systemCall().equals(systemCall)) {
        return true;
      }
    }
    return false;
  }
}
