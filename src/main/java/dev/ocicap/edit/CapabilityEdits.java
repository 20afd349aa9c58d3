package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Edits of `process.capabilities` (config.md#linux-process). Names that stay keep their place in
/// their array; names that the kernel does not have are left alone.
public final class CapabilityEdits {
  private CapabilityEdits() {}

  /// Grants and takes away capabilities so that the process really has or lacks them: what is taken
  /// away leaves all five sets; what is granted joins bounding, effective and permitted, and for a
  /// user that is not root inheritable and ambient too, since execve clears the others.
  ///
  /// @param available what `ALL` means
  public static SpecEdit change(CapabilityRequest request, CapabilitySet available) {
    if (request.isEmpty()) {
      return SpecEdit.nothing();
    }
    CapabilitySet granted = request.granted(available);
    CapabilitySet revoked = request.revoked(available);
    return draft -> {
      boolean root = draft.find("process", "user", "uid").map(JsonNode::asLong).orElse(0L) == 0;
      for (SetName name : SetName.values()) {
        boolean joins = !root || (name != SetName.INHERITABLE && name != SetName.AMBIENT);
        rewrite(draft, name, revoked, joins ? granted : CapabilitySet.NONE);
      }
    };
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
      ConfigDraft draft, SetName set, CapabilitySet remove, CapabilitySet add) {
    ArrayNode array = draft.array("process", "capabilities", set.key());
    List<JsonNode> names = new ArrayList<>();
    CapabilitySet present = CapabilitySet.NONE;
    for (JsonNode name : array) {
      Optional<Capability> capability = Capability.spelt(name.asText());
      if (capability.isEmpty() || !remove.contains(capability.get())) {
        names.add(name);
        present = capability.map(present::plus).orElse(present);
      }
    }
    boolean ordered = isOrdered(names);
    for (Capability capability : add.minus(present).members()) {
      names.add(
          ordered ? position(names, capability) : names.size(),
          JsonValues.string(capability.name()));
    }
    array.removeAll().addAll(names);
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
