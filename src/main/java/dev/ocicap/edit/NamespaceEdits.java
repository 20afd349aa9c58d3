package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.ConfigDraft;
import dev.ocicap.spec.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Edits of `linux.namespaces` (config-linux.md#namespaces) and of the kernel's settings in them.
public final class NamespaceEdits {
  private NamespaceEdits() {}

  /// Replaces `linux.namespaces`.
  public static SpecEdit replace(List<Namespace> namespaces) {
    List<Namespace> copy = List.copyOf(namespaces);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (Namespace namespace : copy) {
        array.add(node(namespace));
      }
      draft.set(array, "linux", "namespaces");
    };
  }

  /// Adds a namespace, or replaces the one of that type.
  public static SpecEdit add(Namespace namespace) {
    return ListProperty.NAMESPACES.add(node(namespace));
  }

  /// Adds a new namespace, if there is none of that type yet, new or joined.
  public static SpecEdit ensure(String type) {
    return draft -> {
      for (JsonNode namespace : draft.array("linux", "namespaces")) {
        if (namespace.path("type").asText().equals(type)) {
          return;
        }
      }
      add(Namespace.fresh(type)).accept(draft);
    };
  }

  /// Removes a namespace, so that the container shares the runtime's, and with it what runtimes
  /// refuse outside of one: names, id mappings, time offsets, network devices and kernel settings.
  public static SpecEdit remove(String type) {
    return draft -> {
      ListProperty.NAMESPACES.remove(type).accept(draft);
      switch (type) {
        case "uts" -> {
          draft.remove("hostname");
          draft.remove("domainname");
          draft.remove("linux", "sysctl", "kernel.domainname");
        }
        case "user" -> {
          draft.remove("linux", "uidMappings");
          draft.remove("linux", "gidMappings");
        }
        case "time" -> draft.remove("linux", "timeOffsets");
        case "network" -> {
          draft.remove("linux", "netDevices");
          removeSysctls(draft, "net.");
        }
        case "ipc" -> {
          removeSysctls(draft, "kernel.msg");
          removeSysctls(draft, "kernel.sem");
          removeSysctls(draft, "kernel.shm");
          removeSysctls(draft, "fs.mqueue.");
        }
        default -> {
          // Nothing depends on the others.
        }
      }
    };
  }

  /// Removes the settings whose names begin so; `/` counts as a dot.
  static void removeSysctls(ConfigDraft draft, String prefix) {
    if (draft.find("linux", "sysctl").isPresent()) {
      ObjectNode sysctls = draft.object("linux", "sysctl");
      List<String> keys = new ArrayList<>();
      sysctls.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        if (key.replace('/', '.').startsWith(prefix)) {
          sysctls.remove(key);
        }
      }
    }
  }

  /// Adds a range of user or group ids, or replaces the one that begins at the same id in the
  /// container, and a new user namespace if there is none.
  ///
  /// @param list [ListProperty#UID_MAPPINGS] or [ListProperty#GID_MAPPINGS]
  public static SpecEdit mapping(ListProperty list, long containerId, long hostId, long size) {
    return ensure("user").then(list.add(mapping(containerId, hostId, size)));
  }

  /// Copies the mappings of user ids to the groups, or the other way round, where only one of the
  /// two lists has any: a user namespace needs both.
  public static SpecEdit completeMappings() {
    return draft -> {
      complete(draft, "uidMappings", "gidMappings");
      complete(draft, "gidMappings", "uidMappings");
    };
  }

  private static void complete(ConfigDraft draft, String from, String to) {
    JsonNode given = draft.find("linux", from).orElse(JsonValues.array());
    boolean lacking = draft.find("linux", to).orElse(JsonValues.array()).isEmpty();
    if (!given.isEmpty() && lacking) {
      draft.set(given.deepCopy(), "linux", to);
    }
  }

  static ObjectNode mapping(long containerId, long hostId, long size) {
    ObjectNode node = JsonValues.object();
    node.set("containerID", JsonValues.number(containerId));
    node.set("hostID", JsonValues.number(hostId));
    node.set("size", JsonValues.number(size));
    return node;
  }

  private static ObjectNode node(Namespace namespace) {
    ObjectNode node = JsonValues.object();
    node.set("type", JsonValues.string(namespace.type()));
    if (namespace.path() != null) {
      node.set("path", JsonValues.string(namespace.path()));
    }
    return node;
  }

  /// Replaces a clock's offset in the container's time namespace, which is made if there is none
  /// (config-linux.md#offset-for-time-namespace).
  ///
  /// @param clock `boottime` or `monotonic`
  public static SpecEdit timeOffset(String clock, long seconds, long nanoseconds) {
    return ensure("time")
        .then(draft -> {
          ObjectNode offset = JsonValues.object();
          offset.set("secs", JsonValues.number(seconds));
          offset.set("nanosecs", JsonValues.number(nanoseconds));
          draft.set(offset, "linux", "timeOffsets", clock);
        });
  }

  /// Removes a clock's offset.
  public static SpecEdit removeTimeOffset(String clock) {
    return draft -> draft.remove("linux", "timeOffsets", clock);
  }

  /// Moves a network device of the host into the container.
  ///
  /// @param name what it is called there; "" for the same name
  public static SpecEdit netDevice(String device, String name) {
    ObjectNode node = JsonValues.object();
    if (!name.isEmpty()) {
      node.set("name", JsonValues.string(name));
    }
    return MapProperty.NET_DEVICES.put(device, node);
  }

  /// Sets members of `linux.sysctl` (config-linux.md#sysctl), in the map's order.
  public static SpecEdit sysctls(Map<String, String> sysctls) {
    if (sysctls.isEmpty()) {
      return SpecEdit.nothing();
    }
    return draft -> {
      ObjectNode object = draft.object("linux", "sysctl");
      for (Map.Entry<String, String> sysctl : sysctls.entrySet()) {
        object.set(sysctl.getKey(), JsonValues.string(sysctl.getValue()));
      }
    };
  }
}
