package dev.ocicap.spec;

import org.jspecify.annotations.Nullable;

/// One rule of the device cgroup (config-linux.md#allowed-device-list); the last rule that fits
/// decides.
///
/// @param allow whether it allows
/// @param type `a`, `b`, `c`, or null for any
/// @param major the major number, -1 or null for any
/// @param minor the minor number, -1 or null for any
/// @param access some of `r`, `w` and `m`
public record DeviceRule(
    boolean allow,
    @Nullable String type,
    @Nullable Long major,
    @Nullable Long minor,
    String access) {

  /// A rule for every device.
  public static DeviceRule any(boolean allow) {
    return new DeviceRule(allow, null, null, null, "rwm");
  }

  /// A rule for one character device, with every access.
  public static DeviceRule character(boolean allow, long major, long minor) {
    return new DeviceRule(allow, "c", major, minor, "rwm");
  }
}
