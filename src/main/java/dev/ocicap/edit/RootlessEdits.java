package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import java.util.List;

/// Makes a configuration startable without root, as `runc spec --rootless` does.
public final class RootlessEdits {
  private RootlessEdits() {}

  /// Replaces the network namespace by a user namespace with the caller as its root, binds `/sys`
  /// from the host, removes `uid=` and `gid=` options from mounts, and removes the resources.
  ///
  /// @param uid the caller's effective user id
  /// @param gid the caller's effective group id
  public static SpecEdit rootless(long uid, long gid) {
    return draft -> {
      ArrayNode namespaces = draft.array("linux", "namespaces");
      for (int i = namespaces.size() - 1; i >= 0; i--) {
        String type = namespaces.get(i).path("type").asText();
        if (type.equals("network") || type.equals("user")) {
          namespaces.remove(i);
        }
      }
      ObjectNode user = JsonValues.object();
      user.set("type", JsonValues.string("user"));
      namespaces.add(user);
      draft.set(mapping(uid), "linux", "uidMappings");
      draft.set(mapping(gid), "linux", "gidMappings");
      ArrayNode mounts = draft.array("mounts");
      for (int i = 0; i < mounts.size(); i++) {
        mounts.set(i, rootless(mounts.get(i)));
      }
      draft.remove("linux", "resources");
    };
  }

  private static ArrayNode mapping(long hostId) {
    ObjectNode mapping = JsonValues.object();
    mapping.set("containerID", JsonValues.number(0));
    mapping.set("hostID", JsonValues.number(hostId));
    mapping.set("size", JsonValues.number(1));
    return JsonValues.array().add(mapping);
  }

  private static JsonNode rootless(JsonNode mount) {
    if (mount.path("destination").asText().equals("/sys")) {
      ObjectNode bind = JsonValues.object();
      bind.set("destination", JsonValues.string("/sys"));
      bind.set("type", JsonValues.string("none"));
      bind.set("source", JsonValues.string("/sys"));
      bind.set("options", JsonValues.strings(List.of("rbind", "nosuid", "noexec", "nodev", "ro")));
      return bind;
    }
    if (mount.get("options") instanceof ArrayNode options) {
      for (int i = options.size() - 1; i >= 0; i--) {
        String option = options.get(i).asText();
        if (option.startsWith("uid=") || option.startsWith("gid=")) {
          options.remove(i);
        }
      }
    }
    return mount;
  }
}
