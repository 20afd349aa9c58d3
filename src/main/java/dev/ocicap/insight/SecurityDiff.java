package dev.ocicap.insight;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.SetName;
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
    add(
        changes,
        "unknown capability names",
        only(before.unknownNames(), after.unknownNames()),
        only(after.unknownNames(), before.unknownNames()));
    if (!capabilitiesOnly) {
      List<SecurityView.Area> old = before.areas();
      List<SecurityView.Area> young = after.areas();
      for (int i = 0; i < old.size(); i++) {
        add(
            changes,
            old.get(i).name(),
            only(old.get(i).items(), young.get(i).items()),
            only(young.get(i).items(), old.get(i).items()));
      }
      if (before.seccomp().isPresent() && after.seccomp().isPresent()) {
        add(
            changes,
            "system calls allowed",
            only(before.seccomp().allowed(), after.seccomp().allowed()),
            only(after.seccomp().allowed(), before.seccomp().allowed()));
      }
    }
    return new SecurityDiff(changes);
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
