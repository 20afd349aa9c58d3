package dev.ocicap.edit;

import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.DeviceRule;
import java.util.List;

/// Edits of what confines the process besides capabilities and namespaces.
public final class SecurityEdits {
  private SecurityEdits() {}

  /// Replaces `process.apparmorProfile` (config.md#linux-process).
  public static SpecEdit apparmorProfile(String profile) {
    return Property.APPARMOR_PROFILE.set(JsonValues.string(profile));
  }

  /// Replaces `process.selinuxLabel` (config.md#linux-process).
  public static SpecEdit selinuxLabel(String label) {
    return Property.SELINUX_LABEL.set(JsonValues.string(label));
  }

  /// Replaces `linux.mountLabel` (config-linux.md#mount-label).
  public static SpecEdit mountLabel(String label) {
    return Property.MOUNT_LABEL.set(JsonValues.string(label));
  }

  /// Replaces `linux.maskedPaths` (config-linux.md#masked-paths); nothing is written when there are
  /// none.
  public static SpecEdit maskedPaths(List<String> paths) {
    return paths("maskedPaths", paths);
  }

  /// Replaces `linux.readonlyPaths` (config-linux.md#readonly-paths); nothing is written when there
  /// are none.
  public static SpecEdit readonlyPaths(List<String> paths) {
    return paths("readonlyPaths", paths);
  }

  /// Takes away everything that confines the process but capabilities, namespaces and
  /// `noNewPrivileges`: the filter of system calls, AppArmor, SELinux, masked and read-only paths,
  /// read-only `/sys`; and allows every device.
  public static SpecEdit unconfined() {
    return SpecEdit.all(
        List.of(
            MountEdits.writableSys(),
            DeviceEdits.addRule(DeviceRule.any(true)),
            draft -> {
              draft.remove("process", "apparmorProfile");
              draft.remove("process", "selinuxLabel");
              draft.remove("linux", "mountLabel");
              draft.remove("linux", "maskedPaths");
              draft.remove("linux", "readonlyPaths");
            }));
  }

  private static SpecEdit paths(String key, List<String> paths) {
    if (paths.isEmpty()) {
      return draft -> draft.remove("linux", key);
    }
    List<String> copy = List.copyOf(paths);
    return draft -> draft.set(JsonValues.strings(copy), "linux", key);
  }
}
