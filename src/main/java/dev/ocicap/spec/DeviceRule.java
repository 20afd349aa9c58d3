package dev.ocicap.spec;

import java.util.List;
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

  /// Whether it speaks of all devices, whatever their kind and numbers.
  public boolean isForAll() {
    return (type == null || type.isEmpty() || type.equals("a")) && isAny(major) && isAny(minor);
  }

  /// `c 1:*`, with `a` and `*` for any.
  public String device() {
    return (type == null || type.isEmpty() ? "a" : type) + " " + word(major) + ":" + word(minor);
  }

  /// Whether it speaks of a device, as {@link #device} names it.
  public boolean fits(String device) {
    String own = device();
    int colon = own.indexOf(':');
    int given = device.indexOf(':');
    return (own.charAt(0) == 'a' || own.charAt(0) == device.charAt(0))
        && (own.startsWith("*", 2) || own.substring(2, colon).equals(device.substring(2, given)))
        && (own.endsWith(":*") || own.substring(colon).equals(device.substring(given)));
  }

  private static boolean isAny(@Nullable Long number) {
    return number == null || number < 0;
  }

  private static String word(@Nullable Long number) {
    return number == null || number < 0 ? "*" : number.toString();
  }

  /// Whether rules let every device be read or written. Where none of them forbids everything, crun
  /// forbids nothing; runc allows the usual devices then.
  public static boolean allowEveryDevice(List<DeviceRule> rules) {
    boolean every = true;
    for (DeviceRule rule : rules) {
      boolean reads = rule.access.indexOf('r') >= 0;
      boolean writes = rule.access.indexOf('w') >= 0;
      if (rule.isForAll() && rule.allow) {
        every |= reads || writes;
      } else if (rule.isForAll() && reads && writes) {
        every = false;
      }
    }
    return every;
  }
}
