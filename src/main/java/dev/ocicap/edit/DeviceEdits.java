package dev.ocicap.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Device;
import dev.ocicap.spec.DeviceRule;
import java.util.List;

/// Edits of the container's devices and of the rules about them.
public final class DeviceEdits {
  private DeviceEdits() {}

  /// Replaces `linux.devices` (config-linux.md#devices); nothing is written when there are none.
  public static SpecEdit devices(List<Device> devices) {
    if (devices.isEmpty()) {
      return draft -> draft.remove("linux", "devices");
    }
    List<Device> copy = List.copyOf(devices);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (Device device : copy) {
        array.add(node(device));
      }
      draft.set(array, "linux", "devices");
    };
  }

  /// Replaces `linux.resources.devices` (config-linux.md#allowed-device-list).
  public static SpecEdit rules(List<DeviceRule> rules) {
    List<DeviceRule> copy = List.copyOf(rules);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (DeviceRule rule : copy) {
        array.add(node(rule));
      }
      draft.set(array, "linux", "resources", "devices");
    };
  }

  private static ObjectNode node(Device device) {
    ObjectNode node = JsonValues.object();
    node.set("path", JsonValues.string(device.path()));
    node.set("type", JsonValues.string(device.type()));
    node.set("major", JsonValues.number(device.major()));
    node.set("minor", JsonValues.number(device.minor()));
    node.set("fileMode", JsonValues.number(device.fileMode()));
    node.set("uid", JsonValues.number(device.uid()));
    node.set("gid", JsonValues.number(device.gid()));
    return node;
  }

  private static ObjectNode node(DeviceRule rule) {
    ObjectNode node = JsonValues.object();
    node.set("allow", JsonValues.bool(rule.allow()));
    if (rule.type() != null) {
      node.set("type", JsonValues.string(rule.type()));
    }
    if (rule.major() != null) {
      node.set("major", JsonValues.number(rule.major()));
    }
    if (rule.minor() != null) {
      node.set("minor", JsonValues.number(rule.minor()));
    }
    node.set("access", JsonValues.string(rule.access()));
    return node;
  }
}
