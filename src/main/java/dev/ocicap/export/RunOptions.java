package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.docker.DockerDefaults;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A configuration as options of `docker run`, which Podman, nerdctl, Compose and Quadlet share.
final class RunOptions {
  private static final Set<String> MOUNTS_BY_ENGINE =
      Set.of(
          "/proc",
          "/dev",
          "/dev/pts",
          "/dev/mqueue",
          "/dev/shm",
          "/sys",
          "/sys/fs/cgroup",
          "/etc/resolv.conf",
          "/etc/hostname",
          "/etc/hosts");

  private static final int ID_LENGTH = 64;

  private final Source source;
  private final Engine engine;
  private final Exporter.Names names;
  private final List<Option> options = new ArrayList<>();

  private RunOptions(Source source, Engine engine, Exporter.Names names) {
    this.source = source;
    this.engine = engine;
    this.names = names;
  }

  /// The options that grant or take capabilities.
  static List<Option> capabilities(Source source, Engine engine) {
    List<Option> capabilities = new ArrayList<>();
    for (Option option : of(source, engine, new Exporter.Names("", "", ""))) {
      if (option.isCapability()) {
        capabilities.add(option);
      }
    }
    return capabilities;
  }

  /// The options before the image.
  static List<Option> of(Source source, Engine engine, Exporter.Names names) {
    RunOptions made = new RunOptions(source, engine, names);
    boolean privileged = source.isPrivileged();
    if (privileged) {
      made.options.add(Option.flag("--privileged"));
    }
    made.identity();
    made.capabilities(privileged);
    made.security(privileged);
    made.process();
    made.namespaces();
    made.mounts(privileged);
    made.devices(privileged);
    made.resources();
    made.disks();
    made.sysctl();
    made.annotations();
    return List.copyOf(made.options);
  }

  private void add(String name, String value) {
    options.add(new Option(name, value));
  }

  private void identity() {
    User user = source.config().user();
    // Without a group an engine takes the groups of the image's /etc/passwd and /etc/group.
    add("--user", user.uid() + ":" + user.gid());
    for (long group : user.additionalGids()) {
      if (group != user.gid()) {
        add("--group-add", Long.toString(group));
      }
    }
    if (source.config().find("process", "user", "umask").isPresent()) {
      source.lose("process.user.umask", "the image's umask is used");
    }
  }

  private void capabilities(boolean privileged) {
    Optional<ProcessCapabilities> configured = source.config().capabilities();
    ProcessCapabilities sets = configured.orElse(ProcessCapabilities.NONE);
    if (configured.isEmpty()) {
      source.lose(
          "process.capabilities",
          "absent, which runtimes understand in different ways: no capability is granted");
    }
    CapabilitySet granted = granted(sets);
    if (privileged) {
      return;
    }
    CapabilitySet defaults = engine.defaults();
    CapabilitySet adds = granted.minus(defaults);
    CapabilitySet drops = defaults.minus(granted);
    if (granted.equals(CapabilitySet.ALL)) {
      add("--cap-add", "ALL");
    } else if (1 + granted.size() <= adds.size() + drops.size() || podmanUser()) {
      add("--cap-drop", "ALL");
      each("--cap-add", granted);
    } else {
      each("--cap-drop", drops);
      each("--cap-add", adds);
    }
  }

  private boolean podmanUser() {
    return engine == Engine.PODMAN && !source.config().user().isRoot();
  }

  private void each(String option, CapabilitySet set) {
    for (Capability capability : set.members()) {
      add(option, capability.name().substring("CAP_".length()));
    }
  }

  /// What the engine is asked for. Docker gives one set to bounding, permitted and effective, and
  /// nothing to the other two; Podman gives a user who is not root what is asked for in all five.
  private CapabilitySet granted(ProcessCapabilities sets) {
    if (podmanUser()) {
      CapabilitySet wanted = sets.ambient().intersect(sets.permitted());
      CapabilitySet rest = sets.bounding().plus(sets.permitted()).minus(wanted);
      if (!rest.isEmpty()) {
        source.lose(
            "process.capabilities",
            "podman would put them into the ambient set too, so they are not granted: " + rest);
      }
      return wanted;
    }
    boolean root = source.config().user().isRoot();
    if (!sets.ambient().isEmpty()) {
      source.lose(
          "process.capabilities.ambient",
          engine.word()
              + " has no ambient capabilities"
              + (root
                  ? ""
                  : ": the process, which is not root, has none of "
                      + sets.ambient()
                      + " unless its program has file capabilities"));
    } else if (!sets.inheritable().isEmpty()) {
      source.lose(
          "process.capabilities.inheritable", engine.word() + " leaves the inheritable set empty");
    }
    // At execve root gets what is in bounding, whatever the others say; noNewPrivileges limits it
    // to permitted.
    CapabilitySet granted =
        source.config().noNewPrivileges()
            ? sets.bounding().intersect(sets.permitted())
            : sets.bounding();
    CapabilitySet beyond =
        sets.bounding().plus(sets.permitted()).plus(sets.effective()).minus(granted);
    if (!beyond.isEmpty()) {
      source.lose(
          "process.capabilities",
          "not in both bounding and permitted, so they are not granted: " + beyond);
    }
    CapabilitySet idle = granted.minus(sets.permitted().intersect(sets.effective()));
    if (!idle.isEmpty()) {
      source.lose(
          "process.capabilities",
          "permitted and effective get what bounding has, as execve does for root: " + idle);
    }
    return granted;
  }

  private void security(boolean privileged) {
    if (source.config().noNewPrivileges()) {
      add("--security-opt", "no-new-privileges");
    }
    seccomp(privileged);
    String profile = source.text("process.apparmorProfile");
    if (!profile.isEmpty()
        && !profile.equals("docker-default")
        && !(privileged && profile.equals("unconfined"))) {
      add("--security-opt", "apparmor=" + profile);
    }
    String label = source.text("process.selinuxLabel");
    if (!label.isEmpty()) {
      String[] parts = label.split(":", 4);
      String[] names = {"user", "role", "type", "level"};
      for (int i = 0; i < parts.length; i++) {
        add("--security-opt", "label=" + names[i] + ":" + parts[i]);
      }
    }
    source.take("linux.mountLabel");
    if (source.flag("root.readonly")) {
      options.add(Option.flag("--read-only"));
    }
    List<String> masked = source.strings("linux.maskedPaths");
    List<String> readonly = source.strings("linux.readonlyPaths");
    if (masked.isEmpty() && readonly.isEmpty()) {
      if (!privileged) {
        add("--security-opt", engine == Engine.PODMAN ? "unmask=ALL" : "systempaths=unconfined");
      }
    } else {
      List<String> only = new ArrayList<>(masked);
      only.removeAll(DockerDefaults.MASKED_PATHS);
      only.removeIf(path -> path.startsWith("/sys/devices/system/cpu/"));
      if (!only.isEmpty()) {
        if (engine == Engine.PODMAN) {
          add("--security-opt", "mask=" + String.join(":", only));
        } else {
          source.lose("linux.maskedPaths", "not masked by default: " + String.join(", ", only));
        }
      }
      List<String> writable = new ArrayList<>(readonly);
      writable.removeAll(DockerDefaults.READONLY_PATHS);
      if (!writable.isEmpty()) {
        source.lose(
            "linux.readonlyPaths", "not read-only by default: " + String.join(", ", writable));
      }
    }
  }

  private void seccomp(boolean privileged) {
    Optional<JsonNode> filter = source.get("linux.seccomp");
    if (filter.isEmpty()) {
      if (!privileged) {
        add("--security-opt", "seccomp=unconfined");
      }
    } else if (!Filters.isDockers(source)) {
      String file = Filters.file(source);
      if (file.isEmpty()) {
        source.lose(
            "linux.seccomp",
            "the engine's own profile takes its place; to keep this one, write it to a file and"
                + " add --security-opt seccomp=FILE");
      } else {
        add("--security-opt", "seccomp=" + file);
      }
    }
  }

  private void process() {
    if (source.flag("process.terminal")) {
      options.add(Option.flag("--tty"));
    }
    String hostname = source.text("hostname");
    if (!hostname.isEmpty()) {
      add("--hostname", hostname);
    }
    String domain = source.text("domainname");
    if (!domain.isEmpty()) {
      add("--domainname", domain);
    }
    Set<String> names = new HashSet<>();
    for (String variable : source.strings("process.env")) {
      int equals = variable.indexOf('=');
      if (!names.add(equals < 0 ? variable : variable.substring(0, equals))) {
        source.lose("process.env", "'" + variable + "' replaces what stands before it");
      }
      if (!variable.startsWith("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
          && !variable.equals("HOSTNAME=" + hostname)
          && !(variable.equals("TERM=xterm") && source.config().terminal())) {
        add("--env", variable);
      }
    }
    String cwd = source.text("process.cwd");
    if (!cwd.isEmpty()) {
      add("--workdir", cwd);
    }
    for (Source.Limit limit : source.limits("-1")) {
      add(
          "--ulimit",
          limit.name().toLowerCase(Locale.ROOT) + "=" + limit.soft() + ":" + limit.hard());
    }
    long adjustment = source.number("process.oomScoreAdj").orElse(0L);
    if (adjustment != 0) {
      add("--oom-score-adj", Long.toString(adjustment));
    }
    if (source.usesInit()) {
      options.add(Option.flag("--init"));
    }
    source.take("process.args");
    source.take("process.commandLine");
  }

  private void namespaces() {
    Set<String> own = new HashSet<>();
    for (JsonNode namespace : source.elements("linux.namespaces")) {
      String type = namespace.path("type").asText();
      String path = namespace.path("path").asText();
      own.add(type);
      if (!path.isEmpty()) {
        source.lose(
            "linux.namespaces",
            "'"
                + path
                + "' cannot be joined: the container gets a "
                + type
                + " namespace of its own");
      }
    }
    String[][] shared = {
      {"pid", "--pid"}, {"network", "--network"}, {"ipc", "--ipc"}, {"uts", "--uts"}
    };
    for (String[] one : shared) {
      if (!own.contains(one[0])) {
        add(one[1], "host");
      }
    }
    if (!own.isEmpty()) {
      // What an engine does by itself depends on the host's version of cgroups.
      add("--cgroupns", own.contains("cgroup") ? "private" : "host");
    }
    if (own.contains("ipc")) {
      sharedMemory();
    }
    if (!own.contains("mount")) {
      source.lose("linux.namespaces", "the container gets a mount namespace of its own");
    }
    if (own.contains("user")) {
      source.take("linux.uidMappings");
      source.take("linux.gidMappings");
      if (engine == Engine.PODMAN) {
        maps("--uidmap", "linux.uidMappings");
        maps("--gidmap", "linux.gidMappings");
      } else {
        source.lose(
            "linux.namespaces",
            "user namespaces are set up for the whole engine (userns-remap), not for a container");
      }
    }
    String parent = parent(source.text("linux.cgroupsPath"));
    if (!parent.isEmpty()) {
      add("--cgroup-parent", parent);
    }
    source.take("linux.rootfsPropagation");
  }

  /// `/dev/shm` is the engine's for others to join, or missing, or as always.
  private void sharedMemory() {
    boolean any = false;
    for (Mount mount : source.config().mounts()) {
      if (mount.destination().equals("/dev/shm")) {
        any = true;
        if (Source.isEnginesShm(mount)) {
          add("--ipc", "shareable");
        }
      }
    }
    if (!any && engine == Engine.NERDCTL) {
      source.lose("mounts", "/dev/shm is mounted");
    } else if (!any) {
      add("--ipc", "none");
    }
  }

  /// Below which control group Docker made the container's, where that is not its own choice:
  /// `PARENT.slice:docker:ID` with systemd, `/PARENT/ID` without; "" for any other path.
  private static String parent(String path) {
    int colon = path.indexOf(":docker:");
    if (colon > 0) {
      String slice = path.substring(0, colon);
      return slice.equals("system.slice") ? "" : slice;
    }
    int slash = path.lastIndexOf('/');
    boolean ours = path.startsWith("/") && path.length() - slash - 1 == ID_LENGTH;
    return ours && slash > 0 && !path.startsWith("/docker/") ? path.substring(0, slash) : "";
  }

  private void maps(String option, String path) {
    for (JsonNode map : source.elements(path)) {
      add(
          option,
          map.path("containerID").asText()
              + ":"
              + map.path("hostID").asText()
              + ":"
              + map.path("size").asText());
    }
  }

  private void mounts(boolean privileged) {
    Set<String> seen = new HashSet<>();
    for (Mount mount : source.mounts(names.directory())) {
      seen.add(mount.destination());
      mount(mount, privileged);
    }
    if (!seen.contains("/proc") || !seen.contains("/dev")) {
      source.lose("mounts", engine.word() + " mounts /proc, /dev and /sys, as it always does");
    }
  }

  private void mount(Mount mount, boolean privileged) {
    if (Source.isEnginesOwn(mount)
        || Source.isEnginesShm(mount)
        || (mount.destination().equals(Source.INIT) && source.usesInit())) {
      return;
    }
    if (mount.isBind()) {
      bind(mount);
    } else if (mount.destination().equals("/dev/shm") && !mount.source().equals("tmpfs")) {
      for (String option : mount.options()) {
        if (option.startsWith("size=") && !isDefaultSharedMemory(option)) {
          add("--shm-size", option.substring("size=".length()));
        }
      }
    } else if (MOUNTS_BY_ENGINE.contains(mount.destination())
        && !mount.destination().equals("/dev/shm")) {
      if (mount.destination().startsWith("/sys") && !mount.isReadOnly() && !privileged) {
        source.lose("mounts", mount.destination() + " is mounted read-only");
      }
    } else if (mount.type().equals("tmpfs")) {
      List<String> kept = new ArrayList<>(mount.options());
      kept.removeAll(List.of("noexec", "nosuid", "nodev", "rprivate"));
      if (!mount.options().contains("noexec")) {
        kept.add("exec");
      }
      add("--tmpfs", mount.destination() + (kept.isEmpty() ? "" : ":" + String.join(",", kept)));
    } else {
      source.lose("mounts", "a mount of type " + mount.type() + " at " + mount.destination());
    }
  }

  private static boolean isDefaultSharedMemory(String option) {
    return option.equals("size=65536k")
        || option.equals("size=64m")
        || option.equals("size=" + DockerDefaults.SHM_SIZE);
  }

  private void bind(Mount mount) {
    String propagation = "";
    boolean recursive = true;
    for (String option : mount.options()) {
      switch (option) {
        case "shared", "rshared", "slave", "rslave", "private" -> propagation = option;
        case "bind" -> recursive = mount.options().contains("rbind");
        case "rbind", "rprivate", "ro", "rro", "rw", "rrw" -> {}
        default ->
            source.lose(
                "mounts", "the option " + option + " of the bind at " + mount.destination());
      }
    }
    String volume = "";
    if (recursive && propagation.isEmpty() && !mount.options().contains("rprivate")) {
      volume = volume(mount);
    }
    boolean colon = mount.source().indexOf(':') >= 0 || mount.destination().indexOf(':') >= 0;
    if (colon || !recursive) {
      add(
          "--mount",
          csv("type=bind")
              + ","
              + csv("source=" + mount.source())
              + ","
              + csv("target=" + mount.destination())
              + (mount.isReadOnly() ? ",readonly" : "")
              + (propagation.isEmpty() ? "" : ",bind-propagation=" + propagation)
              + (recursive ? "" : nonRecursive()));
    } else {
      String words =
          (mount.isReadOnly() ? ",ro" : "") + (propagation.isEmpty() ? "" : "," + propagation);
      add(
          "--volume",
          (volume.isEmpty() ? mount.source() : volume)
              + ":"
              + mount.destination()
              + (words.isEmpty() ? "" : ":" + words.substring(1)));
    }
  }

  /// The name of the engine's volume that is mounted; "" for any other directory. Docker binds
  /// volumes without a word about propagation, and directories, a part of a volume too, as private.
  private String volume(Mount mount) {
    String volume = engine.volume(mount.source());
    String name = Engine.volumeName(mount.source());
    if (volume.isEmpty() && !name.isEmpty()) {
      source.lose(
          "mounts",
          "'"
              + mount.source()
              + "' is bound as a directory, with private propagation, and not as "
              + engine.word()
              + "'s volume '"
              + name
              + "'");
    }
    return volume;
  }

  /// The words for a bind without what is mounted below its source.
  private String nonRecursive() {
    return engine == Engine.PODMAN ? ",bind-nonrecursive" : ",bind-recursive=disabled";
  }

  private static String csv(String field) {
    return field.indexOf(',') < 0
            && field.indexOf('"') < 0
            && field.indexOf('\n') < 0
            && field.indexOf('\r') < 0
        ? field
        : "\"" + field.replace("\"", "\"\"") + "\"";
  }

  private void devices(boolean privileged) {
    if (privileged) {
      source.take("linux.devices");
      return;
    }
    Set<String> nodes = new HashSet<>();
    for (JsonNode device : source.elements("linux.devices")) {
      nodes.add(Source.device(device));
      device(device);
    }
    for (DeviceRule rule : source.config().deviceRules()) {
      boolean usual = Source.isUsualDevice(rule) && rule.access().equals("rwm");
      if (rule.allow() && !usual && !nodes.contains(rule.device())) {
        add("--device-cgroup-rule", rule.device() + " " + rule.access());
      }
    }
  }

  private void device(JsonNode device) {
    String path = device.path("path").asText();
    String node = Source.device(device);
    String access = source.access(device);
    if (access.isEmpty()) {
      source.lose("linux.devices", path + " may not be opened: no rule allows it");
      return;
    }
    access = asWritten(node, access);
    String from = wellKnown(node);
    String words = from.isEmpty() ? path : from;
    if (!words.equals(path) || !access.equals("rwm")) {
      words += ":" + path;
    }
    add("--device", access.equals("rwm") ? words : words + ":" + access);
    if (from.isEmpty()) {
      source.lose(
          "linux.devices",
          path + " is taken from the same path of the host: check that it is " + node);
    }
  }

  /// The access as the last rule for a device spells it, unless that would give more.
  private String asWritten(String device, String access) {
    String written = access;
    for (DeviceRule rule : source.config().deviceRules()) {
      if (rule.allow() && rule.device().equals(device) && isWithin(rule.access(), access)) {
        written = rule.access();
      }
    }
    return written;
  }

  private static boolean isWithin(String letters, String others) {
    boolean within = !letters.isEmpty();
    for (int i = 0; i < letters.length(); i++) {
      within &= others.indexOf(letters.charAt(i)) >= 0;
    }
    return within;
  }

  /// Where a device has its node on every machine (the kernel's devices.txt), or "".
  private static String wellKnown(String node) {
    return switch (node) {
      case "c 1:3" -> "/dev/null";
      case "c 1:5" -> "/dev/zero";
      case "c 1:7" -> "/dev/full";
      case "c 1:8" -> "/dev/random";
      case "c 1:9" -> "/dev/urandom";
      case "c 5:0" -> "/dev/tty";
      case "c 10:200" -> "/dev/net/tun";
      case "c 10:229" -> "/dev/fuse";
      case "c 10:232" -> "/dev/kvm";
      default -> "";
    };
  }

  private void resources() {
    String[][] numbers = {
      {"linux.resources.memory.limit", "--memory"},
      {"linux.resources.memory.reservation", "--memory-reservation"},
      {"linux.resources.memory.swap", "--memory-swap"},
      {"linux.resources.memory.swappiness", "--memory-swappiness"},
      {"linux.resources.cpu.shares", "--cpu-shares"},
      {"linux.resources.cpu.quota", "--cpu-quota"},
      {"linux.resources.cpu.period", "--cpu-period"},
      {"linux.resources.cpu.realtimePeriod", "--cpu-rt-period"},
      {"linux.resources.cpu.realtimeRuntime", "--cpu-rt-runtime"},
      {"linux.resources.pids.limit", "--pids-limit"},
      {"linux.resources.blockIO.weight", "--blkio-weight"}
    };
    Optional<Long> memory = source.number("linux.resources.memory.limit");
    for (String[] one : numbers) {
      Optional<Long> value = source.number(one[0]);
      // Docker sets the limit of swap to twice that of memory by itself.
      boolean implied =
          one[1].equals("--memory-swap")
              && memory.isPresent()
              && value.isPresent()
              && value.get() == 2 * memory.get();
      boolean unlimited = one[1].equals("--pids-limit") && value.orElse(0L) < 0;
      if (value.isPresent() && value.get() != 0 && !implied && !unlimited) {
        add(one[1], Long.toString(value.get()));
      } else if (one[1].equals("--memory-swap") && memory.isPresent() && value.isEmpty()) {
        add(one[1], "-1");
      }
    }
    String cpus = source.text("linux.resources.cpu.cpus");
    if (!cpus.isEmpty()) {
      add("--cpuset-cpus", cpus);
    }
    String mems = source.text("linux.resources.cpu.mems");
    if (!mems.isEmpty()) {
      add("--cpuset-mems", mems);
    }
    if (source.flag("linux.resources.memory.disableOOMKiller")) {
      options.add(Option.flag("--oom-kill-disable"));
    }
  }

  /// Weights and limits of block devices, and what is written to control groups as it stands.
  private void disks() {
    String[][] lists = {
      {"weightDevice", "weight", "--blkio-weight-device"},
      {"throttleReadBpsDevice", "rate", "--device-read-bps"},
      {"throttleWriteBpsDevice", "rate", "--device-write-bps"},
      {"throttleReadIOPSDevice", "rate", "--device-read-iops"},
      {"throttleWriteIOPSDevice", "rate", "--device-write-iops"}
    };
    for (String[] list : lists) {
      String property = "linux.resources.blockIO." + list[0];
      for (JsonNode device : source.elements(property)) {
        disk(property, device, list[1], list[2]);
      }
    }
    if (engine == Engine.PODMAN) {
      Optional<JsonNode> files = source.get("linux.resources.unified");
      if (files.isPresent()) {
        for (Map.Entry<String, JsonNode> file : files.get().properties()) {
          add("--cgroup-conf", file.getKey() + "=" + file.getValue().asText());
        }
      }
    }
  }

  private void disk(String property, JsonNode device, String key, String option) {
    if (device.has("leafWeight")) {
      source.lose(property, "there is nothing like leafWeight");
    }
    if (!device.has(key)) {
      return;
    }
    String number = Source.number(device);
    String value = device.path(key).asText();
    String path = node("b " + number);
    if (path.isEmpty()) {
      path = names.disks().path(device.path("major").asLong(), device.path("minor").asLong());
    }
    if (path.isEmpty() || path.indexOf(':') >= 0) {
      source.lose(
          property,
          "the path of the device "
              + number
              + " is not known: '"
              + option
              + "=PATH:"
              + value
              + "' would say it");
      return;
    }
    add(option, path + ":" + value);
    source.lose(property, "taken for " + path + ": check that it is " + number);
  }

  /// Where the configuration itself makes a device; "" for one that it does not make.
  private String node(String device) {
    for (JsonNode node : source.elements("linux.devices")) {
      if (Source.device(node).equals(device)) {
        return node.path("path").asText();
      }
    }
    return "";
  }

  private void sysctl() {
    Optional<JsonNode> values = source.get("linux.sysctl");
    if (values.isEmpty()) {
      return;
    }
    for (Map.Entry<String, JsonNode> value : values.get().properties()) {
      String text = value.getKey() + "=" + value.getValue().asText();
      if (value.getKey().equals("kernel.domainname")) {
        add("--domainname", value.getValue().asText());
      } else if (!text.equals("net.ipv4.ping_group_range=0 2147483647")
          && !text.equals("net.ipv4.ip_unprivileged_port_start=0")) {
        add("--sysctl", text);
      }
    }
  }

  private void annotations() {
    Optional<JsonNode> values = source.get("annotations");
    if (values.isEmpty()) {
      return;
    }
    for (Map.Entry<String, JsonNode> value : values.get().properties()) {
      if (!value.getKey().startsWith("dev.ocicap.")) {
        add("--annotation", value.getKey() + "=" + value.getValue().asText());
      }
    }
  }
}
