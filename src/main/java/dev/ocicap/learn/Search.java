package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Searches a smallest set with which a container works, by trial runs.
final class Search {

  /// Tries a set.
  @FunctionalInterface
  interface Trial {
    /// Whether the container works with the set.
    ///
    /// @param purpose why it is tried, in words
    boolean works(CapabilitySet set, String purpose) throws IOException, InterruptedException;
  }

  /// What was found.
  ///
  /// @param found whether there is a set that works
  /// @param needed the set; without any of its members the container did not work at least once
  /// @param flaky the members without which it worked another time
  /// @param repeated whether the set worked again
  record Result(boolean found, CapabilitySet needed, CapabilitySet flaky, boolean repeated) {}

  private static final int ATTEMPTS = 3;

  private final Trial trial;
  private final Map<CapabilitySet, Boolean> known = new HashMap<>();

  Search(Trial trial) {
    this.trial = trial;
  }

  /// Takes the outcome of a run for granted.
  void know(CapabilitySet set, boolean works) {
    known.put(set, works);
  }

  private boolean works(CapabilitySet set, String purpose)
      throws IOException, InterruptedException {
    Boolean before = known.get(set);
    if (before == null) {
      before = trial.works(set, purpose);
      known.put(set, before);
    }
    return before;
  }

  /// Searches. A set that worked once and then not is taken for one that does not work, and the
  /// search goes on with what is known by then.
  ///
  /// @param likely what was seen to be used
  /// @param weak what may be needed
  /// @param ceiling what may be granted at most
  Result search(CapabilitySet likely, CapabilitySet weak, CapabilitySet ceiling)
      throws IOException, InterruptedException {
    Result result = once(likely, weak, ceiling);
    CapabilitySet flaky = result.flaky;
    for (int i = 1; i < ATTEMPTS && result.found && !result.repeated; i++) {
      CapabilitySet before = result.needed;
      known.put(before, false);
      result = once(likely, weak, ceiling);
      flaky = flaky.plus(result.flaky).plus(result.needed.minus(before));
    }
    return new Result(result.found, result.needed, flaky, result.repeated);
  }

  private Result once(CapabilitySet likely, CapabilitySet weak, CapabilitySet ceiling)
      throws IOException, InterruptedException {
    CapabilitySet base = likely.intersect(ceiling);
    if (!works(base, "what was used")) {
      base = base.plus(weak.intersect(ceiling));
      if (!works(base, "and what may be needed")) {
        if (!works(ceiling, "everything that the bundle has")) {
          return new Result(false, ceiling, CapabilitySet.NONE, false);
        }
        base = base.plus(divide(base, ceiling.minus(base).members()));
      }
    }
    return confirm(shrink(base));
  }

  /// Takes one away after another, the most dangerous first, until none can go. One that could not
  /// go before may after another one did: a program that cannot give a file away needs no right to
  /// the files of others.
  CapabilitySet shrink(CapabilitySet set) throws IOException, InterruptedException {
    CapabilitySet smallest = set;
    CapabilitySet before;
    do {
      before = smallest;
      for (Capability capability : byDanger(before)) {
        CapabilitySet less = smallest.minus(CapabilitySet.of(capability));
        if (works(less, "without " + capability.shortName())) {
          smallest = less;
        }
      }
    } while (!smallest.equals(before));
    return smallest;
  }

  /// Does the last pass again: what did not work must not work now.
  private Result confirm(CapabilitySet set) throws IOException, InterruptedException {
    CapabilitySet flaky = CapabilitySet.NONE;
    for (Capability capability : byDanger(set)) {
      CapabilitySet less = set.minus(CapabilitySet.of(capability));
      if (trial.works(less, "again without " + capability.shortName())) {
        flaky = flaky.plus(capability);
      }
    }
    return new Result(true, set, flaky, trial.works(set, "again with all of them"));
  }

  /// The most dangerous first.
  static List<Capability> byDanger(CapabilitySet set) {
    List<Capability> members = new ArrayList<>(set.members());
    members.sort(
        Comparator.comparing((Capability capability) -> CapabilityFacts.of(capability).risk()));
    return members;
  }

  /// Delta debugging (Zeller and Hildebrandt, ddmin): a smallest part of the choices that works
  /// together with what is fixed; no member of it can go.
  private CapabilitySet divide(CapabilitySet fixed, List<Capability> choices)
      throws IOException, InterruptedException {
    List<Capability> part = choices;
    int pieces = 2;
    while (part.size() >= 2) {
      List<Capability> smaller = smaller(fixed, part, pieces);
      if (smaller.size() < part.size()) {
        pieces = smaller.size() <= part.size() / 2 ? 2 : Math.max(pieces - 1, 2);
        part = smaller;
      } else if (pieces < part.size()) {
        pieces = Math.min(pieces * 2, part.size());
      } else {
        break;
      }
    }
    return CapabilitySet.of(part);
  }

  /// One of the pieces, or all but one of them, if that works; else the whole part.
  private List<Capability> smaller(CapabilitySet fixed, List<Capability> part, int pieces)
      throws IOException, InterruptedException {
    for (boolean complement : new boolean[] {false, true}) {
      if (complement && pieces == 2) {
        break;
      }
      for (int i = 0; i < pieces; i++) {
        List<Capability> piece =
            part.subList(part.size() * i / pieces, part.size() * (i + 1) / pieces);
        List<Capability> tried = new ArrayList<>(complement ? part : piece);
        if (complement) {
          tried.removeAll(piece);
        }
        if (works(fixed.plus(CapabilitySet.of(tried)), "a part of the rest")) {
          return List.copyOf(tried);
        }
      }
    }
    return part;
  }
}
