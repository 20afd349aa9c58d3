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

  /// What a plan makes of the five sets.
  ///
  /// @param sets the new sets
  /// @param completions what joined a set because another one needs it there, in words
  /// @param losses what left a set because it had no basis, in words
  public record Outcome(ProcessCapabilities sets, List<String> completions, List<String> losses) {
    /// Copies the lists.
    public Outcome {
      completions = List.copyOf(completions);
      losses = List.copyOf(losses);
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
    return new Outcome(based, completions(base, wanted, needed), losses(result, based));
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

  private static List<String> completions(
      ProcessCapabilities base, ProcessCapabilities wanted, ProcessCapabilities needed) {
    List<String> words = new ArrayList<>();
    for (SetName name : SetName.values()) {
      CapabilitySet extra = needed.set(name).minus(wanted.set(name)).minus(base.set(name));
      if (!extra.isEmpty()) {
        words.add(extra + " also joins " + name.key() + ", without which " + reason(name));
      }
    }
    return words;
  }

  private static String reason(SetName basis) {
    return switch (basis) {
      case BOUNDING -> "the runtime refuses it in inheritable and execve drops it from permitted";
      case PERMITTED -> "the runtime refuses it in effective and drops it from ambient in silence";
      case INHERITABLE -> "the runtime drops it from ambient in silence";
      case EFFECTIVE, AMBIENT -> "nothing changes";
    };
  }

  private static List<String> losses(ProcessCapabilities before, ProcessCapabilities after) {
    List<String> words = new ArrayList<>();
    for (SetName name : SetName.values()) {
      CapabilitySet lost = before.set(name).minus(after.set(name));
      if (!lost.isEmpty()) {
        words.add(
            lost
                + " leaves "
                + name.key()
                + switch (name) {
                  case EFFECTIVE -> ": permitted lacks it, and a runtime refuses to start";
                  case INHERITABLE -> ": bounding lacks it, and a runtime refuses to start";
                  case PERMITTED -> ": bounding lacks it, and execve drops it";
                  case AMBIENT ->
                      ": permitted or inheritable lacks it, and a runtime drops it in silence";
                  case BOUNDING -> "";
                });
      }
    }
    return words;
  }
}
