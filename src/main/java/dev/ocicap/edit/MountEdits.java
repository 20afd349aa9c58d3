package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Mount;
import java.util.List;

/// Edits of `mounts` (config.md#mounts) and of what concerns all of them.
public final class MountEdits {
  private MountEdits() {}

  /// Replaces `mounts`.
  public static SpecEdit replace(List<Mount> mounts) {
    List<Mount> copy = List.copyOf(mounts);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (Mount mount : copy) {
        array.add(node(mount));
      }
      draft.set(array, "mounts");
    };
  }

  /// Adds a mount: it replaces the one at the same destination, or goes to the end, but before the
  /// mounts that it would hide.
  public static SpecEdit add(Mount mount) {
    return ListProperty.MOUNTS.add(node(mount));
  }

  /// The destination of an object of `mounts`; "" when it has none.
  public static String destination(JsonNode mount) {
    return mount.path("destination").asText();
  }

  /// Lets `/sys` and what is below be written: removes `ro` and `rro` there.
  public static SpecEdit writableSys() {
    return draft -> {
      if (draft.find("mounts").isPresent()) {
        for (JsonNode mount : draft.array("mounts")) {
          String destination = mount.path("destination").asText();
          boolean sys = destination.equals("/sys") || destination.startsWith("/sys/");
          if (sys && mount.get("options") instanceof ArrayNode options) {
            for (int i = options.size() - 1; i >= 0; i--) {
              if (options.get(i).asText().equals("ro") || options.get(i).asText().equals("rro")) {
                options.remove(i);
              }
            }
          }
        }
      }
    };
  }

  /// Replaces `linux.rootfsPropagation` (config-linux.md#rootfs-mount-propagation).
  public static SpecEdit rootfsPropagation(String propagation) {
    return Property.ROOTFS_PROPAGATION.set(JsonValues.string(propagation));
  }

  private static ObjectNode node(Mount mount) {
    ObjectNode node = JsonValues.object();
    node.set("destination", JsonValues.string(mount.destination()));
    node.set("type", JsonValues.string(mount.type()));
    node.set("source", JsonValues.string(mount.source()));
    if (!mount.options().isEmpty()) {
      node.set("options", JsonValues.strings(mount.options()));
    }
    return node;
  }
}
