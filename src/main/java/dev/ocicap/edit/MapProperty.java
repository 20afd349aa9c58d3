package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;

/// The objects of a configuration whose keys are the user's own.
public enum MapProperty {
  ANNOTATIONS("annotations"),
  SYSCTL("linux/sysctl"),
  /// Files of cgroup v2 and what to write there.
  UNIFIED("linux/resources/unified"),
  RDMA("linux/resources/rdma"),
  /// Network devices of the host that move into the container.
  NET_DEVICES("linux/netDevices");

  private final String path;

  MapProperty(String path) {
    this.path = path;
  }

  /// Sets one member.
  public SpecEdit put(String key, JsonNode value) {
    return draft -> draft.object(keys()).set(key, value);
  }

  /// Removes one member. Nothing happens when there is none.
  public SpecEdit remove(String key) {
    return draft -> {
      if (draft.find(keys()).isPresent()) {
        draft.object(keys()).remove(key);
      }
    };
  }

  /// Removes all members; the empty object stays. Nothing happens when there is no object.
  public SpecEdit clear() {
    return draft -> {
      if (draft.find(keys()).isPresent()) {
        ObjectNode object = draft.object(keys());
        object.removeAll();
      }
    };
  }

  private String[] keys() {
    return JsonText.tokens("/" + path).toArray(new String[0]);
  }
}
