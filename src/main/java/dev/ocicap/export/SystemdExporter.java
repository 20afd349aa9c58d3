package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A service unit of systemd that runs the root file system directly (systemd.exec(5)).
final class SystemdExporter implements Exporter {
  private static final Set<String> API_MOUNTS =
      Set.of("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup");

  @Override
  public String name() {
    return "systemd";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    StringBuilder out = new StringBuilder("[Unit]\nDescription=");
    out.append(UnitWords.escaped(names.container())).append("\n\n[Service]\n");
    String root = config.rootPath();
    line(
        out,
        "RootDirectory",
        UnitWords.escaped(root.startsWith("/") ? root : names.directory() + "/" + root));
    line(out, "MountAPIVFS", "yes");
    process(out, source);
    capabilities(out, source);
    if (config.noNewPrivileges()) {
      line(out, "NoNewPrivileges", "yes");
    }
    seccomp(out, source);
    namespaces(out, source);
    mounts(out, source);
    resources(out, source);
    devices(out, source);
    source.take("annotations");
    source.take("linux.cgroupsPath");
    source.take("linux.rootfsPropagation");
    out.append("\n[Install]\nWantedBy=multi-user.target\n");
    return new Exported(out.toString(), source.losses());
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append('=').append(value).append('\n');
  }

  private static void process(StringBuilder out, Source source) {
    source.take("process.args");
    List<String> args = new ArrayList<>(source.config().args());
    if (!args.isEmpty()) {
      line(out, "ExecStart", program(args, source));
    }
    String cwd = source.text("process.cwd");
    if (!cwd.isEmpty() && !cwd.equals("/")) {
      line(out, "WorkingDirectory", UnitWords.escaped(cwd));
    }
    for (String variable : source.strings("process.env")) {
      line(out, "Environment", UnitWords.quoted(variable));
    }
    User user = source.config().user();
    line(out, "User", Long.toString(user.uid()));
    line(out, "Group", Long.toString(user.gid()));
    if (!user.additionalGids().isEmpty()) {
      StringBuilder groups = new StringBuilder();
      for (long gid : user.additionalGids()) {
        groups.append(groups.isEmpty() ? "" : " ").append(gid);
      }
      line(out, "SupplementaryGroups", groups.toString());
    }
    Optional<JsonNode> umask = source.config().find("process", "user", "umask");
    umask.ifPresent(mask -> line(out, "UMask", "0" + Long.toOctalString(mask.asLong())));
    if (source.flag("process.terminal")) {
      source.lose("process.terminal", "a service has no terminal of its own");
    }
    for (JsonNode limit : source.elements("process.rlimits")) {
      String type = limit.path("type").asText();
      if (type.startsWith("RLIMIT_")) {
        line(
            out,
            "Limit" + type.substring("RLIMIT_".length()),
            number(limit.path("soft")) + ":" + number(limit.path("hard")));
      }
    }
    long adjustment = source.number("process.oomScoreAdj").orElse(0L);
    if (adjustment != 0) {
      line(out, "OOMScoreAdjust", Long.toString(adjustment));
    }
    String profile = source.text("process.apparmorProfile");
    if (!profile.isEmpty() && !profile.equals("unconfined")) {
      line(out, "AppArmorProfile", UnitWords.escaped(profile));
    }
    String label = source.text("process.selinuxLabel");
    if (!label.isEmpty()) {
      line(out, "SELinuxContext", UnitWords.escaped(label));
    }
  }

  /// A name without a path is looked for along systemd's own path.
  private static String program(List<String> args, Source source) {
    if (!args.getFirst().startsWith("/")) {
      source.lose(
          "process.args",
          "'" + args.getFirst() + "' is looked for along systemd's path, not along PATH");
    }
    return UnitWords.command(args);
  }

  private static String number(JsonNode node) {
    return node.bigIntegerValue().bitLength() > 63 ? "infinity" : node.asText();
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    StringBuilder out = new StringBuilder();
    capabilities(out, source);
    return Exported.ofCapabilities(out.toString(), source.losses());
  }

  private static void capabilities(StringBuilder out, Source source) {
    ProcessCapabilities sets = source.config().capabilities().orElse(ProcessCapabilities.NONE);
    if (source.config().capabilities().isEmpty()) {
      source.lose("process.capabilities", "absent: no capability is granted");
    }
    boolean root = source.config().user().isRoot();
    CapabilitySet bounding =
        root && source.config().noNewPrivileges()
            ? sets.bounding().intersect(sets.permitted())
            : sets.bounding();
    line(out, "CapabilityBoundingSet", names(bounding));
    CapabilitySet ambient =
        sets.ambient().intersect(sets.permitted()).intersect(sets.inheritable());
    if (!ambient.intersect(bounding).isEmpty() && !root) {
      line(out, "AmbientCapabilities", names(ambient.intersect(bounding)));
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

  private static void seccomp(StringBuilder out, Source source) {
    Optional<JsonNode> filter = source.get("linux.seccomp");
    if (filter.isEmpty()) {
      return;
    }
    if (filter.get().path("defaultAction").asText().equals("SCMP_ACT_ALLOW")) {
      source.lose("linux.seccomp", "a filter that allows by default");
      return;
    }
    Set<String> names = new LinkedHashSet<>();
    Set<String> conditional = new LinkedHashSet<>();
    for (JsonNode rule : filter.get().path("syscalls")) {
      boolean allows = rule.path("action").asText().equals("SCMP_ACT_ALLOW");
      for (JsonNode name : rule.path("names")) {
        (allows && rule.path("args").isEmpty() ? names : conditional).add(name.asText());
      }
    }
    conditional.removeAll(names);
    String restricted = restrict(names, conditional);
    line(out, "SystemCallFilter", String.join(" ", names));
    line(out, "SystemCallErrorNumber", "EPERM");
    line(out, "SystemCallArchitectures", "native");
    out.append(restricted);
    if (!conditional.isEmpty()) {
      source.lose(
          "linux.seccomp",
          "rules that depend on arguments are left out, so these are denied: "
              + String.join(", ", conditional));
    }
  }

  /// What systemd has words of its own for: system calls that are allowed with some arguments only.
  private static String restrict(Set<String> names, Set<String> conditional) {
    StringBuilder out = new StringBuilder();
    if (conditional.remove("clone")) {
      // The filter of RestrictNamespaces= lets clone pass without flags of namespaces, and answers
      // clone3 with ENOSYS.
      conditional.remove("clone3");
      names.add("clone");
      names.add("clone3");
      line(out, "RestrictNamespaces", "yes");
    }
    if (conditional.remove("socket")) {
      names.add("socket");
      line(out, "RestrictAddressFamilies", "~AF_ALG AF_VSOCK");
    }
    if (conditional.remove("personality")) {
      names.add("personality");
      line(out, "LockPersonality", "yes");
    }
    return out.toString();
  }

  private static void namespaces(StringBuilder out, Source source) {
    for (JsonNode namespace : source.elements("linux.namespaces")) {
      String type = namespace.path("type").asText();
      String path = namespace.path("path").asText();
      if (!path.isEmpty()) {
        if (type.equals("network")) {
          line(out, "NetworkNamespacePath", UnitWords.escaped(path));
        } else if (type.equals("ipc")) {
          line(out, "IPCNamespacePath", UnitWords.escaped(path));
        } else {
          source.lose("linux.namespaces", "'" + path + "' cannot be joined");
        }
      } else {
        switch (type) {
          case "network" -> line(out, "PrivateNetwork", "yes");
          case "ipc" -> line(out, "PrivateIPC", "yes");
          case "uts" -> line(out, "ProtectHostname", "yes");
          case "user" -> {
            line(out, "PrivateUsers", "yes");
            source.lose(
                "linux.uidMappings", "systemd maps root and the service's user, and nobody else");
          }
          case "pid" ->
              source.lose("linux.namespaces", "the service shares the host's pid namespace");
          case "cgroup" -> line(out, "ProtectControlGroups", "yes");
          default -> {}
        }
      }
    }
    source.take("linux.uidMappings");
    source.take("linux.gidMappings");
    if (!source.text("hostname").isEmpty()) {
      source.lose("hostname", "the service keeps the host's name");
    }
  }

  private static void mounts(StringBuilder out, Source source) {
    if (source.flag("root.readonly")) {
      line(out, "ReadOnlyPaths", "/");
    }
    for (JsonNode mount : source.elements("mounts")) {
      String destination = mount.path("destination").asText();
      boolean bind = mount.path("type").asText().equals("bind");
      boolean readonly = false;
      List<String> kept = new ArrayList<>();
      for (JsonNode option : mount.path("options")) {
        String word = option.asText();
        bind |= word.equals("bind") || word.equals("rbind");
        readonly |= word.equals("ro") || word.equals("rro");
        if (!word.equals("rprivate")) {
          kept.add(word);
        }
      }
      String from = mount.path("source").asText();
      if (bind && from.startsWith("/")) {
        line(
            out,
            readonly ? "BindReadOnlyPaths" : "BindPaths",
            UnitWords.quoted(from.replace(":", "\\:") + ":" + destination.replace(":", "\\:")));
      } else if (bind) {
        source.lose("mounts", "the engine's own '" + from + "' at " + destination);
      } else if (mount.path("type").asText().equals("tmpfs") && !API_MOUNTS.contains(destination)) {
        line(
            out,
            "TemporaryFileSystem",
            UnitWords.quoted(destination + (kept.isEmpty() ? "" : ":" + String.join(",", kept))));
      } else if (!API_MOUNTS.contains(destination)) {
        source.lose(
            "mounts", "a mount of type " + mount.path("type").asText() + " at " + destination);
      }
    }
    List<String> masked = source.strings("linux.maskedPaths");
    List<String> readonly = source.strings("linux.readonlyPaths");
    // The list of paths may name what this kernel lacks.
    paths(out, "InaccessiblePaths", masked);
    paths(out, "ReadOnlyPaths", readonly);
  }

  private static void paths(StringBuilder out, String key, List<String> paths) {
    for (String path : paths) {
      line(out, key, UnitWords.quoted("-" + path));
    }
  }

  private static void resources(StringBuilder out, Source source) {
    source
        .number("linux.resources.memory.limit")
        .filter(limit -> limit > 0)
        .ifPresent(limit -> line(out, "MemoryMax", Long.toString(limit)));
    source
        .number("linux.resources.memory.reservation")
        .filter(limit -> limit > 0)
        .ifPresent(limit -> line(out, "MemoryLow", Long.toString(limit)));
    Optional<Long> swap = source.number("linux.resources.memory.swap");
    Optional<Long> memory = source.number("linux.resources.memory.limit");
    if (swap.isPresent() && memory.isPresent() && swap.get() >= memory.get()) {
      line(out, "MemorySwapMax", Long.toString(swap.get() - memory.get()));
    }
    source
        .number("linux.resources.pids.limit")
        .filter(limit -> limit > 0)
        .ifPresent(limit -> line(out, "TasksMax", Long.toString(limit)));
    Optional<Long> quota = source.number("linux.resources.cpu.quota");
    long period = source.number("linux.resources.cpu.period").orElse(100_000L);
    if (quota.isPresent() && quota.get() > 0 && period > 0) {
      line(out, "CPUQuota", Math.max(1, quota.get() * 100 / period) + "%");
    }
    source
        .number("linux.resources.cpu.shares")
        .filter(shares -> shares >= 2)
        .ifPresent(shares ->
            // The formula of runc for cgroup v2.
            line(out, "CPUWeight", Long.toString(1 + (shares - 2) * 9999 / 262142)));
    String cpus = source.text("linux.resources.cpu.cpus");
    if (!cpus.isEmpty()) {
      line(out, "AllowedCPUs", cpus);
    }
    Optional<JsonNode> sysctl = source.get("linux.sysctl");
    if (sysctl.isPresent()) {
      for (Map.Entry<String, JsonNode> value : sysctl.get().properties()) {
        source.lose("linux.sysctl", value.getKey() + " is the host's");
      }
    }
  }

  private static void devices(StringBuilder out, Source source) {
    List<JsonNode> rules = source.elements("linux.resources.devices");
    line(out, "DevicePolicy", "closed");
    for (JsonNode device : source.elements("linux.devices")) {
      line(out, "DeviceAllow", UnitWords.quoted(device.path("path").asText()) + " rwm");
    }
    for (JsonNode rule : rules) {
      if (rule.path("allow").asBoolean() && rule.path("major").asLong(-1) < 0) {
        source.lose("linux.resources.devices", "a rule that allows every device");
      }
    }
  }
}
