package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.learn.Diagnosis.Denial;
import dev.ocicap.learn.Diagnosis.Effect;
import dev.ocicap.learn.Diagnosis.Refused;
import dev.ocicap.learn.Diagnosis.Refuser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Runs a container once, once more for each capability that it was denied, and, where no single
/// one makes it work, with more and more of them.
final class Diagnosing {
  private static final String FILTERED = "the filter of system calls refuses it without";
  private static final int MOST_FILES = 200_000;

  private final Subject subject;
  private final Trials trials;
  private final CapabilitySet available;

  /// For each denied capability, by which calls; from the first run that it was denied in.
  private final Map<Capability, List<Evidence>> evidence = new EnumMap<>(Capability.class);

  private final Map<Capability, Denial> denials = new EnumMap<>(Capability.class);
  private final List<Refused> refused = new ArrayList<>();

  /// @param available what this machine can grant
  Diagnosing(Subject subject, Trials trials, CapabilitySet available) {
    this.subject = subject;
    this.trials = trials;
    this.available = available;
  }

  Diagnosis diagnose() throws IOException, InterruptedException {
    Trials.Outcome first = run(CapabilitySet.NONE, "the bundle as it is");
    CapabilitySet tried = denied(first);
    for (Capability capability : Search.byDanger(CapabilitySet.of(evidence.keySet())).reversed()) {
      if (!isOnlyFiltered(capability) || !isOpened(capability)) {
        denials.put(capability, single(capability, first, tried));
      }
    }
    CapabilitySet together = CapabilitySet.NONE;
    if (!first.worked() && !hasEffect(Effect.WORKS)) {
      together = grow(first, tried.intersect(available));
    }
    List<Denial> sorted = new ArrayList<>(denials.values());
    sorted.sort(Comparator.comparing(Denial::effect));
    return new Diagnosis(
        first.worked(),
        first.observation().started(),
        first.reason(),
        sorted,
        together,
        refused,
        first.observation().gaps(),
        trials.runs());
  }

  private boolean hasEffect(Effect effect) {
    for (Denial denial : denials.values()) {
      if (denial.effect() == effect) {
        return true;
      }
    }
    return false;
  }

  /// Notes what a run was denied: by the kernel, by a filter that follows the capabilities, and by
  /// execve for the sake of a file's capabilities.
  ///
  /// @return what may help
  private CapabilitySet denied(Trials.Outcome outcome) throws IOException {
    Observation observation = outcome.observation();
    CapabilitySet strong = observation.denied(false);
    for (Evidence one : observation.evidence()) {
      if (!one.granted()) {
        note(one);
      }
    }
    for (Refusal refusal : observation.refusals()) {
      strong = strong.plus(behind(refusal));
    }
    CapabilitySet weak = observation.denied(true).minus(strong);
    return strong.isEmpty() && !outcome.worked() ? weak : strong;
  }

  private void note(Evidence one) {
    List<Evidence> known = evidence.computeIfAbsent(one.capability(), _ -> new ArrayList<>());
    if (!calls(known).contains(call(one))) {
      known.add(one);
    }
  }

  private void note(Refusal refusal, Refuser by) {
    for (Refused known : refused) {
      if (known.refusal().systemCall().equals(refusal.systemCall())
          && known.refusal().program().equals(refusal.program())) {
        return;
      }
    }
    refused.add(new Refused(refusal, by));
  }

  /// The capabilities that stand behind a refusal although none was asked for.
  private CapabilitySet behind(Refusal refusal) throws IOException {
    if (subject.filter().refuses(refusal.systemCall())) {
      CapabilitySet opening =
          subject.filter().opening(refusal.systemCall()).minus(subject.ceiling());
      for (Capability capability : opening.members()) {
        note(evidence(capability, refusal, FILTERED));
      }
      if (opening.isEmpty()) {
        note(refusal, Refuser.FILTER);
      }
      return opening;
    }
    CapabilitySet demanded = CapabilitySet.NONE;
    if (refusal.systemCall().startsWith("execve") && refusal.error().equals("EPERM")) {
      demanded = demanded(refusal);
    }
    if (demanded.isEmpty()) {
      note(refusal, Refuser.OTHER);
    }
    return demanded;
  }

  /// What files of the container demand: execve refuses a file with the effective bit unless the
  /// process gets all its permitted capabilities (capabilities(7)).
  private CapabilitySet demanded(Refusal refusal) throws IOException {
    CapabilitySet[] demanded = {CapabilitySet.NONE};
    subject
        .files()
        .scan(
            MOST_FILES,
            (path, program) ->
                program
                    .capabilities()
                    .filter(file -> file.effective())
                    .ifPresent(file -> {
                      CapabilitySet missing = file.permitted().minus(subject.ceiling());
                      for (Capability capability : missing.members()) {
                        note(evidence(capability, refusal, "the file " + path + " demands it"));
                      }
                      demanded[0] = demanded[0].plus(missing);
                    }));
    return demanded[0];
  }

  private static Evidence evidence(Capability capability, Refusal refusal, String remark) {
    return new Evidence(
        capability, false, refusal.systemCall(), refusal.program(), remark, false, refusal.count());
  }

  private List<Evidence> asked(Capability capability) {
    return evidence.getOrDefault(capability, List.of());
  }

  private boolean isOnlyFiltered(Capability capability) {
    for (Evidence one : asked(capability)) {
      if (!one.remark().equals(FILTERED)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a less dangerous capability lets the same calls pass the filter.
  private boolean isOpened(Capability capability) {
    for (Denial denial : denials.values()) {
      boolean helps = denial.effect() == Effect.WORKS || denial.effect() == Effect.PASSES;
      if (helps && calls(denial.evidence()).containsAll(calls(asked(capability)))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> calls(List<Evidence> evidence) {
    List<String> calls = new ArrayList<>();
    for (Evidence one : evidence) {
      calls.add(call(one));
    }
    return calls;
  }

  private static String call(Evidence one) {
    return one.systemCall() + " by " + one.program();
  }

  private Denial single(Capability capability, Trials.Outcome first, CapabilitySet tried)
      throws IOException, InterruptedException {
    List<Evidence> asked = asked(capability);
    if (!tried.contains(capability)) {
      return new Denial(capability, asked, Effect.UNTRIED, "");
    }
    if (!available.contains(capability)) {
      return new Denial(capability, asked, Effect.NOT_HERE, "");
    }
    Trials.Outcome outcome = run(CapabilitySet.of(capability), "with " + capability.shortName());
    Effect effect = Effect.NOTHING;
    if (outcome.worked() && !first.worked()) {
      effect = Effect.WORKS;
    } else if (isGranted(capability, outcome.observation())) {
      effect = Effect.PASSES;
    }
    return new Denial(capability, asked, effect, outcome.reason());
  }

  private static boolean isGranted(Capability capability, Observation observation) {
    for (Evidence one : observation.evidence()) {
      if (one.capability() == capability && one.granted()) {
        return true;
      }
    }
    return false;
  }

  /// Grants what was denied, then what is denied with that, until the container works or nothing
  /// more is denied; of what works, as few as suffice.
  private CapabilitySet grow(Trials.Outcome first, CapabilitySet tried)
      throws IOException, InterruptedException {
    CapabilitySet granted = CapabilitySet.NONE;
    CapabilitySet more = tried;
    Trials.Outcome outcome = first;
    while (!outcome.worked() && !more.isEmpty()) {
      granted = granted.plus(more);
      outcome = run(granted, "with what was denied");
      more = denied(outcome).intersect(available).minus(granted).minus(subject.ceiling());
    }
    if (!outcome.worked()) {
      return CapabilitySet.NONE;
    }
    CapabilitySet fewest = new Search((set, purpose) -> run(set, purpose).worked()).shrink(granted);
    for (Capability capability : granted.members()) {
      Denial known = denials.get(capability);
      if (fewest.contains(capability) || known == null) {
        denials.put(
            capability,
            new Denial(
                capability,
                asked(capability),
                fewest.contains(capability) ? Effect.TOGETHER : Effect.NOTHING,
                ""));
      }
    }
    return fewest;
  }

  private Trials.Outcome run(CapabilitySet more, String purpose)
      throws IOException, InterruptedException {
    return trials.run(
        new Trials.Order(
            subject.adding(more),
            subject.ceiling().plus(more),
            purpose,
            Trace.Detail.REFUSALS,
            false));
  }
}
