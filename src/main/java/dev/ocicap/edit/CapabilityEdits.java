package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityPlan;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Edits of `process.capabilities` (config.md#linux-process). Names that stay keep their place in
/// their array; names that the kernel does not have are left alone, unless everything is to go.
public final class CapabilityEdits {
  private CapabilityEdits() {}

  /// Changes the five sets as a plan says; all five arrays are there afterwards.
  ///
  /// @param available what `ALL` means
  /// @param told hears what became of the sets
  public static SpecEdit change(
      CapabilityPlan plan, CapabilitySet available, Consumer<CapabilityPlan.Outcome> told) {
    return draft -> {
      ProcessCapabilities base = read(draft);
      boolean root = draft.find("process", "user", "uid").map(JsonNode::asLong).orElse(0L) == 0;
      CapabilityPlan.Outcome outcome = plan.apply(base, root, available);
      for (SetName name : SetName.values()) {
        rewrite(draft, name, outcome.sets().set(name), outcome.dropped().set(name));
      }
      told.accept(outcome);
    };
  }

  private static ProcessCapabilities read(ConfigDraft draft) {
    ProcessCapabilities sets = ProcessCapabilities.NONE;
    for (SetName name : SetName.values()) {
      CapabilitySet set = CapabilitySet.NONE;
      for (JsonNode member : draft.array("process", "capabilities", name.key())) {
        Optional<Capability> capability = Capability.spelt(member.asText());
        set = capability.isPresent() ? set.plus(capability.get()) : set;
      }
      sets = sets.with(name, set);
    }
    return sets;
  }

  /// Replaces the five sets; all five arrays are written, in the kernel's order.
  public static SpecEdit replace(ProcessCapabilities capabilities) {
    return draft -> {
      for (SetName name : SetName.values()) {
        draft.set(names(capabilities.set(name)), "process", "capabilities", name.key());
      }
    };
  }

  /// Replaces the five sets; an empty set is left out, and the object stays when all are: a runtime
  /// may take its absence for "keep everything".
  public static SpecEdit replaceCompactly(ProcessCapabilities capabilities) {
    return draft -> {
      draft.remove("process", "capabilities");
      draft.object("process", "capabilities");
      for (SetName name : SetName.values()) {
        if (!capabilities.set(name).isEmpty()) {
          draft.set(names(capabilities.set(name)), "process", "capabilities", name.key());
        }
      }
    };
  }

  private static ArrayNode names(CapabilitySet set) {
    ArrayNode names = JsonValues.array();
    for (Capability capability : set.members()) {
      names.add(JsonValues.string(capability.name()));
    }
    return names;
  }

  private static void rewrite(
      ConfigDraft draft, SetName set, CapabilitySet target, CapabilitySet dropped) {
    ArrayNode array = draft.array("process", "capabilities", set.key());
    List<JsonNode> names = new ArrayList<>();
    CapabilitySet present = CapabilitySet.NONE;
    for (JsonNode name : array) {
      Optional<Capability> capability = Capability.spelt(name.asText());
      boolean stays =
          capability.isPresent() ? target.contains(capability.get()) : !isDropped(name, dropped);
      if (stays) {
        names.add(name);
        present = capability.map(present::plus).orElse(present);
      }
    }
    boolean ordered = isOrdered(names);
    for (Capability capability : target.minus(present).members()) {
      names.add(
          ordered ? position(names, capability) : names.size(),
          JsonValues.string(capability.name()));
    }
    array.removeAll().addAll(names);
  }

  /// Whether a name that the specification does not have is to go: with everything, or because a
  /// runtime may take it for what is dropped; crun reads names in any case, and numbers.
  private static boolean isDropped(JsonNode name, CapabilitySet dropped) {
    if (!dropped.minus(CapabilitySet.ALL).isEmpty()) {
      return true;
    }
    String text = name.asText();
    int comma = text.indexOf(',');
    String first = comma < 0 ? text : text.substring(0, comma);
    for (Capability capability : dropped.members()) {
      int number = capability.number();
      if (first.equals(Integer.toString(number))
          || first.equalsIgnoreCase("0x" + Integer.toHexString(number))
          || first.equalsIgnoreCase("0" + Integer.toOctalString(number))
          || Capability.find(first).equals(Optional.of(capability))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOrdered(List<JsonNode> names) {
    int last = -1;
    for (JsonNode name : names) {
      int number = number(name);
      if (number < last) {
        return false;
      }
      last = number;
    }
    return true;
  }

  private static int position(List<JsonNode> names, Capability capability) {
    int position = names.size();
    while (position > 0 && number(names.get(position - 1)) > capability.number()) {
      position--;
    }
    return position;
  }

  private static int number(JsonNode name) {
    return Capability.spelt(name.asText()).map(Capability::number).orElse(Integer.MAX_VALUE);
  }
}
