package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.docker.DockerDefaults;
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

  private final Source source;
  private final Engine engine;
  private final List<Option> options = new ArrayList<>();

  private RunOptions(Source source, Engine engine) {
    this.source = source;
    this.engine = engine;
  }

  /// The options before the image.
  static List<Option> of(Source source, Engine engine) {
    RunOptions made = new RunOptions(source, engine);
    boolean privileged = made.privileged();
    made.identity();
    made.capabilities(privileged);
    made.security(privileged);
    made.process();
    made.namespaces();
    made.mounts();
    made.devices(privileged);
    made.resources();
    made.sysctl();
    made.annotations();
    return List.copyOf(made.options);
  }

  private void add(String name, String value) {
    options.add(new Option(name, value));
  }

  /// What `--privileged` means, and no less: every capability, no filter, nothing masked, every
  /// device allowed.
  private boolean privileged() {
    ProcessCapabilities sets = source.config().capabilities().orElse(ProcessCapabilities.NONE);
    boolean anyDevice = false;
    for (JsonNode rule : source.elements("linux.resources.devices")) {
      boolean all = rule.path("major").asLong(-1) < 0 && rule.path("minor").asLong(-1) < 0;
      String type = rule.path("type").asText("a");
      anyDevice |= all && rule.path("allow").asBoolean() && (type.equals("a") || type.isEmpty());
    }
    boolean privileged =
        anyDevice
            && sets.bounding().equals(CapabilitySet.ALL)
            && source.config().find("linux", "seccomp").isEmpty()
            && source.config().strings("linux", "maskedPaths").isEmpty();
    if (privileged) {
      options.add(Option.flag("--privileged"));
    }
    return privileged;
  }

  private void identity() {
    User user = source.config().user();
    if (user.uid() != 0 || user.gid() != 0) {
      add("--user", user.uid() + (user.gid() == 0 ? "" : ":" + user.gid()));
    }
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
    for (String variable : source.strings("process.env")) {
      if (!variable.startsWith("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
          && !variable.equals("HOSTNAME=" + hostname)
          && !(variable.equals("TERM=xterm") && source.config().terminal())) {
        add("--env", variable);
      }
    }
    String cwd = source.text("process.cwd");
    if (!cwd.isEmpty() && !cwd.equals("/")) {
      add("--workdir", cwd);
    }
    for (JsonNode limit : source.elements("process.rlimits")) {
      String type = limit.path("type").asText();
      String name = type.startsWith("RLIMIT_") ? type.substring("RLIMIT_".length()) : type;
      add(
          "--ulimit",
          name.toLowerCase(Locale.ROOT)
              + "="
              + limit(limit.path("soft"))
              + ":"
              + limit(limit.path("hard")));
    }
    long adjustment = source.number("process.oomScoreAdj").orElse(0L);
    if (adjustment != 0) {
      add("--oom-score-adj", Long.toString(adjustment));
    }
    source.take("process.args");
    source.take("process.commandLine");
  }

  /// A limit; every bit set means that there is none.
  private static String limit(JsonNode node) {
    return node.bigIntegerValue().bitLength() > 63 ? "-1" : node.asText();
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
    if (!own.contains("cgroup") && !own.isEmpty()) {
      add("--cgroupns", "host");
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
    source.take("linux.cgroupsPath");
    source.take("linux.rootfsPropagation");
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

  private void mounts() {
    Set<String> seen = new HashSet<>();
    for (JsonNode node : source.elements("mounts")) {
      List<String> words = new ArrayList<>();
      for (JsonNode option : node.path("options")) {
        words.add(option.asText());
      }
      Mount mount =
          new Mount(
              node.path("destination").asText(),
              node.path("type").asText(),
              node.path("source").asText(),
              words);
      seen.add(mount.destination());
      mount(mount);
    }
    if (!seen.contains("/proc") || !seen.contains("/dev")) {
      source.lose("mounts", engine.word() + " mounts /proc, /dev and /sys, as it always does");
    }
  }

  private void mount(Mount mount) {
    boolean bind =
        mount.type().equals("bind")
            || mount.options().contains("bind")
            || mount.options().contains("rbind");
    boolean own =
        mount.destination().startsWith("/etc/")
            && !mount.source().startsWith("/")
            && MOUNTS_BY_ENGINE.contains(mount.destination());
    if (mount.destination().equals("/dev/shm") && !bind) {
      for (String option : mount.options()) {
        if (option.startsWith("size=") && !isDefaultSharedMemory(option)) {
          add("--shm-size", option.substring("size=".length()));
        }
      }
    } else if (MOUNTS_BY_ENGINE.contains(mount.destination()) && (!bind || own)) {
      if (mount.destination().startsWith("/sys")
          && !mount.options().contains("ro")
          && !options.contains(Option.flag("--privileged"))) {
        source.lose("mounts", mount.destination() + " is mounted read-only");
      }
    } else if (bind) {
      bind(mount);
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
    List<String> kept = new ArrayList<>();
    for (String option : mount.options()) {
      switch (option) {
        case "ro", "rro" -> kept.add("ro");
        case "shared", "rshared", "slave", "rslave", "private" -> kept.add(option);
        case "bind", "rbind", "rprivate", "rw" -> {}
        default ->
            source.lose(
                "mounts", "the option " + option + " of the bind at " + mount.destination());
      }
    }
    if (mount.source().indexOf(':') >= 0 || mount.destination().indexOf(':') >= 0) {
      add(
          "--mount",
          csv("type=bind")
              + ","
              + csv("source=" + mount.source())
              + ","
              + csv("target=" + mount.destination())
              + (kept.contains("ro") ? ",readonly" : ""));
    } else {
      add(
          "--volume",
          mount.source()
              + ":"
              + mount.destination()
              + (kept.isEmpty() ? "" : ":" + String.join(",", kept)));
    }
  }

  private static String csv(String field) {
    return field.indexOf(',') < 0 && field.indexOf('"') < 0
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
      String path = device.path("path").asText();
      String node =
          device.path("type").asText()
              + " "
              + device.path("major").asText()
              + ":"
              + device.path("minor").asText();
      nodes.add(node);
      String from = wellKnown(node);
      String access = access(node);
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
    for (JsonNode rule : source.elements("linux.resources.devices")) {
      String text =
          rule.path("type").asText("a")
              + " "
              + device(rule.path("major"))
              + ":"
              + device(rule.path("minor"));
      if (rule.path("allow").asBoolean() && !isDefault(text) && !nodes.contains(text)) {
        add("--device-cgroup-rule", text + " " + rule.path("access").asText("rwm"));
      }
    }
  }

  /// The access that the rules give to a device node.
  private String access(String node) {
    String access = "rwm";
    for (JsonNode rule : source.elements("linux.resources.devices")) {
      String text =
          rule.path("type").asText("a")
              + " "
              + device(rule.path("major"))
              + ":"
              + device(rule.path("minor"));
      if (rule.path("allow").asBoolean() && text.equals(node)) {
        access = rule.path("access").asText("rwm");
      }
    }
    return access;
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

  private static boolean isDefault(String rule) {
    return switch (rule) {
      case "c 1:5", "c 1:3", "c 1:9", "c 1:8", "c 5:0", "c 5:1" -> true;
      default -> false;
    };
  }

  private static String device(JsonNode number) {
    return number.isNumber() && number.asLong() >= 0 ? number.asText() : "*";
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
      if (value.isPresent() && value.get() != 0 && !implied) {
        boolean unlimited = one[1].equals("--pids-limit") && value.get() < 0;
        if (!unlimited) {
          add(one[1], Long.toString(value.get()));
        }
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

  private void sysctl() {
    Optional<JsonNode> values = source.get("linux.sysctl");
    if (values.isEmpty()) {
      return;
    }
    for (Map.Entry<String, JsonNode> value : values.get().properties()) {
      String text = value.getKey() + "=" + value.getValue().asText();
      if (!text.equals("net.ipv4.ping_group_range=0 2147483647")
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
