package dev.ocicap.insight;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.SetName;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// What differs between two views, by area: what only the first has, and what only the second has.
///
/// @param changes the areas with a difference
public record SecurityDiff(List<Change> changes) {
  /// Copies the list.
  public SecurityDiff {
    changes = List.copyOf(changes);
  }

  /// The difference of one area.
  ///
  /// @param area its heading; a set of capabilities is an area
  /// @param removed what only the first has
  /// @param added what only the second has
  public record Change(String area, List<String> removed, List<String> added) {
    /// Copies the lists.
    public Change {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
    }
  }

  /// The difference of two views.
  ///
  /// @param capabilitiesOnly whether only the sets are compared, for a baseline of which no more is
  ///   known
  public static SecurityDiff of(SecurityView before, SecurityView after, boolean capabilitiesOnly) {
    List<Change> changes = new ArrayList<>();
    for (SetName set : SetName.values()) {
      CapabilitySet old = before.capabilities().set(set);
      CapabilitySet young = after.capabilities().set(set);
      add(changes, set.key(), names(old.minus(young)), names(young.minus(old)));
    }
    both(changes, "unknown capability names", before.unknownNames(), after.unknownNames());
    if (!capabilitiesOnly) {
      List<SecurityView.Area> old = before.areas();
      List<SecurityView.Area> young = after.areas();
      for (int i = 0; i < old.size(); i++) {
        both(changes, old.get(i).name(), old.get(i).items(), young.get(i).items());
      }
      filters(changes, before, after);
    }
    return new SecurityDiff(changes);
  }

  private static void filters(List<Change> changes, SecurityView before, SecurityView after) {
    RuntimeConfig first = before.config();
    RuntimeConfig second = after.config();
    if (first == null || second == null) {
      return;
    }
    FilterView old = FilterView.of(first);
    FilterView young = FilterView.of(second);
    if (old.isPresent() && young.isPresent()) {
      both(changes, "filter", old.whole(), young.whole());
      both(changes, "system calls allowed", old.allowed(), young.allowed());
      both(changes, "other system calls", old.others(), young.others());
    }
  }

  private static void both(
      List<Change> changes, String area, List<String> old, List<String> young) {
    add(changes, area, only(old, young), only(young, old));
  }

  /// Whether the two are the same in everything that was compared.
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  private static void add(
      List<Change> changes, String area, List<String> removed, List<String> added) {
    if (!removed.isEmpty() || !added.isEmpty()) {
      changes.add(new Change(area, removed, added));
    }
  }

  private static List<String> names(CapabilitySet set) {
    List<String> names = new ArrayList<>();
    for (Capability capability : set.members()) {
      names.add(capability.shortName());
    }
    return names;
  }

  private static List<String> only(List<String> these, List<String> others) {
    List<String> only = new ArrayList<>();
    for (String item : these) {
      if (!others.contains(item)) {
        only.add(item);
      }
    }
    return only;
  }
}
