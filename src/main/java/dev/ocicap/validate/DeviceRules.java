package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules about `linux.devices`, `linux.resources.devices`, and the file systems and devices that
/// every container has (config-linux.md).
final class DeviceRules {
  private static final String DEVICES = "config-linux.md#devices";
  private static final String DEFAULTS = "config-linux.md#default-devices";
  private static final String ALLOWED = "config-linux.md#allowed-device-list";

  private static final Set<String> DEFAULT_DEVICES =
      Set.of(
          "/dev/null",
          "/dev/zero",
          "/dev/full",
          "/dev/random",
          "/dev/urandom",
          "/dev/tty",
          "/dev/ptmx");

  static final List<Rule> ALL =
      List.of(
          Rule.of(
              "default-filesystem-missing",
              Level.SHOULD,
              "config-linux.md#default-filesystems",
              DeviceRules::filesystems),
          Rule.of("device-path-absolute", Level.MUST, DEVICES, DeviceRules::path),
          Rule.of("device-number-required", Level.MUST, DEVICES, DeviceRules::number),
          Rule.of("device-path-duplicate", Level.SHOULD, DEVICES, DeviceRules::pathDuplicate)
              .repairedBy(draft -> Repair.removeEqual(draft, "linux", "devices")),
          Rule.of("device-duplicate", Level.SHOULD, DEVICES, DeviceRules::duplicate),
          Rule.of("device-default", Level.ADVICE, DEFAULTS, DeviceRules::redundant),
          Rule.of("device-rule-type", Level.MUST, ALLOWED, DeviceRules::ruleType),
          Rule.of("device-rule-access", Level.MUST, ALLOWED, DeviceRules::ruleAccess));

  private DeviceRules() {}

  private static void filesystems(Document document, Findings findings) {
    List<String> wanted = wanted(document);
    if (wanted.isEmpty()) {
      return;
    }
    Set<String> mounted = new HashSet<>();
    boolean hostDev = false;
    for (Value mount : document.mounts()) {
      String path = Forms.clean(mount.get("destination").text());
      mounted.add(path);
      hostDev |= path.equals("/dev") && mount.get("options").hasItem("rbind", "bind");
    }
    for (String path : wanted) {
      if (!mounted.contains(path) && !(hostDev && path.startsWith("/dev/"))) {
        findings.add(
            document.get("mounts").exists() ? document.get("mounts") : document.root(),
            "nothing is mounted at " + path + ", which every program expects",
            null);
      }
    }
  }

  /// The mounts that a platform's programs expect (config-linux.md, config-zos.md,
  /// config-freebsd.md).
  private static List<String> wanted(Document document) {
    if (document.isLinux()) {
      return List.of("/proc", "/sys", "/dev/pts", "/dev/shm");
    }
    if (document.get("zos").exists()) {
      return List.of("/proc");
    }
    return document.get("freebsd").exists() ? List.of("/dev") : List.of();
  }

  private static List<Value> devices(Document document) {
    return document.get("linux", "devices").items();
  }

  static void path(Document document, Findings findings) {
    for (Value device : devices(document)) {
      Value path = device.get("path");
      if (path.isText() && !path.text().startsWith("/")) {
        findings.add(path, path.shown() + " is not an absolute path", "\"/" + path.text() + "\"");
      }
    }
  }

  private static void number(Document document, Findings findings) {
    for (Value device : devices(document)) {
      Value type = device.get("type");
      if (type.isText() && !type.is("p")) {
        for (String key : List.of("major", "minor")) {
          if (!device.get(key).exists()) {
            findings.add(
                device, device.path() + " lacks '" + key + "', which its type needs", null);
          }
        }
      }
    }
  }

  private static void pathDuplicate(Document document, Findings findings) {
    Set<String> seen = new HashSet<>();
    for (Value device : devices(document)) {
      Value path = device.get("path");
      if (path.isText() && !seen.add(Forms.clean(path.text()))) {
        findings.add(path, path.shown() + " stands in devices already", "remove one of the two");
      }
    }
  }

  private static void duplicate(Document document, Findings findings) {
    Map<String, Value> seen = new HashMap<>();
    for (Value device : devices(document)) {
      Value major = device.get("major");
      Value minor = device.get("minor");
      if (major.isInteger() && minor.isInteger()) {
        String type = device.get("type").is("u") ? "c" : device.get("type").text();
        Value other = seen.putIfAbsent(type + major.integer() + ":" + minor.integer(), device);
        if (other != null) {
          findings.add(
              device,
              device.path() + " is the same device as " + other.path(),
              "remove one of the two");
        }
      }
    }
  }

  private static void redundant(Document document, Findings findings) {
    for (Value device : devices(document)) {
      Value path = device.get("path");
      if (DEFAULT_DEVICES.contains(path.text())) {
        findings.add(path, path.shown() + " is made by the runtime anyway", "remove the entry");
      }
    }
  }

  private static List<Value> rules(Document document) {
    return document.get("linux", "resources", "devices").items();
  }

  private static void ruleType(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      Value type = rule.get("type");
      if (type.isText() && !List.of("a", "b", "c", "").contains(type.text())) {
        findings.add(type, type.shown() + " is none of a, b, c", null);
      }
    }
  }

  private static void ruleAccess(Document document, Findings findings) {
    for (Value rule : rules(document)) {
      Value access = rule.get("access");
      if (rule.isObject() && access.text().isEmpty()) {
        findings.add(
            rule, rule.path() + " names no access: runc refuses it", "\"access\": \"rwm\"");
      } else if (!isAccess(access.text())) {
        findings.add(access, access.shown() + " has more than the letters r, w, m", "\"rwm\"");
      }
    }
  }

  private static boolean isAccess(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("rwm".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
