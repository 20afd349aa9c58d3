package dev.ocicap.insight;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Baseline;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.Program;
import dev.ocicap.cap.SetName;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of a configuration decides how far its container is from the host.
///
/// @param name how the user names it
/// @param capabilities the five sets as written
/// @param config the configuration; null for what an engine grants to a container that asks for
///   nothing, of which only the capabilities are known
public record SecurityView(
    String name, ProcessCapabilities capabilities, @Nullable RuntimeConfig config) {
  private static final List<String> HARDENING = List.of("nosuid", "nodev", "noexec");

  /// The kinds of namespaces, in the order in which they are shown.
  static final List<String> NAMESPACES =
      List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

  /// The view of a configuration.
  public static SecurityView of(String name, RuntimeConfig config) {
    return new SecurityView(name, config.capabilities().orElse(ProcessCapabilities.NONE), config);
  }

  /// The view of what an engine grants to a container that asks for nothing.
  public static SecurityView of(Baseline baseline) {
    return new SecurityView(baseline.word(), ProcessCapabilities.forRoot(baseline.granted()), null);
  }

  /// One kind of thing in a view.
  ///
  /// @param name its heading
  /// @param items its members; order does not matter
  public record Area(String name, List<String> items) {
    /// Copies the list.
    public Area {
      items = List.copyOf(items);
    }
  }

  /// Everything but the capabilities, by area; nothing where only the capabilities are known.
  public List<Area> areas() {
    RuntimeConfig known = config;
    if (known == null) {
      return List.of();
    }
    return List.of(
        new Area("process", process(known)),
        new Area("seccomp", List.of(FilterView.of(known).summary())),
        new Area("namespaces", namespaces(known)),
        new Area("mounts", mounts(known)),
        new Area("devices", devices(known)),
        new Area("files", files(known)),
        new Area("privileged", privileged(known)));
  }

  /// Names in the sets that are no capabilities.
  List<String> unknownNames() {
    RuntimeConfig known = config;
    List<String> unknown = new ArrayList<>();
    if (known == null) {
      return unknown;
    }
    for (SetName set : SetName.values()) {
      for (String name : known.strings("process", "capabilities", set.key())) {
        if (Capability.spelt(name).isEmpty() && !unknown.contains(name)) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  private static List<String> process(RuntimeConfig config) {
    List<String> items = new ArrayList<>();
    User user = config.user();
    items.add("user: " + user.uid() + ":" + user.gid() + (user.isRoot() ? " (root)" : ""));
    if (!user.additionalGids().isEmpty()) {
      StringBuilder groups = new StringBuilder();
      for (long gid : user.additionalGids()) {
        groups.append(groups.isEmpty() ? "" : ",").append(gid);
      }
      items.add("further groups: " + groups);
    }
    items.add("noNewPrivileges: " + (config.noNewPrivileges() ? "yes" : "no"));
    items.add("in force after execve: " + inForceText(config));
    items.add("AppArmor: " + orNone(config.apparmorProfile()));
    items.add("SELinux: " + orNone(config.selinuxLabel()));
    if (config.capabilities().isEmpty()) {
      items.add("capabilities: absent (runc before 1.3 and crun give none, later runc all)");
    }
    return items;
  }

  private static String inForceText(RuntimeConfig config) {
    CapabilitySet effective = inForce(config);
    if (effective == null) {
      return "nothing, since runtimes refuse these sets";
    }
    return effective.equals(CapabilitySet.ALL) ? "full" : effective.toString();
  }

  /// What is effective once a program without file capabilities runs: for a user who is not root
  /// not what the sets say; null where runtimes refuse the sets.
  static @Nullable CapabilitySet inForce(RuntimeConfig config) {
    User user = config.user();
    ExecTransformation.Outcome outcome =
        ExecTransformation.apply(
            config.capabilities().orElse(ProcessCapabilities.NONE),
            new ExecTransformation.Identity(user.uid(), user.gid(), user.additionalGids()),
            config.noNewPrivileges(),
            Program.PLAIN,
            ExecTransformation.Host.FULL);
    // Not a switch over types, which is linked anew at each start.
    return outcome instanceof ExecTransformation.Running running
        ? running.capabilities().effective()
        : null;
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  /// The namespace of a kind that the container has; null for the host's.
  static @Nullable Namespace namespace(RuntimeConfig config, String type) {
    Namespace found = null;
    for (Namespace namespace : config.namespaces()) {
      if (namespace.type().equals(type)) {
        found = namespace;
      }
    }
    return found;
  }

  private static List<String> namespaces(RuntimeConfig config) {
    List<String> items = new ArrayList<>();
    for (String type : NAMESPACES) {
      Namespace namespace = namespace(config, type);
      String whose =
          namespace == null
              ? "the host's"
              : namespace.path() == null ? "its own" : "that of " + namespace.path();
      items.add(type + ": " + whose);
    }
    return items;
  }

  private static List<String> mounts(RuntimeConfig config) {
    List<String> binds = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Mount mount : config.mounts()) {
      List<String> options = new ArrayList<>();
      options.add(mount.isReadOnly() ? "read-only" : "writable");
      for (String option : mount.options()) {
        if (HARDENING.contains(option)) {
          options.add(option);
        }
      }
      String what = mount.isBind() ? "host's " + mount.source() : mount.type();
      String line = mount.destination() + ": " + what + ", " + String.join(", ", options);
      (mount.isBind() ? binds : others).add(line);
    }
    binds.addAll(others);
    return binds;
  }

  private static List<String> devices(RuntimeConfig config) {
    List<String> items = new ArrayList<>();
    for (JsonNode device : config.elements("linux", "devices")) {
      items.add(
          "node "
              + device.path("path").asText()
              + ": "
              + device.path("type").asText()
              + " "
              + device.path("major").asText("-")
              + ":"
              + device.path("minor").asText("-"));
    }
    for (DeviceRule rule : config.deviceRules()) {
      if (rule.allow()) {
        items.add("rule allows " + rule.device() + " " + rule.access());
      }
    }
    return items;
  }

  private static List<String> files(RuntimeConfig config) {
    List<String> items = new ArrayList<>();
    items.add("root file system: " + (config.isRootReadOnly() ? "read-only" : "writable"));
    for (String path : config.maskedPaths()) {
      items.add("masked: " + path);
    }
    for (String path : config.readonlyPaths()) {
      items.add("read-only: " + path);
    }
    return items;
  }

  /// Nothing in a configuration says `privileged`; this is the pattern that docker run --privileged
  /// leaves: nearly every capability, no filter, no masked path, every device.
  static List<String> privileged(RuntimeConfig config) {
    List<String> reasons = new ArrayList<>();
    CapabilitySet bounding = config.capabilities().orElse(ProcessCapabilities.NONE).bounding();
    boolean all =
        bounding.contains(Capability.CAP_SYS_ADMIN)
            && bounding.contains(Capability.CAP_SYS_MODULE)
            && bounding.contains(Capability.CAP_SYS_RAWIO);
    if (!all) {
      return reasons;
    }
    if (!FilterView.of(config).isPresent()) {
      reasons.add("no seccomp filter");
    }
    if (config.maskedPaths().isEmpty()) {
      reasons.add("no masked paths");
    }
    if (DeviceRule.allowEveryDevice(config.deviceRules())) {
      reasons.add("every device is allowed");
    }
    if (reasons.size() < 2) {
      return List.of();
    }
    reasons.addFirst(bounding.size() + " capabilities in bounding");
    return reasons;
  }
}
