package dev.ocicap.validate;

import dev.ocicap.cap.SetName;
import dev.ocicap.report.ShellWords;
import dev.ocicap.report.Suggestion;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What runtimes say when they fail, and what it comes from: for each text the property, the reason
/// and what to write instead. The texts are those of runc 1.1 and crun 1.8, which tests provoke,
/// and of later releases where they differ.
final class FailureTable {
  private static final String ERROR = "runtime-error";
  private static final String PROGRAM = "host-program";

  /// The numbers of getrlimit(2) on all architectures but alpha, mips and sparc.
  private static final List<String> LIMITS =
      List.of(
          "RLIMIT_CPU",
          "RLIMIT_FSIZE",
          "RLIMIT_DATA",
          "RLIMIT_STACK",
          "RLIMIT_CORE",
          "RLIMIT_RSS",
          "RLIMIT_NPROC",
          "RLIMIT_NOFILE",
          "RLIMIT_MEMLOCK",
          "RLIMIT_AS",
          "RLIMIT_LOCKS",
          "RLIMIT_SIGPENDING",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME");

  /// A file of a control group, and the property that is written to it.
  private record ControlFile(String name, String property) {}

  private static final List<ControlFile> CONTROL_FILES =
      List.of(
          new ControlFile("cpu.cfs_quota_us", "cpu quota"),
          new ControlFile("cpu.cfs_period_us", "cpu period"),
          new ControlFile("cpu.max", "cpu quota"),
          new ControlFile("cpu.shares", "cpu shares"),
          new ControlFile("cpu.weight", "cpu shares"),
          new ControlFile("cpu.rt_period_us", "cpu realtimePeriod"),
          new ControlFile("cpu.rt_runtime_us", "cpu realtimeRuntime"),
          new ControlFile("cpuset.cpus", "cpu cpus"),
          new ControlFile("cpuset.mems", "cpu mems"),
          new ControlFile("memory.limit_in_bytes", "memory limit"),
          new ControlFile("memory.memsw.limit_in_bytes", "memory swap"),
          new ControlFile("memory.max", "memory limit"),
          new ControlFile("memory.swap.max", "memory swap"),
          new ControlFile("memory.soft_limit_in_bytes", "memory reservation"),
          new ControlFile("memory.low", "memory reservation"),
          new ControlFile("memory.swappiness", "memory swappiness"),
          new ControlFile("pids.max", "pids limit"),
          new ControlFile("blkio.throttle.read_bps_device", "blockIO throttleReadBpsDevice"),
          new ControlFile("blkio.throttle.write_bps_device", "blockIO throttleWriteBpsDevice"),
          new ControlFile("blkio.throttle.read_iops_device", "blockIO throttleReadIOPSDevice"),
          new ControlFile("blkio.throttle.write_iops_device", "blockIO throttleWriteIOPSDevice"),
          new ControlFile("blkio.weight", "blockIO weight"),
          new ControlFile("blkio.", "blockIO"),
          new ControlFile("io.", "blockIO"),
          new ControlFile("hugetlb.", "hugepageLimits"),
          new ControlFile("net_cls.classid", "network classID"),
          new ControlFile("net_prio.ifpriomap", "network priorities"),
          new ControlFile("devices.", "devices"));

  private static final List<String> HOOKS =
      List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart");

  /// What finds a property.
  @FunctionalInterface
  interface Finder {
    /// Adds what is at fault, or nothing when the configuration has no such thing.
    ///
    /// @param words what stood in the holes of the template
    void find(Document document, List<String> words, Findings findings);
  }

  /// Texts that runtimes say, any of them.
  ///
  /// @param code the rule's that is broken
  record Row(String code, Finder finder, List<Template> texts) {
    /// What stands in the holes of the first text that a message has; null when it has none.
    @Nullable List<String> match(String message) {
      for (Template text : texts) {
        List<String> words = text.match(message);
        if (words != null) {
          return words;
        }
      }
      return null;
    }
  }

  /// One text that a runtime says about the machine.
  record Machine(String text, String reason, String hint) {}

  private static final String EXISTS = "a container of this name is there already";
  private static final String STATE = "this user may not write where the runtime keeps its state";

  static final List<Machine> MACHINE =
      List.of(
          new Machine(
              "in hybrid mode not supported",
              "crun takes no host where control groups of version 1 and of version 2 both have"
                  + " controllers",
              "ocicap doctor crun"),
          new Machine("container with given ID already exists", EXISTS, "ocicap list"),
          new Machine("container with id exists", EXISTS, "ocicap list"),
          new Machine("container `{}` already exists", EXISTS, "ocicap list"),
          new Machine("container already exists", EXISTS, "ocicap list"),
          new Machine("lstat /run/{}: permission denied", STATE, "--root DIR"),
          new Machine("mkdir /run/{}: permission denied", STATE, "--root DIR"),
          new Machine("cannot create state directory", STATE, "--root DIR"),
          new Machine(
              "cgroup mountpoint does not exist",
              "no control groups are mounted here",
              "ocicap doctor run-root"));

  private final HostCheck host;

  /// The table for a machine.
  FailureTable(HostCheck host) {
    this.host = host;
  }

  /// The rows: the first that has a text of the message and finds something is right. A hook's
  /// error quotes what a program would have said.
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(hooks());
    rows.addAll(capabilities());
    rows.addAll(limits());
    rows.addAll(program());
    rows.addAll(namespaces());
    rows.addAll(sysctl());
    rows.addAll(terminal());
    rows.addAll(mounts());
    rows.addAll(security());
    rows.addAll(document());
    rows.addAll(controlGroups());
    return rows;
  }

  private static Row row(String code, Finder finder, String... texts) {
    List<Template> templates = new ArrayList<>();
    for (String text : texts) {
      templates.add(Template.of(text));
    }
    return new Row(code, finder, templates);
  }

  /// What a rule finds.
  private static Row rule(String code, Rule.Check check, String... texts) {
    return row(code, (document, words, findings) -> check.check(document, findings), texts);
  }

  /// One property, when it is there.
  ///
  /// @param place its JSON pointer
  /// @param reason what is said of it; `{0}` stands for what filled the text's first hole
  private static Row at(
      String code, String place, String reason, @Nullable String hint, String... texts) {
    return row(
        code,
        (document, words, findings) -> {
          Value value = document.root().at(place);
          if (value.pointer().equals(place)) {
            blame(
                findings, value, filled(reason, words), hint == null ? null : filled(hint, words));
          }
        },
        texts);
  }

  private static String filled(String reason, List<String> words) {
    return words.isEmpty() ? reason : reason.replace("{0}", Value.cut(words.getFirst()));
  }

  /// A finding about a value that is there.
  private static void blame(Findings findings, Value value, String reason, @Nullable String hint) {
    if (value.exists()) {
      boolean told = value.isText() || value.isInteger();
      findings.add(value, (told ? value.shown() : value.path()) + reason, hint);
    }
  }

  private static String typed(String... words) {
    return ShellWords.pasted(List.of(words));
  }

  private List<Row> capabilities() {
    String[] texts = {
      "unable to apply caps", "capset: Operation not permitted", "failed to drop capabilities"
    };
    return List.of(
        rule("capability-effective-not-permitted", CapabilityRules::effectiveNotPermitted, texts),
        rule("capability-inheritable-not-bounding", CapabilityRules::inheritableNotBounding, texts),
        rule("host-capability", host::capabilitiesRefused, texts),
        at(
            "host-capability",
            "/process/capabilities",
            ": the kernel refuses to give the process these sets (capset(2))",
            "ocicap predict BUNDLE",
            texts),
        row(
            "capability-name-unknown",
            FailureTable::unknownCapability,
            "no variant for {} (converted to"));
  }

  private static void unknownCapability(Document document, List<String> words, Findings findings) {
    for (SetName set : SetName.values()) {
      for (Value name : document.get("process", "capabilities", set.key()).items()) {
        if (name.is(words.getFirst())) {
          blame(findings, name, " is not a capability that the runtime knows", "ocicap caps");
        }
      }
    }
  }

  private List<Row> limits() {
    return List.of(
        rule(
            "rlimit-type-known",
            ProcessRules::rlimitType,
            "wrong rlimit value",
            "unknown variant `RLIMIT_",
            "invalid rlimit `"),
        rule(
            "rlimit-soft-above-hard",
            ProcessRules::rlimitSoft,
            "error setting rlimit type {}: invalid argument",
            "setrlimit `{}`: Invalid argument",
            "failed to set rlimit err=Nix(EINVAL)"),
        row("host-rlimit", this::limit, "error setting rlimit type {}:", "setrlimit `{}`:"),
        row(
            "host-rlimit",
            (document, words, findings) ->
                limit(
                    document,
                    List.of("RLIMIT_" + words.getFirst().toUpperCase(Locale.ROOT)),
                    findings),
            "failed to set rlimit err=Nix(EPERM) rlimit=PosixRlimit { typ: Rlimit{},"),
        rule(
            "oom-score-range",
            ProcessRules::oomScore,
            "oom_score_adj: Invalid argument",
            "oom_score_adj`: Invalid argument"),
        at(
            "host-oom-score",
            "/process/oomScoreAdj",
            " is below the caller's own, and that needs CAP_SYS_RESOURCE",
            "ocicap edit --oom-score-adj 0 BUNDLE",
            "oom_score_adj: Permission denied",
            "oom_score_adj`: Permission denied",
            "oom_score_adj: permission denied"));
  }

  private void limit(Document document, List<String> words, Findings findings) {
    String type = words.getFirst();
    if (!type.startsWith("RLIMIT_")) {
      int number = number(type);
      type = number >= 0 && number < LIMITS.size() ? LIMITS.get(number) : "";
    }
    Value found = null;
    for (Value rlimit : document.get("process", "rlimits").items()) {
      if (rlimit.get("type").is(type)) {
        found = rlimit;
      }
    }
    if (found != null) {
      Object most = host.host().hardLimits().get(type);
      blame(
          findings,
          found.get("hard"),
          " for "
              + type
              + " is above "
              + (most == null ? "what is allowed" : "this host's " + most)
              + ", and raising it needs CAP_SYS_RESOURCE",
          most == null ? null : "\"hard\": " + most);
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private List<Row> program() {
    String[] missing = {
      "exec: \"{}\": executable file not found",
      "exec: \"{}\": no such file",
      "exec: \"{}\": stat {}: no such file",
      "executable file `{}` not found",
      "executable '{}' not found in $PATH",
    };
    String[] forbidden = {
      "exec: \"{}\": permission denied",
      "exec: \"{}\": is a directory",
      "exec: \"{}\": stat {}: permission denied",
      "exec {}: permission denied",
      "open executable: Permission denied",
      "open executable: Operation not permitted",
      "exec container process `{}`: Permission denied",
      "executable does not have the correct permission set"
    };
    String[] form = {"exec format error", "Exec format error"};
    String[] loader = {
      "exec {}: no such file or directory",
      "exec container process (missing dynamic library?)",
      "exec container process `{}`: No such file"
    };
    return List.of(
        rule(
            "process-args-required",
            ProcessRules::args,
            "args must not be empty",
            "executable path not specified",
            "open executable: Invalid argument"),
        rule(
            "schema-type",
            Preflight::argsAsText,
            "field Process.process.args of type",
            "executable path not specified"),
        rule(
            "process-required",
            ProcessRules::required,
            "process property must not be empty",
            "max number of capabilities not initialized",
            "missing process in spec"),
        // What the root file system tells is better than what the runtime says.
        rule(PROGRAM, host::program, missing),
        rule(PROGRAM, host::program, forbidden),
        rule(PROGRAM, host::program, form),
        rule(PROGRAM, host::program, loader),
        rule("process-args-blank", ProcessRules::blank, missing),
        at(PROGRAM, "/process/args/0", " is not found in the root file system", null, missing),
        at(
            PROGRAM,
            "/process/args/0",
            " may not be executed, or is no file, in the root file system",
            null,
            forbidden),
        at(
            PROGRAM,
            "/process/args/0",
            " is for another processor, or no program at all",
            null,
            form),
        at(
            PROGRAM,
            "/process/args/0",
            " is there, but not the interpreter or loader that it names",
            null,
            loader),
        rule(
            "process-cwd-absolute",
            ProcessRules::cwd,
            "Cwd must be an absolute path",
            "Cwd property must not be empty",
            "chdir ``:"),
        at(
            ERROR,
            "/process/cwd",
            " cannot be entered: {0}",
            "ocicap edit --cwd / BUNDLE",
            "set in config.json failed: {}",
            "chdir `{}`"),
        row(
            ERROR,
            (document, words, findings) -> {
              Value cwd = document.get("process", "cwd");
              if (cwd.is(words.getFirst())) {
                blame(findings, cwd, " is not a directory", "ocicap edit --cwd / BUNDLE");
              }
            },
            "mkdir {}: not a directory"),
        rule("env-entry-form", ProcessRules::env, "invalid environment variable"));
  }

  private List<Row> namespaces() {
    String[] maps = {"`devpts` to `", "\"devpts\" to rootfs"};
    return List.of(
        rule("namespace-duplicate", NamespaceRules::duplicateOfLinux, "duplicated ns"),
        rule(
            "hostname-uts-namespace",
            NamespaceRules::uts,
            "without a private UTS namespace",
            "requires the UTS namespace"),
        rule(
            "namespace-mount-missing",
            NamespaceRules::mountMissing,
            "without a private MNT namespace"),
        rule(
            "mapping-missing",
            NamespaceRules::mappingMissing,
            "ser namespaces enabled, but no",
            "invalid spec for new user namespace container",
            "new user namespace requires valid"),
        rule("mapping-missing", NamespaceRules::mappingMissing, maps),
        rule("user-id-mapped", NamespaceRules::idMapped, maps),
        rule("user-id-mapped", NamespaceRules::idMapped, "setresuid", "setgroups", "setresgid"),
        rule(
            "host-namespace",
            host::userNamespaceMissing,
            "rootless container requires user namespaces",
            "rootless containers require user namespaces",
            "unshare `CLONE_NEWNS`: Operation not permitted",
            "unshare(CLONE_NEWNS): Operation not permitted"),
        at(
            ERROR,
            "/process/user/additionalGids",
            ": a user without privileges cannot give groups to a process",
            "ocicap edit --unset /process/user/additionalGids BUNDLE",
            "cannot set any additional groups in a rootless container"),
        rule(
            "host-mapping",
            host::mappings,
            "fchown fd",
            "newuidmap",
            "newgidmap",
            "uid_map",
            "gid_map"),
        row(
            "host-namespace",
            FailureTable::unknownNamespace,
            "namespace {\"{}\" ",
            "invalid namespace type: `{}`",
            "namespace {}{} does not exist"),
        rule(
            "host-namespace",
            host::namespacesMissing,
            "namespace path: lstat",
            ": No such file or directory"),
        row(
            "host-namespace",
            FailureTable::joined,
            "failed to setns into",
            "setns `",
            // What the parents notice of a child that died of it, one or the other.
            "get final child's PID from pipe: EOF",
            "write to sync socket: Broken pipe",
            "read status from sync socket: Connection reset by peer"));
  }

  private static void joined(Document document, List<String> words, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value path = namespace.get("path");
      if (!path.text().isEmpty()) {
        blame(
            findings,
            path,
            " cannot be joined: it is not of the type "
                + namespace.get("type").quoted()
                + ", or not the caller's",
            typed("ls", "-lL", path.text()));
      }
    }
  }

  private static void unknownNamespace(Document document, List<String> words, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value type = namespace.get("type");
      if (type.is(words.getFirst())) {
        String hint =
            Suggestion.nearest(type.text(), NamespaceRules.TYPES)
                .filter(near -> !type.is(near))
                .map(near -> "did you mean '" + near + "'?")
                .orElse("ocicap edit --namespace-remove " + Value.cut(type.text()) + " BUNDLE");
        blame(findings, type, " is unknown to the runtime", hint);
      }
    }
  }

  private static List<Row> sysctl() {
    return List.of(
        rule(
            "sysctl-namespace",
            KernelRules::sysctl,
            "sysctl \"{}\"",
            "the sysctl `{}`",
            "sysctl {} is not allowed",
            "sysctl {} not allowed in",
            "sysctl {} is not in a separate"),
        row(
            ERROR,
            FailureTable::setting,
            "write /proc/sys/{}: {}",
            "open /proc/sys/{}: {}",
            "write to /proc/sys/{}: {}",
            "write to `/proc/sys/{}`: {}",
            "open `/proc/sys/{}`: {}",
            "failed to set sysctl {}={}: {}"));
  }

  private static void setting(Document document, List<String> words, Findings findings) {
    String name = words.getFirst().replace('/', '.');
    String why = words.getLast().toLowerCase(Locale.ROOT);
    boolean unknown = why.contains("no such file");
    for (Value setting : document.get("linux", "sysctl").members()) {
      if (setting.key().replace('/', '.').equals(name)) {
        blame(
            findings,
            setting,
            unknown ? " is no setting of this kernel" : " is refused by the kernel: " + why,
            unknown ? "sysctl -a" : typed("sysctl", name));
      }
    }
  }

  private static List<Row> terminal() {
    return List.of(
        at(
            "host-terminal",
            "/process/terminal",
            " is true, and there is no terminal here",
            "ocicap edit --terminal=false BUNDLE",
            "open /dev/tty: ",
            "tcgetattr",
            "inappropriate ioctl for device"),
        at(
            "host-terminal",
            "/process/terminal",
            " is true, and nobody would hold the terminal",
            "--console-socket SOCKET",
            "without setting console socket"),
        at(
            "host-terminal",
            "/process",
            ".terminal is not true, and a console socket is given",
            "ocicap edit --terminal BUNDLE",
            "cannot use console socket"));
  }

  private List<Row> mounts() {
    String[] texts = {
      "error mounting \"{}\" to rootfs at \"{}\": {}",
      "mount `{}` to `{}`: {}",
      "mount `{}` to '{}': {}"
    };
    return List.of(
        row("mount-bind-option", FailureTable::bindWithoutOption, texts),
        rule("host-security-module", host::modules, "error mounting {}context="),
        row("host-mount-source", FailureTable::mount, texts),
        rule(
            "host-mount-source",
            host::mountSources,
            "error stat'ing file `",
            "bind mount source stat",
            "failed to canonicalize \"{}\": No such file",
            "cannot stat "),
        row(
            ERROR,
            this::destination,
            "mkdir `{}`",
            "creating `{}`",
            "mkdirat `{}`",
            "openat2 `{}`"),
        row(
            "mount-idmap-user-namespace",
            (document, words, findings) -> {
              for (Value mount : document.mounts()) {
                if (mount.get("source").is(words.getFirst()) && MountRules.isIdmapped(mount)) {
                  blame(
                      findings,
                      mount,
                      " cannot be id-mapped: it names no mappings, and there is no user namespace",
                      "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]");
                }
              }
            },
            "mount_setattr `{}`"),
        at(
            ERROR,
            "/linux/rootfsPropagation",
            " is no propagation that the runtime knows",
            "\"private\"",
            "rootfsPropagation=",
            "UnknownRootfsPropagation("));
  }

  private void destination(Document document, List<String> words, Findings findings) {
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      String named = words.getFirst().startsWith("/") ? words.getFirst() : "/" + words.getFirst();
      String path = Forms.clean(destination.text());
      if (path.equals(named) || path.startsWith(named + "/")) {
        blame(
            findings,
            destination,
            " cannot be made in the root file system",
            host.rootPath(document).map(root -> typed("ls", "-ld", root + named)).orElse(null));
      }
    }
  }

  /// The mount with the source and destination in a message; crun writes the latter without its
  /// first slash.
  private static @Nullable Value mountAt(Document document, List<String> words) {
    String destination = words.get(1);
    String wanted = destination.startsWith("/") ? destination : "/" + destination;
    Value found = null;
    for (Value mount : document.mounts()) {
      String at = mount.get("destination").text();
      if (Forms.clean(at.startsWith("/") ? at : "/" + at).equals(wanted)) {
        if (mount.get("source").is(words.getFirst())) {
          return mount;
        }
        found = mount;
      }
    }
    return found;
  }

  private static boolean isBind(Value mount) {
    return mount.get("options").hasItem("bind", "rbind");
  }

  private static void bindWithoutOption(Document document, List<String> words, Findings findings) {
    Value mount = mountAt(document, words);
    if (mount != null && mount.get("type").is("bind") && !isBind(mount)) {
      MountRules.bindOption(document, findings);
    }
  }

  private static void mount(Document document, List<String> words, Findings findings) {
    Value mount = mountAt(document, words);
    if (mount == null) {
      return;
    }
    String why = words.get(2).toLowerCase(Locale.ROOT);
    Value source = mount.get("source");
    if (why.contains("inside /proc")) {
      blame(
          findings,
          mount.get("destination"),
          " is inside /proc, where nothing may be mounted",
          typed("ocicap", "edit", "--mount-remove", mount.get("destination").text(), "BUNDLE"));
    } else if (document.get("root", "path").is("/") && mount.get("type").is("cgroup")) {
      blame(
          findings,
          document.get("root", "path"),
          " is this host's own root: nothing of a container's can be mounted there",
          "ocicap edit --root-path rootfs BUNDLE");
    } else if (why.contains("no such device")) {
      blame(
          findings,
          mount.get("type"),
          " is no file system of this kernel",
          typed("modprobe", mount.get("type").text()));
    } else if (why.contains("no such file") && isBind(mount)) {
      blame(findings, source, " does not exist here", typed("mkdir", "-p", source.text()));
    } else if (why.contains("not a directory")) {
      blame(
          findings,
          source,
          " and the destination must both be directories, or both not",
          typed("ls", "-ld", source.text()));
    } else if (why.contains("not permitted") || why.contains("permission denied")) {
      blame(findings, mount, " is not permitted to this caller", "ocicap doctor run-rootless");
    } else {
      Value options = mount.get("options");
      blame(
          findings,
          options.exists() ? options : mount,
          ": the kernel refuses the mount: "
              + Value.cut(why.substring(why.lastIndexOf(": ") + 1).strip()),
          "man 8 mount");
    }
  }

  private List<Row> security() {
    return List.of(
        at(
            "runtime-seccomp",
            "/linux/seccomp",
            ": this runtime or kernel was built without seccomp",
            "ocicap doctor seccomp",
            "seccomp: config provided but seccomp not supported",
            "seccomp not supported",
            "seccomp support was disabled",
            "with seccomp support"),
        rule("seccomp-notify-default", SeccompRules::notifyDefault, "cannot be used as default"),
        rule(
            "seccomp-arg-index",
            SeccompRules::argIndex,
            "syscalls only have up to 6 arguments",
            "invalid seccomp index"),
        at(
            "runtime-seccomp",
            "/linux/seccomp/listenerPath",
            " is no socket that somebody listens at",
            "ls -l {0}",
            "seccomp agent specified in the seccomp profile: dial unix {}: ",
            "open seccomp receiver: connect socket to `{}`"),
        at(
            "runtime-seccomp",
            "/linux/seccomp/flags",
            ": the runtime does not know them",
            "ocicap edit --unset /linux/seccomp/flags BUNDLE",
            "seccomp flags are not yet supported",
            "unknown seccomp option",
            "seccomp flag {} is not"),
        row(
            "runtime-seccomp",
            (document, words, findings) -> {
              Value found = holding(document.get("linux", "seccomp"), words.getFirst());
              if (found != null) {
                blame(findings, found, " is unknown to the runtime", "ocicap validate BUNDLE");
              }
            },
            "string {} is not a valid ",
            "invalid seccomp action `{}`",
            "seccomp unknown architecture {}"),
        row(
            "runtime-seccomp",
            (document, words, findings) -> {
              for (Value rule : document.get("linux", "seccomp", "syscalls").items()) {
                for (Value arg : rule.get("args").items()) {
                  if (!arg.get("op").text().startsWith("SCMP_CMP_")) {
                    blame(findings, arg.get("op"), " is unknown to the runtime", "\"SCMP_CMP_EQ\"");
                  }
                }
              }
            },
            "get_seccomp_operator"),
        row(
            "runtime-seccomp",
            (document, words, findings) -> {
              Value action = document.get("linux", "seccomp", "defaultAction");
              if (!action.is("SCMP_ACT_ALLOW")) {
                blame(
                    findings,
                    action,
                    " stops the calls with which the runtime starts the program",
                    "ocicap edit --seccomp docker BUNDLE");
              }
            },
            "container process is already dead",
            "error loading seccomp filter"),
        rule(
            "host-security-module",
            host::modules,
            "apparmor",
            "AppArmor",
            "selinux label",
            "/attr/keycreate",
            "/attr/exec",
            "selinux is disabled"),
        at(
            "host-security-module",
            "/process/apparmorProfile",
            " is not loaded here, or AppArmor is not active",
            "ocicap doctor apparmor",
            "apparmor",
            "AppArmor"),
        at(
            ERROR,
            "/linux/personality/domain",
            " is unknown to the runtime",
            "\"LINUX\"",
            "unknown persona specified"));
  }

  /// The first text in a value that is, or ends in, a word.
  private static @Nullable Value holding(Value value, String word) {
    if (value.isText()) {
      return value.is(word) || value.text().endsWith("_" + word) ? value : null;
    }
    List<Value> children = value.isArray() ? value.items() : value.members();
    for (Value child : children) {
      Value found = holding(child, word);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Row> hooks() {
    return List.of(
        row(
            "host-hook",
            (document, words, findings) -> {
              int index = number(words.getFirst());
              for (String kind : HOOKS) {
                List<Value> hooks = document.get("hooks", kind).items();
                if (index >= 0 && index < hooks.size() && findings.isEmpty()) {
                  hook(kind, hooks.get(index), shortened(words.getLast()), findings);
                }
              }
            },
            "hook #{}: {}"),
        row(
            "host-hook",
            (document, words, findings) -> {
              for (String kind : HOOKS) {
                for (Value hook : document.get("hooks", kind).items()) {
                  if (hook.get("path").is(words.getFirst()) && findings.isEmpty()) {
                    hook(kind, hook, ended(words.getLast()), findings);
                  }
                }
              }
            },
            "error executing hook `{}` (exit code: {})"),
        row(
            "host-hook",
            (document, words, findings) -> {
              for (String kind : HOOKS) {
                for (Value hook : document.get("hooks", kind).items()) {
                  hook(kind, hook, "one of the hooks ended with " + words.getFirst(), findings);
                }
              }
            },
            "hook command exited with non-zero exit code: {}"));
  }

  /// crun's status of a hook that it has killed.
  private static String ended(String status) {
    return status.equals("-1") ? "it ran past its timeout" : "ended with " + status;
  }

  /// runc's words, without what it repeats and the hook's output when there was none.
  private static String shortened(String error) {
    String what = error.replace("error running hook: ", "");
    String silent = ", stdout: , stderr: ";
    return what.endsWith(silent) ? what.substring(0, what.length() - silent.length()) : what;
  }

  private static void hook(String kind, Value hook, String why, Findings findings) {
    Value path = hook.get("path");
    if (!path.text().startsWith("/")) {
      blame(findings, path, " is not an absolute path", typed("command", "-v", path.text()));
    } else if (!kind.equals("startContainer") && !exists(path.text())) {
      blame(findings, path, " does not exist here", "ocicap edit --hook-clear " + kind + " BUNDLE");
    } else {
      blame(
          findings,
          path,
          " failed: " + Value.cut(why),
          "ocicap edit --hook-clear " + kind + " BUNDLE");
    }
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private List<Row> document() {
    return List.of(
        row(
            "schema-type",
            (document, words, findings) -> {
              Value value = field(document.root(), words.get(1), words.getFirst());
              if (value != null) {
                blame(
                    findings, value, " must be " + goType(words.get(2)), "ocicap validate BUNDLE");
              }
            },
            "json: cannot unmarshal {} into Go struct field {} of type {}"),
        row(
            "schema-type",
            (document, words, findings) -> {
              Value value = withKey(document.root(), words.getLast());
              if (value != null) {
                blame(findings, value, " is not of the right type", "ocicap validate BUNDLE");
              }
            },
            "load `config.json`: {}with type '{}' for key '{}'",
            "load `config.json`: {} for key '{}'"),
        row(
            "schema-required",
            (document, words, findings) ->
                findings.add(
                    document.root(),
                    "'" + Value.cut(words.getFirst()) + "' is missing",
                    "ocicap validate BUNDLE"),
            "Required field '{}' not present"),
        rule(
            "root-required",
            RootRules::required,
            "root must be specified",
            "no 'root' block specified",
            "no root path provided"),
        rule("host-rootfs", host::rootfs, "invalid rootfs", "private: No such file or directory"),
        at(
            "host-rootfs",
            "/root/path",
            " is not a directory",
            "mkdir rootfs",
            "unable to start init: fork/exec /proc/self/exe: not a directory",
            "the target `/proc` is invalid"),
        at(
            "host-rootfs",
            "/root/path",
            " is no directory that can become the root",
            "ocicap edit --root-path rootfs BUNDLE",
            "pivot_root: "),
        at(
            "oci-version-unknown",
            "/ociVersion",
            " is unknown to the runtime",
            "ocicap edit --oci-version 1.0.2 BUNDLE",
            "unknown version specified",
            "unsupported spec version",
            "runtime spec has incompatible version"),
        row(
            ERROR,
            (document, words, findings) -> {
              for (Value device : document.get("linux", "devices").items()) {
                if (device.get("type").is(words.getFirst())) {
                  blame(findings, device.get("type"), " is no type of device", "\"c\"");
                }
              }
            },
            "invalid device type \"{}\""),
        row(
            ERROR,
            (document, words, findings) ->
                device(
                    document,
                    words.getFirst(),
                    " is not there on the host to be shown inside, and this caller may not make it",
                    findings),
            "error creating device nodes: mount {}:"),
        row(
            ERROR,
            (document, words, findings) ->
                device(
                    document,
                    words.getFirst(),
                    " cannot be made in the root file system: " + words.getLast(),
                    findings),
            "mknod `{}`: {}",
            "error creating device nodes: mkdir {}: {}"));
  }

  /// The devices at a path, of the root file system or below a directory of the host's.
  private static void device(Document document, String path, String reason, Findings findings) {
    for (Value device : document.get("linux", "devices").items()) {
      String own = device.get("path").text();
      int slash = own.lastIndexOf('/');
      if (own.equals(path) || (slash > 0 && path.endsWith(own.substring(0, slash)))) {
        blame(
            findings,
            device.get("path"),
            reason,
            typed("ocicap", "edit", "--device-remove", own, "BUNDLE"));
      }
    }
  }

  /// The value at a path of Go's, which begins with the name of a type and knows no indexes.
  ///
  /// @param kind what stands there, in Go's words: `number`, `string`, `array` …
  private static @Nullable Value field(Value root, String path, String kind) {
    List<Value> at = List.of(root);
    String[] keys = path.split("\\.", -1);
    for (int i = 1; i < keys.length; i++) {
      List<Value> next = new ArrayList<>();
      for (Value value : at) {
        List<Value> parents = value.isArray() ? value.items() : List.of(value);
        for (Value parent : parents) {
          if (parent.get(keys[i]).exists()) {
            next.add(parent.get(keys[i]));
          }
        }
      }
      at = next;
    }
    for (Value value : at) {
      List<Value> parts = new ArrayList<>(value.items());
      parts.addAll(value.members());
      parts.addFirst(value);
      for (Value part : parts) {
        if (kind.startsWith(part.node().getNodeType().name().toLowerCase(Locale.ROOT))
            || (kind.startsWith("bool") && part.node().isBoolean())) {
          return part;
        }
      }
    }
    return at.isEmpty() || at.getFirst() == root ? null : at.getFirst();
  }

  private static @Nullable Value withKey(Value value, String key) {
    for (Value child : value.isArray() ? value.items() : value.members()) {
      Value found = child.key().equals(key) ? child : withKey(child, key);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String goType(String type) {
    if (type.startsWith("[]")) {
      return "a list";
    }
    if (type.startsWith("map") || type.startsWith("specs.")) {
      return "an object";
    }
    return switch (type) {
      case "bool" -> "true or false";
      case "string" -> "a text";
      case "uint32", "uint64", "uint16", "uint8" -> "a whole number from 0 on";
      default -> "a whole number";
    };
  }

  private static List<Row> controlGroups() {
    return List.of(
        at(
            "host-cgroup",
            "/linux/resources/unified",
            " is for control groups of version 2, and this host has version 1",
            "ocicap edit --unset /linux/resources/unified BUNDLE",
            "cannot use unified on cgroup v1"),
        at(
            ERROR,
            "/linux/resources/memory/limit",
            " is less than the runtime itself needs to start the container",
            "ocicap edit --memory 16m BUNDLE",
            "unable to set memory limit to",
            "the memory limit could be too low",
            "container init was OOM-killed"),
        at(
            ERROR,
            "/linux/resources/memory/swappiness",
            " is not in 0 … 100",
            "ocicap edit --memory-swappiness 60 BUNDLE",
            "invalid memory swappiness value"),
        at(
            ERROR,
            "/linux/resources/cpu/shares",
            " is less than the kernel takes: {0}",
            "ocicap edit --cpu-shares {0} BUNDLE",
            "the minimum allowed cpu-shares is {}"),
        at(
            ERROR,
            "/linux/resources/cpu/shares",
            " is more than the kernel takes: {0}",
            "ocicap edit --cpu-shares {0} BUNDLE",
            "the maximum allowed cpu-shares is {}"),
        row(
            ERROR,
            (document, words, findings) ->
                blame(
                    findings,
                    document.get("linux", "resources", controller(words.getFirst())),
                    " cannot be limited: the controller is not there for this caller",
                    "ocicap doctor"),
            "cannot set {} limit: container could not join or create cgroup",
            "open `/sys/fs/cgroup/{}/"),
        row(
            ERROR,
            FailureTable::controlFile,
            "write /sys/fs/cgroup/{}: {}",
            "writing file `{}`: {}",
            "write `{}`: {}",
            "opening file `{}` for writing: {}",
            "openat2 /sys/fs/cgroup/{}: {}",
            "open /sys/fs/cgroup/{}: {}"),
        row(
            "host-cgroup",
            (document, words, findings) -> {
              Value path = document.get("linux", "cgroupsPath");
              Value resources = document.get("linux", "resources");
              findings.add(
                  path.exists() || !resources.exists() ? path : resources,
                  "this caller may not make the control group: " + words.getFirst(),
                  path.exists()
                      ? "ocicap edit --unset /linux/cgroupsPath BUNDLE"
                      : "ocicap doctor memory-limits");
            },
            "mkdir /sys/fs/cgroup/{}",
            "creating cgroup directory `{}`",
            "cgroup: {}"));
  }

  /// The member of `linux.resources` that a controller limits.
  private static String controller(String word) {
    return switch (word) {
      case "hugetlb" -> "hugepageLimits";
      case "blkio", "io" -> "blockIO";
      case "cpuset", "cpu" -> "cpu";
      case "net_cls", "net_prio" -> "network";
      default -> word;
    };
  }

  private static void controlFile(Document document, List<String> words, Findings findings) {
    String file = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
    for (ControlFile known : CONTROL_FILES) {
      if (file.startsWith(known.name())) {
        Value value = document.get("linux", "resources");
        for (String key : known.property().split(" ", -1)) {
          value = value.get(key);
        }
        if (value.exists()) {
          blame(
              findings,
              value,
              " is refused by the kernel: " + words.getLast().toLowerCase(Locale.ROOT),
              "ocicap validate BUNDLE");
          return;
        }
      }
    }
  }
}
