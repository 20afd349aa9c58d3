package dev.ocicap.validate;

import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.ShellWords;
import dev.ocicap.seccomp.KernelVersion;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one machine would make of a configuration.
///
/// @param host what the machine offers
/// @param directory what relative paths of bundles start from
/// @param root what will lie at `root.path` when a runtime looks; empty when that is there now
public record HostCheck(HostFacts host, Path directory, Optional<Path> root) {

  /// The check of configurations whose root file systems are there.
  public HostCheck(HostFacts host, Path directory) {
    this(host, directory, Optional.empty());
  }

  /// The rules of no machine in particular.
  static List<Rule> ofNoMachine() {
    return new HostCheck(HostFacts.NONE, Path.of("")).rules();
  }

  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

  /// Which controller of cgroup v2 a member of `linux.resources` needs.
  private static final Map<String, String> CONTROLLERS =
      Map.of(
          "memory",
          "memory",
          "cpu",
          "cpu",
          "pids",
          "pids",
          "blockIO",
          "io",
          "hugepageLimits",
          "hugetlb",
          "rdma",
          "rdma");

  private static final Map<String, String> CONTROLLERS_OF_VERSION_1 =
      Map.of("memory", "memory", "pids", "pids", "blockIO", "blkio", "hugepageLimits", "hugetlb");

  private static final List<String> CPU_SETS = List.of("cpus", "mems");

  private static final KernelVersion BURST = new KernelVersion(5, 14);
  private static final KernelVersion IDLE = new KernelVersion(5, 15);
  private static final KernelVersion MOUNT_SETATTR = new KernelVersion(5, 12);

  /// Words of actions, flags, policies and options, and the kernel that brought what they ask for
  /// (seccomp(2), set_mempolicy(2), mount_setattr(2)).
  private static final Map<String, KernelVersion> WORDS = words();

  private static Map<String, KernelVersion> words() {
    Map<String, KernelVersion> words = new HashMap<>();
    words.put("SCMP_ACT_LOG", new KernelVersion(4, 14));
    words.put("SCMP_ACT_KILL_PROCESS", new KernelVersion(4, 14));
    words.put("SCMP_ACT_NOTIFY", new KernelVersion(5, 0));
    words.put("SECCOMP_FILTER_FLAG_LOG", new KernelVersion(4, 14));
    words.put("SECCOMP_FILTER_FLAG_SPEC_ALLOW", new KernelVersion(4, 17));
    words.put("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", new KernelVersion(5, 19));
    words.put("MPOL_PREFERRED_MANY", new KernelVersion(5, 15));
    words.put("MPOL_WEIGHTED_INTERLEAVE", new KernelVersion(6, 9));
    words.put("MPOL_F_NUMA_BALANCING", new KernelVersion(5, 12));
    words.put("nosymfollow", new KernelVersion(5, 10));
    for (String option : MountRules.RECURSIVE) {
      words.put(option, MOUNT_SETATTR);
    }
    return words;
  }

  /// The rules of this machine.
  List<Rule> rules() {
    return List.of(
        rule("host-rootless", Level.MUST, "user_namespaces(7)", this::rootless),
        rule("host-kernel", Level.MUST, "config.md#extensibility", this::kernel),
        rule("host-rootfs", Level.MUST, "config.md#root", this::rootfs),
        rule("host-program", Level.MUST, "config.md#posix-process", this::program),
        rule("host-user", Level.ADVICE, "config.md#posix-platform-user", this::user),
        rule("host-capability", Level.MUST, "capset(2)", this::capabilities),
        rule("host-rlimit", Level.MUST, "setrlimit(2)", this::rlimits),
        rule("host-oom-score", Level.MUST, "proc(5)", this::oomScore),
        rule("host-cgroup", Level.MUST, "config-linux.md#control-groups", this::cgroups),
        rule("host-cpu", Level.MUST, "config-linux.md#cpu", this::cpus),
        rule("host-resctrl", Level.MUST, "config-linux.md#intelrdt", this::resctrl),
        rule("host-namespace", Level.MUST, "config-linux.md#namespaces", this::namespaces),
        rule("host-security-module", Level.MUST, "config.md#linux-process", this::modules),
        rule("host-mount-source", Level.MUST, "config.md#mounts", this::mountSources),
        rule("host-filesystem", Level.SHOULD, "config.md#mounts", this::filesystems),
        rule("host-mapping", Level.MUST, "config-linux.md#user-namespace-mappings", this::mappings),
        rule("host-hook", Level.MUST, "config.md#posix-platform-hooks", this::hooks),
        rule("host-device", Level.MUST, "config-linux.md#devices", this::deviceFiles),
        rule("host-net-device", Level.MUST, "config-linux.md#network-devices", this::devices),
        // Whether there is a terminal is only known when the container starts.
        rule("host-terminal", Level.MUST, "config.md#process", (document, findings) -> {}),
        rule("host-huge-page", Level.MUST, "config-linux.md#huge-page-limits", this::hugePages));
  }

  private static Rule rule(String code, Level level, String reference, Rule.Check check) {
    return new Rule(code, level, Layer.HOST, reference, check, null);
  }

  private Path bundle(Document document) {
    String file = document.config().json().file();
    Path parent = file.equals("-") ? null : directory.resolve(file).getParent();
    return parent == null ? directory : parent;
  }

  Optional<Path> resolve(Document document, String path) {
    try {
      return Optional.of(bundle(document).resolve(path));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  Optional<Path> rootPath(Document document) {
    if (root.isPresent()) {
      return root;
    }
    Value path = document.get("root", "path");
    return path.isText() && !document.isWindows()
        ? resolve(document, path.text()).map(root -> TemporaryBundles.seen(bundle(document), root))
        : Optional.empty();
  }

  void rootfs(Document document, Findings findings) {
    rootfsMissing(document, findings);
    Optional<Path> root = rootPath(document);
    Value path = document.get("root", "path");
    if (root.isPresent()
        && Files.isDirectory(root.get())
        && leadsThroughLink(bundle(document), path.text())) {
      findings.add(
          path,
          path.shown() + " leads through a symbolic link: runc refuses it",
          linkless(root.get()));
    }
  }

  /// A runtime enters the bundle's directory first, so that links on the way to it do no harm.
  private static boolean leadsThroughLink(Path bundle, String path) {
    try {
      Path plain = bundle.toRealPath().resolve(path).normalize();
      return !plain.equals(plain.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable String linkless(Path root) {
    try {
      return ShellWords.pasted(
          List.of("ocicap", "edit", "--root-path", root.toRealPath().toString(), "BUNDLE"));
    } catch (IOException e) {
      return null;
    }
  }

  void rootfsMissing(Document document, Findings findings) {
    Optional<Path> root = rootPath(document);
    if (root.isPresent() && !Files.isDirectory(root.get())) {
      Value path = document.get("root", "path");
      findings.add(
          path,
          path.shown() + " is not a directory here",
          ShellWords.pasted(List.of("mkdir", root.get().toString())));
    }
  }

  /// A relative element of `PATH` counts from the working directory, which is not looked at.
  void certainlyNoProgram(Document document, Findings findings) {
    for (Value mount : document.get("mounts").items()) {
      if (Forms.clean(mount.get("destination").text()).equals("/")) {
        return;
      }
    }
    for (Value entry : document.get("process", "env").items()) {
      if (entry.text().startsWith("PATH=")) {
        for (String directory : entry.text().substring("PATH=".length()).split(":", -1)) {
          if (!directory.startsWith("/")) {
            return;
          }
        }
      }
    }
    program(document, findings);
  }

  void program(Document document, Findings findings) {
    Optional<Path> root = rootPath(document);
    if (root.isPresent() && Files.isDirectory(root.get())) {
      new ProgramCheck(
              document, bundle(document), new RootFilesystem(root.get(), mountPoints(document)))
          .check(findings);
    }
  }

  static Set<String> mountPoints(Document document) {
    Set<String> points = new HashSet<>();
    for (Value mount : document.mounts()) {
      points.add(Forms.clean(mount.get("destination").text()));
    }
    points.remove("/");
    return points;
  }

  private void user(Document document, Findings findings) {
    Optional<Path> root = rootPath(document);
    Value uid = document.get("process", "user", "uid");
    if (root.isEmpty() || !uid.isPositive()) {
      return;
    }
    Optional<List<String>> passwd =
        new RootFilesystem(root.get(), mountPoints(document)).lines("/etc/passwd");
    if (passwd.isPresent()) {
      for (String line : passwd.get()) {
        String[] fields = line.split(":", 4);
        if (fields.length == 4 && fields[2].equals(uid.integer().toString())) {
          return;
        }
      }
      findings.add(uid, uid.shown() + " is not in the root file system's /etc/passwd", null);
    }
  }

  private void capabilities(Document document, Findings findings) {
    if (document.makesNamespace("user")) {
      return;
    }
    capabilitiesRefused(document, findings);
    for (Value name : document.get("process", "capabilities", SetName.BOUNDING.key()).items()) {
      Optional<Capability> capability = Capability.spelt(name.text());
      if (capability.isPresent() && !host.bounding().contains(capability.get())) {
        findings.add(
            Level.SHOULD,
            name,
            name.shown() + " is not in the caller's bounding set: it is left out here",
            null);
      }
    }
  }

  /// capset(2) refuses them.
  void capabilitiesRefused(Document document, Findings findings) {
    ProcessCapabilities sets = document.capabilities();
    CapabilitySet refused =
        sets.permitted().minus(host.permitted()).plus(sets.inheritable().minus(host.bounding()));
    if (refused.isEmpty()) {
      return;
    }
    for (SetName set : List.of(SetName.PERMITTED, SetName.INHERITABLE)) {
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        Optional<Capability> capability = Capability.spelt(name.text());
        if (capability.isPresent() && refused.contains(capability.get())) {
          findings.add(
              name,
              name.shown() + " is not held by the caller: the container does not start here",
              "ocicap edit --drop " + capability.get().shortName() + " BUNDLE");
        }
      }
    }
  }

  void rlimits(Document document, Findings findings) {
    if (host.permitted().contains(Capability.CAP_SYS_RESOURCE)) {
      return;
    }
    for (Value rlimit : document.get("process", "rlimits").items()) {
      BigInteger most = host.hardLimits().get(rlimit.get("type").text());
      if (most != null && rlimit.get("hard").integer().compareTo(most) > 0) {
        findings.add(
            rlimit.get("hard"),
            rlimit.get("hard").shown()
                + " is above this host's "
                + most
                + ", and raising it needs CAP_SYS_RESOURCE",
            most.toString());
      }
    }
  }

  /// The kernel alone knows how low a process without the capability may go (it remembers what was
  /// allowed last), so it is tried, and put back.
  void oomScore(Document document, Findings findings) {
    Value score = document.get("process", "oomScoreAdj");
    if (!score.isInteger() || host.permitted().contains(Capability.CAP_SYS_RESOURCE)) {
      return;
    }
    try {
      String own = text(OOM_SCORE);
      if (score.integer().intValue() >= Integer.parseInt(own)) {
        return;
      }
      try {
        Files.writeString(OOM_SCORE, score.integer().toString(), StandardOpenOption.WRITE);
      } catch (IOException e) {
        findings.add(
            score,
            score.shown() + " is below the caller's " + own + ", and that needs CAP_SYS_RESOURCE",
            own);
        return;
      }
      Files.writeString(OOM_SCORE, own, StandardOpenOption.WRITE);
    } catch (IOException | NumberFormatException e) {
      // Without /proc the runtime will have its own say.
    }
  }

  private static String text(Path file) throws IOException {
    byte[] bytes = new byte[32];
    // Not a channel: the first one costs a millisecond of a cold start.
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.ISO_8859_1).strip();
    }
  }

  private void rootless(Document document, Findings findings) {
    if (host.uid() == 0) {
      return;
    }
    userNamespaceMissing(document, findings);
    Value devices = document.get("linux", "netDevices");
    if (!devices.members().isEmpty()) {
      findings.addKey(
          devices, devices.path() + " needs root: runc moves no network device otherwise", null);
    }
    for (Value mount : document.mounts()) {
      if (MountRules.isIdmapped(mount) || mount.get("uidMappings").exists()) {
        findings.add(mount, mount.path() + " is id-mapped, which needs root", null);
      }
    }
  }

  private void kernel(Document document, Findings findings) {
    Value cpu = document.get("linux", "resources", "cpu");
    needs(cpu.get("burst"), BURST, findings);
    needs(cpu.get("idle"), IDLE, findings);
    word(document.get("linux", "memoryPolicy", "mode"), findings);
    Value seccomp = document.get("linux", "seccomp");
    word(seccomp.get("defaultAction"), findings);
    for (Value flag : seccomp.get("flags").items()) {
      word(flag, findings);
    }
    for (Value rule : seccomp.get("syscalls").items()) {
      word(rule.get("action"), findings);
    }
    for (Value mount : document.mounts()) {
      for (Value option : mount.get("options").items()) {
        word(option, findings);
      }
    }
  }

  private void word(Value word, Findings findings) {
    KernelVersion since = WORDS.get(word.text());
    if (since != null) {
      needs(word, since, findings);
    }
  }

  private void needs(Value value, KernelVersion since, Findings findings) {
    if (value.exists() && !host.kernel().isAtLeast(since)) {
      findings.add(
          value, value.shown() + " needs Linux " + since + ", this is " + host.kernel(), null);
    }
  }

  void cpus(Document document, Findings findings) {
    Value cpu = document.get("linux", "resources", "cpu");
    present(cpu.get("cpus"), host.cpus(), "CPU", findings);
    present(cpu.get("mems"), host.memoryNodes(), "memory node", findings);
    present(
        document.get("linux", "memoryPolicy", "nodes"),
        host.memoryNodes(),
        "memory node",
        findings);
  }

  private static void present(Value list, Set<Integer> present, String what, Findings findings) {
    if (present.isEmpty() || !Forms.isCpuList(list.text())) {
      return;
    }
    int missing = Forms.firstOutside(list.text(), present);
    if (missing >= 0) {
      findings.add(
          list, list.shown() + " names " + what + " " + missing + ", which is not here", "lscpu");
    }
  }

  private void resctrl(Document document, Findings findings) {
    Value rdt = document.get("linux", "intelRdt");
    if (!rdt.isObject()) {
      return;
    }
    if (host.resctrl().isEmpty()) {
      findings.addKey(
          rdt,
          "linux.intelRdt needs the resctrl file system, which is not mounted here",
          "mount -t resctrl resctrl /sys/fs/resctrl");
      return;
    }
    Value id = rdt.get("closID");
    boolean schema =
        rdt.get("l3CacheSchema").exists()
            || rdt.get("memBwSchema").exists()
            || rdt.get("schemata").exists();
    if (!id.text().isEmpty() && !id.is("/") && !schema && !host.resctrl().contains(id.text())) {
      findings.add(
          id, id.shown() + " does not exist here, and no schema says how to make it", null);
    }
  }

  private void cgroups(Document document, Findings findings) {
    Value resources = document.get("linux", "resources");
    unifiedOfVersion1(document, findings);
    if (!host.cgroupUnified()) {
      return;
    }
    for (Value file : resources.get("unified").members()) {
      int dot = file.key().indexOf('.');
      String controller = dot < 0 ? "" : file.key().substring(0, dot);
      if (!controller.isEmpty()
          && !controller.equals("cgroup")
          && !host.controllers().contains(controller)) {
        findings.addKey(file, file.path() + " needs the cgroup controller " + controller, null);
      }
    }
    for (Value resource : resources.members()) {
      String controller = CONTROLLERS.get(resource.key());
      boolean used = !resource.members().isEmpty() || !resource.items().isEmpty();
      if (controller != null && used && !host.controllers().contains(controller)) {
        findings.addKey(
            resource, resource.path() + " needs the cgroup controller " + controller, null);
      }
    }
  }

  /// Limits that need a controller which this caller was not given.
  void undelegated(Document document, Level level, Findings findings) {
    if (document.get("linux", "cgroupsPath").exists()) {
      // Somewhere else it may be allowed.
      return;
    }
    for (Value resource : document.get("linux", "resources").members()) {
      for (String controller : neededControllers(resource)) {
        if (!host.controllers().contains(controller)) {
          findings.addKey(
              level,
              resource,
              resource.path()
                  + " cannot be limited: this user was not given the cgroup controller "
                  + controller,
              "ocicap doctor memory-limits");
        }
      }
    }
  }

  /// The controllers that a member of `linux.resources` needs for what it really limits.
  private List<String> neededControllers(Value resource) {
    if (!limits(resource) || resource.key().equals("devices")) {
      return List.of();
    }
    if (resource.key().equals("cpu")) {
      List<String> needed = new ArrayList<>();
      for (Value member : resource.members()) {
        String controller = CPU_SETS.contains(member.key()) ? "cpuset" : "cpu";
        if (limits(member) && !needed.contains(controller)) {
          needed.add(controller);
        }
      }
      return needed;
    }
    String name =
        (host.cgroupUnified() ? CONTROLLERS : CONTROLLERS_OF_VERSION_1).get(resource.key());
    return name == null ? List.of() : List.of(name);
  }

  /// Whether a value is one that runtimes take for a limit: neither zero nor empty.
  private static boolean limits(Value value) {
    if (value.isInteger()) {
      return value.integer().signum() != 0;
    }
    if (value.isText()) {
      return !value.text().isEmpty();
    }
    if (value.isArray()) {
      return !value.items().isEmpty();
    }
    for (Value member : value.members()) {
      if (limits(member)) {
        return true;
      }
    }
    return false;
  }

  void unifiedOfVersion1(Document document, Findings findings) {
    Value unified = document.get("linux", "resources", "unified");
    if (!host.cgroupUnified() && !unified.members().isEmpty()) {
      findings.addKey(
          unified,
          "linux.resources.unified needs cgroup v2, and this host has v1",
          "ocicap edit --unset /linux/resources/unified BUNDLE");
    }
  }

  private void namespaces(Document document, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value type = namespace.get("type");
      if (type.isText() && !host.namespaces().contains(type.text())) {
        findings.add(type, type.shown() + " is no namespace of this kernel", null);
      }
    }
    namespacesMissing(document, findings);
  }

  /// Only root makes the other namespaces without one.
  void userNamespaceMissing(Document document, Findings findings) {
    Value namespaces = document.get("linux", "namespaces");
    if (host.uid() != 0 && !document.hasNamespace("user")) {
      findings.add(
          namespaces,
          "there is no user namespace, and user " + host.uid() + " needs one",
          "ocicap edit --rootless BUNDLE");
    }
  }

  /// Namespaces to join that are not there.
  void namespacesMissing(Document document, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value path = namespace.get("path");
      if (path.text().startsWith("/") && !Files.exists(Path.of(path.text()))) {
        findings.add(
            path,
            path.shown() + " does not exist here",
            "ocicap edit --namespace " + namespace.get("type").text() + " BUNDLE");
      }
    }
  }

  void modules(Document document, Findings findings) {
    modulesOfProcess(document, findings);
    needsSelinux(document.get("linux", "mountLabel"), findings);
  }

  /// Without what labels files, which crun passes over where SELinux is not active.
  void modulesOfProcess(Document document, Findings findings) {
    Value profile = document.get("process", "apparmorProfile");
    if (!profile.text().isEmpty() && !profile.is("unconfined")) {
      if (!host.securityModules().contains("apparmor")) {
        findings.add(
            profile,
            profile.shown() + " needs AppArmor, which is not active here",
            "ocicap edit --unset " + profile.pointer() + " BUNDLE");
      } else if (!host.apparmorProfiles().isEmpty()
          && !host.apparmorProfiles().contains(profile.text())) {
        findings.add(
            profile,
            profile.shown() + " is not loaded here",
            "apparmor_parser -r /etc/apparmor.d/" + Value.cut(profile.text()));
      }
    }
    needsSelinux(document.get("process", "selinuxLabel"), findings);
  }

  private void needsSelinux(Value label, Findings findings) {
    if (!label.text().isEmpty() && !host.securityModules().contains("selinux")) {
      findings.add(
          label,
          label.path() + " needs SELinux, which is not active here",
          "ocicap edit --unset " + label.pointer() + " BUNDLE");
    }
  }

  void mountSources(Document document, Findings findings) {
    for (Value mount : document.get("mounts").items()) {
      Value source = mount.get("source");
      if (mount.get("options").hasItem("bind", "rbind") && !source.text().isEmpty()) {
        Optional<Path> path = resolve(document, source.text());
        if (path.isEmpty() || !Files.exists(path.get())) {
          findings.add(
              source,
              source.shown() + " does not exist here",
              path.map(missing -> ShellWords.pasted(List.of("mkdir", "-p", missing.toString())))
                  .orElse(null));
        }
      }
    }
  }

  private void filesystems(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      Value type = mount.get("type");
      boolean special =
          mount.get("options").hasItem("bind", "rbind")
              || type.is("none")
              || type.is("bind")
              || type.is("cgroup");
      if (!special && !type.text().isEmpty() && !host.filesystems().contains(type.text())) {
        findings.add(
            type,
            type.shown() + " is no file system of this kernel now",
            "modprobe " + Value.cut(type.text()));
      }
    }
  }

  void mappings(Document document, Findings findings) {
    if (host.uid() == 0 || !document.makesNamespace("user")) {
      return;
    }
    mappings(document.get("linux", "uidMappings"), host.subUids(), "/etc/subuid", findings);
    mappings(document.get("linux", "gidMappings"), host.subGids(), "/etc/subgid", findings);
  }

  private static void mappings(
      Value mappings, List<HostFacts.IdRange> allowed, String file, Findings findings) {
    for (Value mapping : mappings.items()) {
      BigInteger size = mapping.get("size").integer();
      boolean held = size.equals(BigInteger.ONE);
      for (HostFacts.IdRange range : allowed) {
        held |= range.holds(mapping.get("hostID").integer(), size);
      }
      if (!held) {
        findings.add(
            mapping, mapping.path() + " is not in the caller's ranges of " + file, "cat " + file);
      }
    }
  }

  private void hooks(Document document, Findings findings) {
    for (Value kind : document.get("hooks").members()) {
      if (!kind.key().equals("startContainer")) {
        hooks(document, kind, findings);
      }
    }
  }

  /// Those of which the first must be there for the container to start: a later one may be made by
  /// it, and what fails behind the start does not undo it everywhere.
  void hooksOfStart(Document document, Findings findings) {
    for (String kind : List.of("prestart", "createRuntime")) {
      Value hooks = document.get("hooks", kind);
      if (hooks.items().size() == 1) {
        hooks(document, hooks, findings);
      }
    }
    Value inside = document.get("hooks", "startContainer");
    Optional<Path> root = rootPath(document);
    if (inside.items().size() == 1 && root.isPresent() && Files.isDirectory(root.get())) {
      Value path = inside.items().getFirst().get("path");
      RootFilesystem files = new RootFilesystem(root.get(), mountPoints(document));
      boolean missing =
          path.text().startsWith("/") && files.look(path.text()) == RootFilesystem.Sight.NOTHING;
      if (missing) {
        findings.add(
            path,
            path.shown() + " does not exist in the root file system",
            ShellWords.pasted(List.of("ls", root.get().toString())));
      }
    }
  }

  private void hooks(Document document, Value kind, Findings findings) {
    for (Value hook : kind.items()) {
      Value path = hook.get("path");
      if (path.text().startsWith("/")) {
        Optional<Path> file = resolve(document, path.text());
        if (file.isEmpty() || !Files.isRegularFile(file.get())) {
          findings.add(
              path,
              path.shown() + " does not exist here",
              "ocicap edit --hook-clear " + kind.key() + " BUNDLE");
        } else if (!Files.isExecutable(file.get())) {
          findings.add(path, path.shown() + " is not executable", "chmod +x " + file.get());
        }
      }
    }
  }

  private void devices(Document document, Findings findings) {
    for (Value device : document.get("linux", "netDevices").members()) {
      if (!host.interfaces().contains(device.key())) {
        findings.addKey(device, device.path() + " is no network interface here", null);
      }
    }
    for (Value priority : document.get("linux", "resources", "network", "priorities").items()) {
      Value name = priority.get("name");
      if (name.isText() && !host.cgroupUnified() && !host.interfaces().contains(name.text())) {
        findings.add(name, name.shown() + " is no network interface here", null);
      }
    }
  }

  /// What stands in the root file system where a device is wanted has to be that device.
  private void deviceFiles(Document document, Findings findings) {
    Optional<Path> root = rootPath(document);
    if (root.isEmpty()) {
      return;
    }
    RootFilesystem files = new RootFilesystem(root.get(), mountPoints(document));
    for (Value device : document.get("linux", "devices").items()) {
      Value path = device.get("path");
      Optional<RootFilesystem.Node> node = files.node(path.text());
      if (path.text().startsWith("/") && node.isPresent() && !isSame(node.get(), device)) {
        findings.add(
            path, path.shown() + " is something else in the root file system", "remove that file");
      }
    }
  }

  private static boolean isSame(RootFilesystem.Node node, Value device) {
    String type = device.get("type").is("u") ? "c" : device.get("type").text();
    return type.equals(node.type())
        && (type.equals("p")
            || (device.get("major").integer().equals(BigInteger.valueOf(node.major()))
                && device.get("minor").integer().equals(BigInteger.valueOf(node.minor()))));
  }

  void hugePages(Document document, Findings findings) {
    for (Value limit : document.get("linux", "resources", "hugepageLimits").items()) {
      Value size = limit.get("pageSize");
      if (size.isText() && !host.hugePages().contains(size.text())) {
        findings.add(
            size, size.shown() + " is no size of huge pages here", "ls /sys/kernel/mm/hugepages");
      }
    }
  }
}
