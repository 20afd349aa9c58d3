package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.learn.Diagnosis.Denial;
import dev.ocicap.learn.Diagnosis.Effect;
import dev.ocicap.learn.Diagnosis.Refused;
import dev.ocicap.learn.Diagnosis.Refuser;
import dev.ocicap.learn.Trials.Order;
import dev.ocicap.seccomp.FilterDecisions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Runs a container once, once more for each capability that it was denied, and, where no single
/// one makes it work, with more and more of them.
final class Diagnosing {
  private static final String FILTERED = "the filter of system calls refuses it without";
  private static final int MOST_FILES = 200_000;
  private static final int MOST_STEPS = 30;

  private final Subject subject;
  private final Trials trials;
  private final CapabilitySet available;

  /// For each denied capability, by which calls; from the first run that it was denied in.
  private final Map<Capability, List<Evidence>> evidence = new EnumMap<>(Capability.class);

  private final Map<Capability, Denial> denials = new EnumMap<>(Capability.class);
  private final List<Refused> refused = new ArrayList<>();

  /// What makes the container work, where no single capability does.
  private More together = More.NOTHING;

  /// What a run has more than the bundle.
  ///
  /// @param calls the system calls that the filter lets pass
  private record More(CapabilitySet capabilities, SortedSet<String> calls) {
    static final More NOTHING = new More(CapabilitySet.NONE, new TreeSet<>());

    boolean isEmpty() {
      return capabilities.isEmpty() && calls.isEmpty();
    }

    More plus(More other) {
      SortedSet<String> all = new TreeSet<>(calls);
      all.addAll(other.calls);
      return new More(capabilities.plus(other.capabilities), all);
    }

    More with(CapabilitySet others) {
      return new More(others, calls);
    }

    More without(String call) {
      SortedSet<String> fewer = new TreeSet<>(calls);
      fewer.remove(call);
      return new More(capabilities, fewer);
    }
  }

  /// @param available what this machine can grant
  Diagnosing(Subject subject, Trials trials, CapabilitySet available) {
    this.subject = subject;
    this.trials = trials;
    this.available = available;
  }

  Diagnosis diagnose() throws IOException, InterruptedException {
    Trials.Outcome first = run(More.NOTHING, "the bundle as it is");
    CapabilitySet tried = denied(first);
    if (FilterDecisions.of(subject.config()).endProcesses()) {
      tried = tried.plus(ended(More.NOTHING));
    }
    for (Capability capability : Search.byDanger(CapabilitySet.of(evidence.keySet())).reversed()) {
      if (!isOnlyFiltered(capability) || !isOpened(capability)) {
        denials.put(capability, single(capability, first, tried));
      }
    }
    if (!first.worked() && !hasEffect(Effect.WORKS)) {
      grow(tried.intersect(available));
    }
    List<Denial> sorted = new ArrayList<>(denials.values());
    sorted.sort(Comparator.comparing(Denial::effect));
    if (first.worked()) {
      // The program went on without the call, as it was meant to.
      refused.removeIf(
          one -> one.by() == Refuser.FILTER && one.refusal().error().equals(Errno.MISSING));
    }
    return new Diagnosis(
        first.worked(),
        first.observation().started(),
        first.reason(),
        first.runtimeError(),
        sorted,
        together.capabilities(),
        List.copyOf(together.calls()),
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
    for (Evidence one : observation.evidence()) {
      if (!one.granted()) {
        note(one);
      }
    }
    CapabilitySet strong = observation.denied(false).plus(behind(observation.refusals()));
    CapabilitySet weak = observation.denied(true).minus(strong);
    return strong.isEmpty() && !outcome.worked() ? weak : strong;
  }

  /// Nothing tells which call a filter ends a process for, so that a run with a filter that refuses
  /// such calls shows them.
  ///
  /// @return what may help
  private CapabilitySet ended(More more) throws IOException, InterruptedException {
    Order order = order(more, "the filter refuses what it would end a process for");
    Observation observation =
        trials
            .run(order.with(order.config().edit(FilterDecisions.failInsteadOfEnding(Errno.END))))
            .observation();
    List<Refusal> ends = new ArrayList<>();
    for (Refusal refusal : observation.refusals()) {
      if (refusal.error().equals(Refusal.ENDED)) {
        ends.add(refusal);
      }
    }
    return behind(ends);
  }

  private CapabilitySet behind(List<Refusal> refusals) throws IOException {
    CapabilitySet behind = CapabilitySet.NONE;
    for (Refusal refusal : refusals) {
      behind = behind.plus(behind(refusal));
    }
    return behind;
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
    if (refusal.filtered()) {
      CapabilitySet opening =
          refusal.error().equals(Errno.MISSING)
              ? CapabilitySet.NONE
              : subject.filter().opening(refusal.systemCall()).minus(subject.ceiling());
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
    Trials.Outcome outcome =
        run(More.NOTHING.with(CapabilitySet.of(capability)), "with " + capability.shortName());
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

  /// Grants what was denied and lets pass what the filter refused, then what is denied with that,
  /// until the container works or nothing more is denied; of what works, as little as suffices.
  private void grow(CapabilitySet tried) throws IOException, InterruptedException {
    boolean ends = FilterDecisions.of(subject.config()).endProcesses();
    More granted = More.NOTHING;
    More next = new More(tried, filtered());
    boolean worked = false;
    for (int i = 0; i < MOST_STEPS && !worked && !next.isEmpty(); i++) {
      granted = granted.plus(next);
      Trials.Outcome outcome = run(granted, "with what was denied");
      worked = outcome.worked();
      CapabilitySet denied = denied(outcome);
      if (ends && !worked) {
        denied = denied.plus(ended(granted));
      }
      SortedSet<String> calls = filtered();
      calls.removeAll(granted.calls());
      next =
          new More(
              denied.intersect(available).minus(granted.capabilities()).minus(subject.ceiling()),
              calls);
    }
    if (worked) {
      together = fewest(granted);
      for (Capability capability : granted.capabilities().members()) {
        boolean needed = together.capabilities().contains(capability);
        Denial known = denials.get(capability);
        if (needed || known == null) {
          Effect effect = needed ? Effect.TOGETHER : Effect.NOTHING;
          denials.put(capability, new Denial(capability, asked(capability), effect, ""));
        }
      }
    }
  }

  /// The system calls that a filter refuses, of which no capability makes it let them pass.
  private SortedSet<String> filtered() {
    SortedSet<String> calls = new TreeSet<>();
    for (Refused one : refused) {
      if (one.by() == Refuser.FILTER) {
        calls.add(one.refusal().systemCall());
      }
    }
    return calls;
  }

  /// Takes one call away after another, then the capabilities.
  private More fewest(More granted) throws IOException, InterruptedException {
    More fewest = granted;
    for (String call : granted.calls()) {
      More less = fewest.without(call);
      if (!less.isEmpty() && run(less, "without " + call).worked()) {
        fewest = less;
      }
    }
    More needed = fewest;
    Search search = new Search((set, purpose) -> run(needed.with(set), purpose).worked());
    if (needed.calls().isEmpty()) {
      search.know(CapabilitySet.NONE, false);
    }
    return needed.with(search.shrink(needed.capabilities()));
  }

  private Trials.Outcome run(More more, String purpose) throws IOException, InterruptedException {
    return trials.run(order(more, purpose));
  }

  private Order order(More more, String purpose) {
    return new Order(
        Subject.passing(subject.adding(more.capabilities()), more.calls()),
        subject.ceiling().plus(more.capabilities()),
        purpose,
        Trace.Detail.REFUSALS,
        false);
  }
}
