package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.learn.Diagnosis.Denial;
import dev.ocicap.learn.Diagnosis.Effect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Runs a container once, and once more for each capability that it was denied.
final class Diagnosing {
  private final Subject subject;
  private final Trials trials;
  private final CapabilitySet available;

  /// @param available what this machine can grant
  Diagnosing(Subject subject, Trials trials, CapabilitySet available) {
    this.subject = subject;
    this.trials = trials;
    this.available = available;
  }

  Diagnosis diagnose() throws IOException, InterruptedException {
    Trials.Outcome first = run(CapabilitySet.NONE, "the bundle as it is");
    Observation observation = first.observation();
    CapabilitySet strong = observation.denied(false);
    CapabilitySet weak = observation.denied(true).minus(strong);
    CapabilitySet tried = strong.isEmpty() && !first.worked() ? weak : strong;
    List<Denial> denials = new ArrayList<>();
    boolean helped = first.worked();
    for (Capability capability : strong.plus(weak).members()) {
      Denial denial = denial(capability, first, tried);
      denials.add(denial);
      helped |= denial.effect() == Effect.WORKS;
    }
    denials.sort(Comparator.comparing(Denial::effect));
    CapabilitySet all = tried.intersect(available);
    boolean together =
        !helped && all.size() > 1 && run(all, "with everything that was denied").worked();
    return new Diagnosis(
        first.worked(), first.reason(), denials, together, observation.gaps(), trials.runs());
  }

  private Denial denial(Capability capability, Trials.Outcome first, CapabilitySet tried)
      throws IOException, InterruptedException {
    List<Evidence> evidence = new ArrayList<>();
    for (Evidence one : first.observation().evidence()) {
      if (one.capability() == capability && !one.granted()) {
        evidence.add(one);
      }
    }
    if (!tried.contains(capability)) {
      return new Denial(capability, evidence, Effect.UNTRIED, "");
    }
    if (!available.contains(capability)) {
      return new Denial(capability, evidence, Effect.NOT_HERE, "");
    }
    Trials.Outcome outcome = run(CapabilitySet.of(capability), "with " + capability.shortName());
    Effect effect = Effect.NOTHING;
    if (outcome.worked() && !first.worked()) {
      effect = Effect.WORKS;
    } else if (isGranted(capability, outcome.observation())) {
      effect = Effect.PASSES;
    }
    return new Denial(capability, evidence, effect, outcome.reason());
  }

  private static boolean isGranted(Capability capability, Observation observation) {
    for (Evidence one : observation.evidence()) {
      if (one.capability() == capability && one.granted()) {
        return true;
      }
    }
    return false;
  }

  private Trials.Outcome run(CapabilitySet more, String purpose)
      throws IOException, InterruptedException {
    return trials.run(
        new Trials.Order(
            subject.adding(more), subject.ceiling().plus(more), purpose, true, false, false));
  }
}
