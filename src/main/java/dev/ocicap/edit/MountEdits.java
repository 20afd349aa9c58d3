package dev.ocicap.edit;

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

  /// Replaces `linux.rootfsPropagation` (config-linux.md#rootfs-mount-propagation).
  public static SpecEdit rootfsPropagation(String propagation) {
    return draft -> draft.set(JsonValues.string(propagation), "linux", "rootfsPropagation");
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
