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
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;

/// What of a configuration decides how far its container is from the host.
///
/// @param name how the user names it
/// @param capabilities the five sets as written
/// @param unknownNames names in the sets that are no capabilities
/// @param process user, noNewPrivileges and security modules, as `key: value`
/// @param seccomp what the filter does, as `key: value`, and each system call that it allows
/// @param namespaces each kind of namespace and whose it is: `pid: its own`
/// @param mounts what is mounted, as `destination: …`, binds first
/// @param devices device nodes, and rules that allow devices
/// @param files root file system, masked and read-only paths
/// @param privileged why it is as good as `docker run --privileged`; empty when it is not
public record SecurityView(
    String name,
    ProcessCapabilities capabilities,
    List<String> unknownNames,
    List<String> process,
    Seccomp seccomp,
    List<String> namespaces,
    List<String> mounts,
    List<String> devices,
    List<String> files,
    List<String> privileged) {
  private static final List<String> HARDENING = List.of("nosuid", "nodev", "noexec");
  private static final List<String> NAMESPACES =
      List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

  /// Copies the lists.
  public SecurityView {
    unknownNames = List.copyOf(unknownNames);
    process = List.copyOf(process);
    namespaces = List.copyOf(namespaces);
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    files = List.copyOf(files);
    privileged = List.copyOf(privileged);
  }

  /// A filter of system calls.
  ///
  /// @param isPresent whether there is one
  /// @param summary in words
  /// @param allowed the system calls that it lets pass, whatever the condition
  public record Seccomp(boolean isPresent, String summary, List<String> allowed) {
    /// Copies the list.
    public Seccomp {
      allowed = List.copyOf(allowed);
    }
  }

  /// The view of a configuration.
  public static SecurityView of(String name, RuntimeConfig config) {
    ProcessCapabilities capabilities = config.capabilities().orElse(ProcessCapabilities.NONE);
    Seccomp seccomp = seccomp(config);
    List<String> devices = devices(config);
    return new SecurityView(
        name,
        capabilities,
        unknownNames(config),
        process(config),
        seccomp,
        namespaces(config),
        mounts(config),
        devices,
        files(config),
        privileged(config, capabilities, seccomp));
  }

  /// The view of what an engine grants to a container that asks for nothing; only the capabilities
  /// are known of it.
  public static SecurityView of(Baseline baseline) {
    return new SecurityView(
        baseline.word(),
        ProcessCapabilities.forRoot(baseline.granted()),
        List.of(),
        List.of(),
        new Seccomp(false, "", List.of()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /// One kind of thing in a view.
  ///
  /// @param name its heading
  /// @param items its members; order does not matter
  public record Area(String name, List<String> items) {}

  /// Everything but the capabilities, by area.
  public List<Area> areas() {
    List<String> filter = new ArrayList<>();
    if (!seccomp.summary().isEmpty()) {
      filter.add(seccomp.summary());
    }
    return List.of(
        new Area("process", process),
        new Area("seccomp", filter),
        new Area("namespaces", namespaces),
        new Area("mounts", mounts),
        new Area("devices", devices),
        new Area("files", files),
        new Area("privileged", privileged));
  }

  private static List<String> unknownNames(RuntimeConfig config) {
    List<String> unknown = new ArrayList<>();
    for (SetName set : SetName.values()) {
      for (String name : config.strings("process", "capabilities", set.key())) {
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
    items.add("in force after execve: " + inForce(config));
    items.add("AppArmor: " + text(config, "none", "process", "apparmorProfile"));
    items.add("SELinux: " + text(config, "none", "process", "selinuxLabel"));
    if (config.find("process", "capabilities").filter(node -> node.isObject()).isEmpty()) {
      items.add("capabilities: absent (runc before 1.3 and crun give none, later runc all)");
    }
    return items;
  }

  /// What is effective once a program without file capabilities runs: for a user who is not root
  /// not what the sets say.
  private static String inForce(RuntimeConfig config) {
    User user = config.user();
    ExecTransformation.Outcome outcome =
        ExecTransformation.apply(
            config.capabilities().orElse(ProcessCapabilities.NONE),
            new ExecTransformation.Identity(user.uid(), user.gid(), user.additionalGids()),
            config.noNewPrivileges(),
            Program.PLAIN,
            ExecTransformation.Host.FULL);
    // Not a switch over types, which is linked anew at each start.
    if (outcome instanceof ExecTransformation.Running running) {
      CapabilitySet effective = running.capabilities().effective();
      return effective.equals(CapabilitySet.ALL) ? "full" : effective.toString();
    }
    return "nothing, since runtimes refuse these sets";
  }

  private static String text(RuntimeConfig config, String none, String... path) {
    String text = config.find(path).map(JsonNode::asText).orElse("");
    return text.isEmpty() ? none : text;
  }

  private static Seccomp seccomp(RuntimeConfig config) {
    JsonNode filter = config.find("linux", "seccomp").orElse(null);
    if (filter == null || !filter.isObject()) {
      return new Seccomp(false, "no filter: every system call may be made", List.of());
    }
    String action = filter.path("defaultAction").asText();
    List<String> allowed = new ArrayList<>();
    for (JsonNode rule : filter.path("syscalls")) {
      if (rule.path("action").asText().equals("SCMP_ACT_ALLOW")) {
        for (JsonNode name : rule.path("names")) {
          if (!allowed.contains(name.asText())) {
            allowed.add(name.asText());
          }
        }
      }
    }
    return new Seccomp(
        !action.equals("SCMP_ACT_ALLOW") || !filter.path("syscalls").isEmpty(),
        "filter: " + action + " for all but " + allowed.size() + " system calls",
        allowed);
  }

  private static List<String> namespaces(RuntimeConfig config) {
    List<String> items = new ArrayList<>();
    List<JsonNode> configured = config.elements("linux", "namespaces");
    for (String type : NAMESPACES) {
      String whose = "the host's";
      for (JsonNode namespace : configured) {
        if (namespace.path("type").asText().equals(type)) {
          String path = namespace.path("path").asText();
          whose = path.isEmpty() ? "its own" : "that of " + path;
        }
      }
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
    boolean readonly = config.find("root", "readonly").map(JsonNode::asBoolean).orElse(false);
    items.add("root file system: " + (readonly ? "read-only" : "writable"));
    for (String path : config.strings("linux", "maskedPaths")) {
      items.add("masked: " + path);
    }
    for (String path : config.strings("linux", "readonlyPaths")) {
      items.add("read-only: " + path);
    }
    return items;
  }

  /// Nothing in a configuration says `privileged`; this is the pattern that docker run --privileged
  /// leaves: nearly every capability, no filter, no masked path, every device.
  private static List<String> privileged(
      RuntimeConfig config, ProcessCapabilities capabilities, Seccomp seccomp) {
    List<String> reasons = new ArrayList<>();
    CapabilitySet bounding = capabilities.bounding();
    boolean all =
        bounding.contains(Capability.CAP_SYS_ADMIN)
            && bounding.contains(Capability.CAP_SYS_MODULE)
            && bounding.contains(Capability.CAP_SYS_RAWIO);
    if (!all) {
      return reasons;
    }
    if (!seccomp.isPresent()) {
      reasons.add("no seccomp filter");
    }
    if (config.strings("linux", "maskedPaths").isEmpty()) {
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
