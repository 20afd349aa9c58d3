package dev.ocicap.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Device;
import dev.ocicap.spec.DeviceRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /// Adds a device node, or replaces the one at that path.
  public static SpecEdit add(Device device) {
    return ListProperty.DEVICES.add(node(device));
  }

  /// Adds a device node, or replaces the one at that path.
  ///
  /// @param type `c`, `u`, `b` or `p`
  /// @param major the kernel's major number; null for a FIFO
  /// @param minor the kernel's minor number; null for a FIFO
  /// @param fileMode permission bits; null for the runtime's default
  /// @param uid the owner; null for the runtime's default
  /// @param gid the group; null for the runtime's default
  public static SpecEdit add(
      String path,
      String type,
      @Nullable Long major,
      @Nullable Long minor,
      @Nullable Long fileMode,
      @Nullable Long uid,
      @Nullable Long gid) {
    return ListProperty.DEVICES.add(node(path, type, major, minor, fileMode, uid, gid));
  }

  private static ObjectNode node(Device device) {
    return node(
        device.path(),
        device.type(),
        device.major(),
        device.minor(),
        (long) device.fileMode(),
        device.uid(),
        device.gid());
  }

  private static ObjectNode node(
      String path,
      String type,
      @Nullable Long major,
      @Nullable Long minor,
      @Nullable Long fileMode,
      @Nullable Long uid,
      @Nullable Long gid) {
    ObjectNode node = JsonValues.object();
    node.set("path", JsonValues.string(path));
    node.set("type", JsonValues.string(type));
    put(node, "major", major);
    put(node, "minor", minor);
    put(node, "fileMode", fileMode);
    put(node, "uid", uid);
    put(node, "gid", gid);
    return node;
  }

  private static void put(ObjectNode node, String key, @Nullable Long value) {
    if (value != null) {
      node.set(key, JsonValues.number(value));
    }
  }

  /// Adds a device of Windows, or replaces the one of that id (config-windows.md#devices).
  public static SpecEdit addWindows(String id) {
    ObjectNode node = JsonValues.object();
    node.set("id", JsonValues.string(id));
    node.set("idType", JsonValues.string("class"));
    return ListProperty.WINDOWS_DEVICES.add(node);
  }

  /// Adds a rule, which becomes the last one and so decides.
  public static SpecEdit addRule(DeviceRule rule) {
    return ListProperty.DEVICE_RULES.add(node(rule));
  }

  /// Removes every rule that equals this one.
  public static SpecEdit removeRule(DeviceRule rule) {
    return ListProperty.DEVICE_RULES.remove(node(rule));
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
