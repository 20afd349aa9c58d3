package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A service unit of systemd that runs the root file system directly (systemd.exec(5)).
final class SystemdExporter implements Exporter {
  private static final Set<String> API_MOUNTS =
      Set.of("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup");

  /// What stands before a program's path to run it in another way, `+` with full privileges.
  private static final String PREFIXES = "@-:+!|";

  @Override
  public String name() {
    return "systemd";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    UnitFile unit = UnitFile.ofSystemd(source);
    unit.section("Unit");
    unit.text("Description", "", names.container());
    unit.section("Service");
    String root = config.rootPath();
    unit.text(
        "RootDirectory", "root.path", root.startsWith("/") ? root : names.directory() + "/" + root);
    unit.set("MountAPIVFS", "yes");
    program(unit, source);
    process(unit, source);
    limits(unit, source);
    capabilities(unit, source);
    if (config.noNewPrivileges()) {
      unit.set("NoNewPrivileges", "yes");
    }
    SystemdFilter.write(unit, source);
    namespaces(unit, source);
    mounts(unit, source, names.directory());
    resources(unit, source);
    devices(unit, source);
    source.take("annotations");
    source.take("linux.cgroupsPath");
    source.take("linux.rootfsPropagation");
    unit.section("Install");
    unit.set("WantedBy", "multi-user.target");
    return new Exported(unit.toString(), source.losses());
  }

  private static void program(UnitFile unit, Source source) {
    source.take("process.args");
    List<String> args = source.config().args();
    String program = args.isEmpty() ? "" : args.getFirst();
    if (program.isEmpty()) {
      return;
    }
    String reason = UnitWords.refusedProgram(program);
    String cwd = source.text("process.cwd");
    boolean fromCwd = !program.startsWith("/") && program.indexOf('/') >= 0;
    if (reason.isEmpty() && fromCwd) {
      reason = cwd.startsWith("/") ? UnitWords.refusedProgram(cwd + "/.") : "a relative path";
    } else if (reason.isEmpty() && PREFIXES.indexOf(program.charAt(0)) >= 0) {
      reason = "its first character would tell systemd to start it in another way";
    }
    if (!reason.isEmpty()) {
      source.lose("process.args", "ExecStart= cannot say '" + program + "': " + reason);
      return;
    }
    List<String> words = new ArrayList<>(args);
    if (fromCwd) {
      // A path that is not absolute starts in process.cwd, and the program finds it as its name.
      words.addFirst("@" + (cwd.equals("/") ? "" : cwd) + "/" + program);
    } else if (!program.startsWith("/")) {
      source.lose(
          "process.args", "'" + program + "' is looked for along systemd's path, not along PATH");
    }
    unit.command("ExecStart", "process.args", words, true);
  }

  private static void process(UnitFile unit, Source source) {
    String cwd = source.text("process.cwd");
    if (!cwd.isEmpty() && !cwd.equals("/")) {
      unit.text("WorkingDirectory", "process.cwd", cwd);
    }
    for (String variable : source.strings("process.env")) {
      unit.word("Environment", "process.env", variable);
    }
    User user = source.config().user();
    unit.set("User", user.uid());
    unit.set("Group", user.gid());
    if (!user.additionalGids().isEmpty()) {
      StringBuilder groups = new StringBuilder();
      for (long gid : user.additionalGids()) {
        groups.append(groups.isEmpty() ? "" : " ").append(gid);
      }
      unit.set("SupplementaryGroups", groups.toString());
    }
    Optional<JsonNode> umask = source.config().find("process", "user", "umask");
    umask.ifPresent(mask -> unit.set("UMask", "0" + Long.toOctalString(mask.asLong())));
    if (source.flag("process.terminal")) {
      source.lose("process.terminal", "a service has no terminal of its own");
    }
    String profile = source.text("process.apparmorProfile");
    if (!profile.isEmpty() && !profile.equals("unconfined")) {
      unit.text("AppArmorProfile", "process.apparmorProfile", profile);
    }
    String label = source.text("process.selinuxLabel");
    if (!label.isEmpty()) {
      unit.text("SELinuxContext", "process.selinuxLabel", label);
    }
  }

  private static void limits(UnitFile unit, Source source) {
    for (Source.Limit limit : source.limits("infinity")) {
      unit.set("Limit" + limit.name(), limit.soft() + ":" + limit.hard());
    }
    long adjustment = source.number("process.oomScoreAdj").orElse(0L);
    if (adjustment != 0) {
      unit.set("OOMScoreAdjust", adjustment);
    }
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    UnitFile unit = UnitFile.ofSystemd(source);
    capabilities(unit, source);
    return Exported.ofCapabilities(unit.toString(), source.losses());
  }

  private static void capabilities(UnitFile unit, Source source) {
    ProcessCapabilities sets = source.config().capabilities().orElse(ProcessCapabilities.NONE);
    if (source.config().capabilities().isEmpty()) {
      source.lose("process.capabilities", "absent: no capability is granted");
    }
    boolean root = source.config().user().isRoot();
    CapabilitySet bounding =
        root && source.config().noNewPrivileges()
            ? sets.bounding().intersect(sets.permitted())
            : sets.bounding();
    unit.set("CapabilityBoundingSet", names(bounding));
    CapabilitySet ambient =
        sets.ambient().intersect(sets.permitted()).intersect(sets.inheritable());
    if (!ambient.intersect(bounding).isEmpty() && !root) {
      unit.set("AmbientCapabilities", names(ambient.intersect(bounding)));
    }
    if (root && !bounding.minus(sets.permitted().intersect(sets.effective())).isEmpty()) {
      source.lose(
          "process.capabilities", "root has in force what bounding has, as after any execve");
    }
    CapabilitySet inheritable = sets.inheritable().minus(ambient);
    if (!inheritable.isEmpty()) {
      source.lose(
          "process.capabilities.inheritable",
          "systemd sets it only with the ambient set: " + inheritable);
    }
  }

  private static String names(CapabilitySet set) {
    StringBuilder names = new StringBuilder();
    for (Capability capability : set.members()) {
      names.append(names.isEmpty() ? "" : " ").append(capability.name());
    }
    return names.toString();
  }

  private static void namespaces(UnitFile unit, Source source) {
    for (JsonNode namespace : source.elements("linux.namespaces")) {
      String type = namespace.path("type").asText();
      String path = namespace.path("path").asText();
      if (path.isEmpty()) {
        ownNamespace(unit, source, type);
      } else {
        switch (type) {
          case "network" -> unit.text("NetworkNamespacePath", "linux.namespaces", path);
          case "ipc" -> unit.text("IPCNamespacePath", "linux.namespaces", path);
          default -> source.lose("linux.namespaces", "'" + path + "' cannot be joined");
        }
      }
    }
    source.take("linux.uidMappings");
    source.take("linux.gidMappings");
    if (!source.text("hostname").isEmpty()) {
      source.lose("hostname", "the service keeps the host's name");
    }
  }

  private static void ownNamespace(UnitFile unit, Source source, String type) {
    switch (type) {
      case "network" -> unit.set("PrivateNetwork", "yes");
      case "ipc" -> unit.set("PrivateIPC", "yes");
      case "uts" -> unit.set("ProtectHostname", "yes");
      case "user" -> {
        unit.set("PrivateUsers", "yes");
        source.lose(
            "linux.uidMappings", "systemd maps root and the service's user, and nobody else");
      }
      case "pid" -> source.lose("linux.namespaces", "the service shares the host's pid namespace");
      case "cgroup" -> unit.set("ProtectControlGroups", "yes");
      default -> {}
    }
  }

  private static void mounts(UnitFile unit, Source source, String directory) {
    if (source.flag("root.readonly")) {
      unit.set("ReadOnlyPaths", "/");
    }
    for (Mount mount : source.mounts(directory)) {
      String destination = mount.destination();
      if (Source.isEnginesOwn(mount)) {
        source.lose("mounts", "the engine's own '" + mount.source() + "' at " + destination);
      } else if (mount.isBind()) {
        unit.paths(
            mount.isReadOnly() ? "BindReadOnlyPaths" : "BindPaths",
            "mounts",
            mount.source(),
            destination);
      } else if (mount.type().equals("tmpfs")
          && destination.indexOf(':') < 0
          && !API_MOUNTS.contains(destination)) {
        List<String> kept = new ArrayList<>(mount.options());
        kept.remove("rprivate");
        unit.word(
            "TemporaryFileSystem",
            "mounts",
            destination + (kept.isEmpty() ? "" : ":" + String.join(",", kept)));
      } else if (!API_MOUNTS.contains(destination)) {
        source.lose("mounts", "a mount of type " + mount.type() + " at " + destination);
      }
    }
    // The list of paths may name what this kernel lacks.
    for (String path : source.strings("linux.maskedPaths")) {
      unit.word("InaccessiblePaths", "linux.maskedPaths", "-" + path);
    }
    for (String path : source.strings("linux.readonlyPaths")) {
      unit.word("ReadOnlyPaths", "linux.readonlyPaths", "-" + path);
    }
  }

  private static void resources(UnitFile unit, Source source) {
    Optional<Long> memory = source.positive("linux.resources.memory.limit");
    memory.ifPresent(limit -> unit.set("MemoryMax", limit));
    source
        .positive("linux.resources.memory.reservation")
        .ifPresent(limit -> unit.set("MemoryLow", limit));
    Optional<Long> swap = source.number("linux.resources.memory.swap");
    if (swap.isPresent() && memory.isPresent() && swap.get() >= memory.get()) {
      unit.set("MemorySwapMax", swap.get() - memory.get());
    }
    source.positive("linux.resources.pids.limit").ifPresent(limit -> unit.set("TasksMax", limit));
    Optional<Long> quota = source.positive("linux.resources.cpu.quota");
    long period = source.number("linux.resources.cpu.period").orElse(100_000L);
    if (quota.isPresent() && period > 0) {
      unit.set("CPUQuota", Math.max(1, quota.get() * 100 / period) + "%");
    }
    source
        .number("linux.resources.cpu.shares")
        .filter(shares -> shares >= 2)
        // The formula of runc for cgroup v2.
        .ifPresent(shares -> unit.set("CPUWeight", 1 + (shares - 2) * 9999 / 262142));
    String cpus = source.text("linux.resources.cpu.cpus");
    if (!cpus.isEmpty()) {
      unit.text("AllowedCPUs", "linux.resources.cpu.cpus", cpus);
    }
    disks(unit, source);
    Optional<JsonNode> sysctl = source.get("linux.sysctl");
    if (sysctl.isPresent()) {
      for (Map.Entry<String, JsonNode> value : sysctl.get().properties()) {
        source.lose("linux.sysctl", value.getKey() + " is the host's");
      }
    }
  }

  /// Weights and limits of block devices (systemd.resource-control(5)), by the links that udev
  /// makes of their numbers.
  private static void disks(UnitFile unit, Source source) {
    String blocks = "linux.resources.blockIO.";
    source.positive(blocks + "weight").ifPresent(weight -> unit.set("IOWeight", ioWeight(weight)));
    for (JsonNode device : source.elements(blocks + "weightDevice")) {
      if (device.has("leafWeight")) {
        source.lose(blocks + "weightDevice", "there is nothing like leafWeight");
      }
      if (device.path("weight").asLong() > 0) {
        unit.set("IODeviceWeight", block(device) + " " + ioWeight(device.path("weight").asLong()));
      }
    }
    String[][] limits = {
      {"throttleReadBpsDevice", "IOReadBandwidthMax"},
      {"throttleWriteBpsDevice", "IOWriteBandwidthMax"},
      {"throttleReadIOPSDevice", "IOReadIOPSMax"},
      {"throttleWriteIOPSDevice", "IOWriteIOPSMax"}
    };
    for (String[] limit : limits) {
      for (JsonNode device : source.elements(blocks + limit[0])) {
        if (device.path("rate").bigIntegerValue().signum() > 0) {
          unit.set(limit[1], block(device) + " " + device.path("rate").bigIntegerValue());
        }
      }
    }
  }

  private static String block(JsonNode device) {
    return "/dev/block/" + Source.number(device);
  }

  /// A weight of cgroup v1, 10 … 1000, as one of v2, 1 … 10000: the formula of runc.
  private static long ioWeight(long weight) {
    return 1 + (Math.clamp(weight, 10L, 1000L) - 10) * 9999 / 990;
  }

  /// Nodes with the access that the rules give; `closed` allows the usual ones.
  private static void devices(UnitFile unit, Source source) {
    source.take("linux.resources.devices");
    unit.set("DevicePolicy", "closed");
    Set<String> nodes = new HashSet<>();
    for (JsonNode device : source.elements("linux.devices")) {
      String path = device.path("path").asText();
      nodes.add(Source.device(device));
      String access = source.access(device);
      if (!path.startsWith("/dev/") || !UnitWords.fitsLine(path)) {
        source.lose("linux.devices", "'" + path + "' is not a path below /dev");
      } else if (access.isEmpty()) {
        source.lose("linux.devices", path + " may not be opened: no rule allows it");
      } else {
        unit.set("DeviceAllow", UnitWords.quoted(path) + " " + access);
      }
    }
    for (DeviceRule rule : source.config().deviceRules()) {
      if (rule.allow() && !nodes.contains(rule.device()) && !Source.isUsualDevice(rule)) {
        source.lose(
            "linux.resources.devices", "the rule '" + rule.device() + " " + rule.access() + "'");
      }
    }
  }
}
