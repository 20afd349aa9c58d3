package dev.ocicap.cap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A change of the five sets, and the rules by which it never leaves sets that a runtime refuses or
/// drops in silence: effective needs permitted; inheritable and permitted need bounding; ambient
/// needs permitted and inheritable.
///
/// An add wins over a drop of the same capability, except that a drop from one named set wins over
/// an add that names none. What is added to a named set is also added to the sets that it needs
/// there; what is dropped from a named set also leaves the sets that need it there. What the sets
/// held before without a basis is taken away: no process ever had it.
///
/// @param replacement what the sets hold before anything is added or dropped, instead of what they
///   held; it goes where the request's adds go; null when they are not replaced
/// @param request what is added and dropped without naming a set
/// @param sets the sets that the request means; empty for those that make it work for the user: all
///   five for drops; bounding, effective and permitted for what root is to have; all five for what
///   another user is to have, since execve clears the others
/// @param additions what is added to a named set
/// @param removals what is dropped from a named set
/// @param ambient whether everything permitted becomes inheritable and ambient too
public record CapabilityPlan(
    @Nullable CapabilitySet replacement,
    CapabilityRequest request,
    List<SetName> sets,
    ProcessCapabilities additions,
    ProcessCapabilities removals,
    boolean ambient) {

  /// Copies the sets.
  public CapabilityPlan {
    sets = List.copyOf(sets);
  }

  private static final CapabilitySet BEYOND = new CapabilitySet(-1L).minus(CapabilitySet.ALL);

  /// Changes nothing but sets without a basis.
  public static final CapabilityPlan NOTHING = of(CapabilityRequest.NOTHING);

  /// Adds and drops without naming a set.
  public static CapabilityPlan of(CapabilityRequest request) {
    return new CapabilityPlan(
        null, request, List.of(), ProcessCapabilities.NONE, ProcessCapabilities.NONE, false);
  }

  /// Whether nothing was asked for.
  public boolean isEmpty() {
    // Not equals(): a record's own is linked anew at every start.
    return replacement == null
        && request.isEmpty()
        && sets.isEmpty()
        && additions.union().isEmpty()
        && removals.union().isEmpty()
        && !ambient;
  }

  /// Capabilities that a runtime would refuse in a set or drop from it, for want of another set.
  ///
  /// @param capabilities which ones
  /// @param set the set that they are put into or taken out of
  /// @param joins whether they are put into it
  /// @param reason what would happen otherwise
  public record Mend(CapabilitySet capabilities, SetName set, boolean joins, String reason) {

    /// What was done.
    public String done() {
      return joins
          ? capabilities + " also joins " + set.key() + ", without which " + reason
          : capabilities + " leaves " + set.key() + ": " + reason;
    }

    /// What is wrong, when nothing was done about it.
    public String refused() {
      return joins
          ? capabilities + " is not in " + set.key() + ", without which " + reason
          : capabilities + " cannot stay in " + set.key() + ": " + reason;
    }
  }

  /// What a plan makes of the five sets.
  ///
  /// @param sets the new sets
  /// @param dropped what is to leave each set; with bits of no capability when everything is, even
  ///   what no release knows
  /// @param mends what joined a set because another one needs it there, and what left one because
  ///   it had no basis
  public record Outcome(ProcessCapabilities sets, ProcessCapabilities dropped, List<Mend> mends) {
    /// Copies the list.
    public Outcome {
      mends = List.copyOf(mends);
    }
  }

  /// What the five sets become.
  ///
  /// @param base the sets before
  /// @param root whether the process' user is root
  /// @param available what `ALL` means
  public Outcome apply(ProcessCapabilities base, boolean root, CapabilitySet available) {
    CapabilitySet granted = request.granted(available);
    CapabilitySet revoked = request.revoked(available);
    ProcessCapabilities wanted = additions;
    ProcessCapabilities dropped = removals;
    ProcessCapabilities joined = ProcessCapabilities.NONE;
    ProcessCapabilities result = replacement == null ? base : ProcessCapabilities.NONE;
    for (SetName name : SetName.values()) {
      boolean automatic = sets.isEmpty() && (!root || worksForRoot(name));
      if (replacement != null && (automatic || sets.contains(name))) {
        result = result.with(name, replacement);
      }
      if (sets.contains(name)) {
        wanted = wanted.with(name, wanted.set(name).plus(granted));
      } else if (automatic) {
        joined = joined.with(name, granted);
      }
      if (sets.isEmpty() || sets.contains(name)) {
        dropped = dropped.with(name, dropped.set(name).plus(revoked));
      }
      if (replacement != null) {
        dropped = dropped.with(name, dropped.set(name).plus(BEYOND));
      }
    }
    ProcessCapabilities needed = needed(wanted);
    for (SetName name : SetName.values()) {
      CapabilitySet kept =
          result.set(name).plus(joined.set(name)).minus(dropped.set(name)).plus(needed.set(name));
      result = result.with(name, kept);
    }
    if (ambient) {
      result =
          result
              .with(SetName.INHERITABLE, result.inheritable().plus(result.permitted()))
              .with(SetName.AMBIENT, result.ambient().plus(result.permitted()));
    }
    ProcessCapabilities based = based(result);
    List<Mend> mends = new ArrayList<>();
    completions(base, wanted, needed, mends);
    losses(result, based, mends);
    return new Outcome(based, dropped, mends);
  }

  private static boolean worksForRoot(SetName name) {
    return switch (name) {
      case BOUNDING, EFFECTIVE, PERMITTED -> true;
      case INHERITABLE, AMBIENT -> false;
    };
  }

  /// The sets with everything that their members need in other sets.
  private static ProcessCapabilities needed(ProcessCapabilities wanted) {
    CapabilitySet inheritable = wanted.inheritable().plus(wanted.ambient());
    CapabilitySet permitted = wanted.permitted().plus(wanted.ambient()).plus(wanted.effective());
    return new ProcessCapabilities(
        wanted.bounding().plus(inheritable).plus(permitted),
        wanted.effective(),
        inheritable,
        permitted,
        wanted.ambient());
  }

  /// The sets without the members that have no basis.
  private static ProcessCapabilities based(ProcessCapabilities sets) {
    CapabilitySet permitted = sets.permitted().intersect(sets.bounding());
    CapabilitySet inheritable = sets.inheritable().intersect(sets.bounding());
    return new ProcessCapabilities(
        sets.bounding(),
        sets.effective().intersect(permitted),
        inheritable,
        permitted,
        sets.ambient().intersect(permitted).intersect(inheritable));
  }

  private static void completions(
      ProcessCapabilities base,
      ProcessCapabilities wanted,
      ProcessCapabilities needed,
      List<Mend> mends) {
    for (SetName name : SetName.values()) {
      CapabilitySet extra = needed.set(name).minus(wanted.set(name)).minus(base.set(name));
      if (!extra.isEmpty()) {
        mends.add(new Mend(extra, name, true, reason(name)));
      }
    }
  }

  private static String reason(SetName basis) {
    return switch (basis) {
      case BOUNDING -> "the runtime refuses it in inheritable and execve drops it from permitted";
      case PERMITTED -> "the runtime refuses it in effective and drops it from ambient in silence";
      case INHERITABLE -> "the runtime drops it from ambient in silence";
      case EFFECTIVE, AMBIENT -> "nothing changes";
    };
  }

  private static void losses(
      ProcessCapabilities before, ProcessCapabilities after, List<Mend> mends) {
    for (SetName name : SetName.values()) {
      CapabilitySet lost = before.set(name).minus(after.set(name));
      if (!lost.isEmpty()) {
        mends.add(new Mend(lost, name, false, lack(name)));
      }
    }
  }

  private static String lack(SetName set) {
    return switch (set) {
      case EFFECTIVE -> "permitted lacks it, and a runtime refuses to start";
      case INHERITABLE -> "bounding lacks it, and a runtime refuses to start";
      case PERMITTED -> "bounding lacks it, and execve drops it";
      case AMBIENT -> "permitted or inheritable lacks it, and a runtime drops it in silence";
      case BOUNDING -> "";
    };
  }
}
