package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import java.util.List;

/// Makes a configuration startable without root, as `runc spec --rootless` does.
public final class RootlessEdits {
  private RootlessEdits() {}

  /// Replaces the network namespace by a user namespace with the caller as its root, binds `/sys`
  /// from the host, removes `uid=` and `gid=` options from mounts, the resources, and the sysctls
  /// of the network namespace.
  ///
  /// @param uid the caller's effective user id
  /// @param gid the caller's effective group id
  public static SpecEdit rootless(long uid, long gid) {
    return rootless(mapping(uid), mapping(gid));
  }

  /// A range of subordinate ids (subuid(5)).
  ///
  /// @param first the first id on the host
  /// @param count how many
  public record Range(long first, long count) {}

  /// The same, and maps the caller's subordinate ids behind root.
  ///
  /// @param uids the caller's range of `/etc/subuid`
  /// @param gids the caller's range of `/etc/subgid`
  public static SpecEdit rootless(long uid, long gid, Range uids, Range gids) {
    return rootless(mapping(uid).add(mapping(uids)), mapping(gid).add(mapping(gids)));
  }

  private static ObjectNode mapping(Range range) {
    return NamespaceEdits.mapping(1, range.first(), range.count());
  }

  private static SpecEdit rootless(ArrayNode uids, ArrayNode gids) {
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
      draft.set(uids.deepCopy(), "linux", "uidMappings");
      draft.set(gids.deepCopy(), "linux", "gidMappings");
      ArrayNode mounts = draft.array("mounts");
      for (int i = 0; i < mounts.size(); i++) {
        mounts.set(i, rootless(mounts.get(i)));
      }
      draft.remove("linux", "resources");
      NamespaceEdits.removeSysctls(draft, "net.");
    };
  }

  /// Where only one id is mapped, maps it to the process' own instead of root's, for a process that
  /// could not start otherwise.
  public static SpecEdit mapProcess() {
    return draft -> {
      mapTo(draft, "uidMappings", "uid");
      mapTo(draft, "gidMappings", "gid");
    };
  }

  private static void mapTo(ConfigDraft draft, String mappings, String id) {
    JsonNode wanted = draft.find("process", "user", id).orElse(JsonValues.number(0));
    JsonNode found = draft.find("linux", mappings).orElse(JsonValues.array());
    if (found.size() == 1
        && found.get(0).path("size").asLong() == 1
        && found.get(0) instanceof ObjectNode mapping) {
      mapping.set("containerID", wanted);
    }
  }

  private static ArrayNode mapping(long hostId) {
    return JsonValues.array().add(NamespaceEdits.mapping(0, hostId, 1));
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
