package dev.ocicap.validate;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.runtime.RuntimeMessage;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which property of a configuration a runtime's error comes from. One table: what runtimes say,
/// and how to find the property in a configuration, with the reason and what to write instead. The
/// texts are those of runc 1.1 and crun 1.8, which tests provoke, and of later releases where they
/// differ.
public final class Failures {
  private static final String CAPSET = "capability-effective-not-permitted";
  private static final String ERROR = "runtime-error";

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
          new ControlFile("blkio.", "blockIO"),
          new ControlFile("io.", "blockIO"),
          new ControlFile("hugetlb.", "hugepageLimits"),
          new ControlFile("devices.", "devices"));

  private static final List<String> HOOKS =
      List.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart");

  private final HostCheck host;
  private final List<Row> table = new ArrayList<>();

  /// What finds a property.
  @FunctionalInterface
  private interface Finder {
    /// Adds what is at fault, or nothing when the configuration has no such thing.
    ///
    /// @param words what stood in the holes of the template
    void find(Document document, List<String> words, Findings findings);
  }

  /// One text that a runtime says.
  private record Row(String code, Template template, Finder finder) {}

  /// The table for a machine.
  public Failures(HostCheck host) {
    this.host = host;
    // In this order: a hook's error quotes what a program would have said.
    hooks();
    capabilities();
    limits();
    program();
    namespaces();
    sysctl();
    terminal();
    mounts();
    security();
    document();
    controlGroups();
  }

  /// Finds the properties that an error comes from.
  ///
  /// @param text the runtime's standard error, or its log
  /// @return in the order of the configuration; empty when the error is not known, or comes from
  ///   nothing in it
  public List<Finding> explain(RuntimeConfig config, String text) {
    String message = RuntimeMessage.of(text);
    Document document = Document.of(config);
    for (Row row : table) {
      List<String> words = row.template().match(message);
      if (words != null) {
        List<Findings.Raw> raw = new ArrayList<>();
        Rule rule =
            new Rule(row.code(), Level.MUST, Layer.RUNTIME, null, (doc, findings) -> {}, null);
        row.finder().find(document, words, new Findings(rule, raw));
        if (!raw.isEmpty()) {
          return Validator.located(config.json(), raw).findings();
        }
      }
    }
    return List.of();
  }

  /// What an error comes from that has nothing to do with the configuration.
  ///
  /// @param text the runtime's standard error, or its log
  /// @return the reason and a way out; absent when the error is not known
  public static Optional<Problem> ofMachine(String text) {
    String message = RuntimeMessage.of(text);
    for (Machine row : MACHINE) {
      if (Template.of(row.text()).match(message) != null) {
        return Optional.of(Problem.of(row.reason(), row.hint()));
      }
    }
    return Optional.empty();
  }

  /// One text that a runtime says about the machine.
  private record Machine(String text, String reason, String hint) {}

  private static final String EXISTS = "a container of this name is there already";
  private static final String STATE = "this user may not write where the runtime keeps its state";

  private static final List<Machine> MACHINE =
      List.of(
          new Machine(
              "in hybrid mode not supported",
              "crun takes no host where control groups of version 1 and of version 2 both have"
                  + " controllers",
              "ocicap doctor crun"),
          new Machine("container with given ID already exists", EXISTS, "ocicap list"),
          new Machine("container with id exists", EXISTS, "ocicap list"),
          new Machine("container `{}` already exists", EXISTS, "ocicap list"),
          new Machine("lstat /run/{}: permission denied", STATE, "--root DIR"),
          new Machine("mkdir /run/{}: permission denied", STATE, "--root DIR"),
          new Machine("cannot create state directory", STATE, "--root DIR"),
          new Machine(
              "cgroup mountpoint does not exist",
              "no control groups are mounted here",
              "ocicap doctor run-root"));

  private void add(String code, Finder finder, String... texts) {
    for (String text : texts) {
      table.add(new Row(code, Template.of(text), finder));
    }
  }

  /// What a rule finds.
  private void add(String code, Rule.Check check, String... texts) {
    add(code, (Finder) (document, words, findings) -> check.check(document, findings), texts);
  }

  private void capabilities() {
    String[] texts = {"unable to apply caps", "capset: Operation not permitted"};
    add(CAPSET, (Rule.Check) CapabilityRules::effectiveNotPermitted, texts);
    add(
        "capability-inheritable-not-bounding",
        (Rule.Check) CapabilityRules::inheritableNotBounding,
        texts);
    add("host-capability", (Rule.Check) host::capabilitiesRefused, texts);
    add(
        "host-capability",
        (document, words, findings) ->
            findings.add(
                document.get("process", "capabilities"),
                "the kernel refuses to give the process these capabilities (capset(2))",
                "ocicap predict BUNDLE"),
        texts);
  }

  private void limits() {
    add(
        "rlimit-type-known",
        (Rule.Check) ProcessRules::rlimitType,
        "wrong rlimit value",
        "invalid rlimit `");
    String[] invalid = {
      "error setting rlimit type {}: invalid argument", "setrlimit `{}`: Invalid argument"
    };
    add("rlimit-soft-above-hard", (Rule.Check) ProcessRules::rlimitSoft, invalid);
    add("host-rlimit", (Finder) this::limit, "error setting rlimit type {}:", "setrlimit `{}`:");
    String[] range = {"oom_score_adj: Invalid argument", "oom_score_adj`: Invalid argument"};
    add("oom-score-range", (Rule.Check) ProcessRules::oomScore, range);
    add(
        "host-oom-score",
        (document, words, findings) ->
            addTo(
                findings,
                document.get("process", "oomScoreAdj"),
                " is below the caller's own, and that needs CAP_SYS_RESOURCE",
                "ocicap edit --oom-score-adj 0 BUNDLE"),
        "oom_score_adj: Permission denied",
        "oom_score_adj`: Permission denied",
        "oom_score_adj: permission denied");
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
      addTo(
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

  private void program() {
    add(
        "process-args-required",
        (Rule.Check) ProcessRules::args,
        "args must not be empty",
        "executable path not specified",
        "open executable: Invalid argument");
    add(
        "schema-type",
        (Rule.Check) Preflight::argsAsText,
        "field Process.process.args of type",
        "executable path not specified");
    add(
        "process-required",
        (Rule.Check) ProcessRules::required,
        "process property must not be empty",
        "max number of capabilities not initialized");
    String[] missing = {
      "exec: \"{}\": executable file not found",
      "exec: \"{}\": stat ",
      "exec: \"{}\": no such file",
      "executable file `{}` not found",
    };
    add("process-args-blank", (Rule.Check) ProcessRules::blank, missing);
    add(
        "host-program",
        (document, words, findings) ->
            addTo(
                findings,
                first(document.get("process", "args")),
                " is not found in the root file system",
                "ocicap edit BUNDLE -- /bin/sh"),
        missing);
    add(
        "host-program",
        (document, words, findings) ->
            addTo(
                findings,
                first(document.get("process", "args")),
                " is not executable in the root file system",
                "chmod +x " + rootPath(document) + first(document.get("process", "args")).text()),
        "exec: \"{}\": permission denied",
        "exec: \"{}\": is a directory",
        "open executable: Permission denied",
        "open executable: Operation not permitted");
    add(
        "host-program",
        (document, words, findings) ->
            addTo(
                findings,
                first(document.get("process", "args")),
                " is for another processor, or no program at all",
                "file " + rootPath(document) + first(document.get("process", "args")).text()),
        "exec format error",
        "Exec format error");
    add(
        "host-program",
        (document, words, findings) ->
            addTo(
                findings,
                first(document.get("process", "args")),
                " is there, but not the interpreter or loader that it names",
                "head -c 64 " + rootPath(document) + first(document.get("process", "args")).text()),
        "exec {}: no such file or directory",
        "exec container process (missing dynamic library?)",
        "exec container process `{}`: No such file");
    add("process-cwd-absolute", (Rule.Check) ProcessRules::cwd, "Cwd must be an absolute path");
    add(
        ERROR,
        (document, words, findings) ->
            addTo(
                findings,
                document.get("process", "cwd"),
                " cannot be entered: " + words.getFirst(),
                "ocicap edit --cwd / BUNDLE"),
        "set in config.json failed: {}",
        "chdir `{}`");
    add(
        ERROR,
        (document, words, findings) -> {
          Value cwd = document.get("process", "cwd");
          if (cwd.is(words.getFirst())) {
            addTo(findings, cwd, " is not a directory", "ocicap edit --cwd / BUNDLE");
          }
        },
        "mkdir {}: not a directory");
    add("env-entry-form", (Rule.Check) ProcessRules::env, "invalid environment variable");
  }

  private static Value first(Value list) {
    List<Value> items = list.items();
    return items.isEmpty() ? list : items.getFirst();
  }

  private static String rootPath(Document document) {
    String path = document.get("root", "path").text();
    return path + "/";
  }

  private void namespaces() {
    add("namespace-duplicate", (Rule.Check) NamespaceRules::duplicateOfLinux, "duplicated ns");
    add(
        "hostname-uts-namespace",
        (Rule.Check) NamespaceRules::uts,
        "without a private UTS namespace",
        "requires the UTS namespace");
    add(
        "namespace-mount-missing",
        (Rule.Check) NamespaceRules::mountMissing,
        "without a private MNT namespace");
    add(
        "mapping-missing",
        (Rule.Check) NamespaceRules::mappingMissing,
        "ser namespaces enabled, but no",
        "`devpts` to `",
        "\"devpts\" to rootfs");
    add(
        "user-id-mapped",
        (Rule.Check) NamespaceRules::idMapped,
        "`devpts` to `",
        "\"devpts\" to rootfs",
        "setresuid",
        "setgroups",
        "setresgid");
    add(
        "host-namespace",
        (Rule.Check) host::userNamespaceMissing,
        "rootless container requires user namespaces",
        "rootless containers require user namespaces",
        "unshare `CLONE_NEWNS`: Operation not permitted",
        "unshare(CLONE_NEWNS): Operation not permitted");
    add(
        ERROR,
        (document, words, findings) ->
            addTo(
                findings,
                document.get("process", "user", "additionalGids"),
                ": a user without privileges cannot give groups to a process",
                "ocicap edit --unset /process/user/additionalGids BUNDLE"),
        "cannot set any additional groups in a rootless container");
    add(
        "host-mapping",
        (Rule.Check) host::mappings,
        "fchown fd",
        "newuidmap",
        "newgidmap",
        "uid_map",
        "gid_map");
    add(
        "host-namespace",
        (Finder) Failures::unknownNamespace,
        "namespace {\"{}\" ",
        "invalid namespace type: `{}`",
        "namespace {}{} does not exist");
    add(
        "host-namespace",
        (Rule.Check) host::namespacesMissing,
        "namespace path: lstat",
        ": No such file or directory");
    add(
        "host-namespace",
        (document, words, findings) -> {
          for (Value namespace : document.get("linux", "namespaces").items()) {
            Value path = namespace.get("path");
            if (!path.text().isEmpty()) {
              addTo(
                  findings,
                  path,
                  " cannot be joined: it is not of the type "
                      + namespace.get("type").quoted()
                      + ", or not the caller's",
                  null);
            }
          }
        },
        "failed to setns into",
        "setns `",
        // What crun's parent notices of a child that died of it, one or the other.
        "write to sync socket: Broken pipe",
        "read status from sync socket: Connection reset by peer");
  }

  private static void unknownNamespace(Document document, List<String> words, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value type = namespace.get("type");
      if (type.is(words.getFirst())) {
        List<String> known =
            List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");
        findings.add(
            type,
            type.shown() + " is unknown to the runtime",
            Suggestion.nearest(type.text(), known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("\"" + known.getFirst() + "\""));
      }
    }
  }

  private void sysctl() {
    add("sysctl-namespace", (Rule.Check) KernelRules::sysctl, "sysctl \"{}\"", "the sysctl `{}`");
    add(
        ERROR,
        (document, words, findings) -> {
          String name = words.getFirst().replace('/', '.');
          for (Value setting : document.get("linux", "sysctl").members()) {
            if (setting.key().replace('/', '.').equals(name)) {
              boolean unknown = words.getLast().toLowerCase(Locale.ROOT).contains("no such file");
              findings.add(
                  setting,
                  setting.path()
                      + (unknown
                          ? " is no setting of this kernel"
                          : " "
                              + setting.quoted()
                              + " is refused by the kernel: "
                              + words.getLast()),
                  unknown ? "sysctl -a" : "sysctl " + name);
            }
          }
        },
        "write /proc/sys/{}: {}",
        "open /proc/sys/{}: {}",
        "write to /proc/sys/{}: {}",
        "write to `/proc/sys/{}`: {}",
        "open `/proc/sys/{}`: {}");
  }

  private void terminal() {
    add(
        "host-terminal",
        (document, words, findings) ->
            findings.add(
                document.get("process", "terminal"),
                "process.terminal is true, and there is no terminal here",
                "ocicap edit --terminal=false BUNDLE"),
        "open /dev/tty: ",
        "tcgetattr",
        "inappropriate ioctl for device");
    add(
        "host-terminal",
        (document, words, findings) ->
            findings.add(
                document.get("process", "terminal"),
                "process.terminal is true, and nobody would hold the terminal",
                "--console-socket SOCKET"),
        "without setting console socket");
    add(
        "host-terminal",
        (document, words, findings) ->
            findings.add(
                document.get("process"),
                "a console socket is given, and process.terminal is not true",
                "ocicap edit --terminal BUNDLE"),
        "cannot use console socket");
  }

  private void mounts() {
    String[] texts = {
      "error mounting \"{}\" to rootfs at \"{}\": {}",
      "mount `{}` to `{}`: {}",
      "mount `{}` to '{}': {}"
    };
    add("mount-bind-option", (Finder) Failures::bindWithoutOption, texts);
    add("host-mount-source", (Finder) this::mount, texts);
    add(
        "host-mount-source",
        (Rule.Check) host::mountSources,
        "error stat'ing file `",
        "bind mount source stat",
        "cannot stat ");
    add(
        ERROR,
        (document, words, findings) -> {
          for (Value mount : document.get("mounts").items()) {
            if (mount.get("destination").is(words.getFirst())) {
              addTo(
                  findings,
                  mount.get("destination"),
                  " cannot be made in the root file system",
                  "mkdir -p " + rootPath(document) + words.getFirst());
            }
          }
        },
        "mkdir `{}`",
        "creating `{}`",
        "mkdirat `{}`");
    add(
        ERROR,
        (document, words, findings) ->
            addTo(
                findings,
                document.get("linux", "rootfsPropagation"),
                " is no propagation that the runtime knows",
                "\"private\""),
        "rootfsPropagation=");
  }

  /// The mount with the source and destination in a message; crun writes the latter without its
  /// first slash.
  private static @Nullable Value mountAt(Document document, List<String> words) {
    String destination = words.get(1);
    String wanted = destination.startsWith("/") ? destination : "/" + destination;
    Value found = null;
    for (Value mount : document.get("mounts").items()) {
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

  private static void bindWithoutOption(Document document, List<String> words, Findings findings) {
    Value mount = mountAt(document, words);
    if (mount != null
        && mount.get("type").is("bind")
        && !mount.get("options").hasItem("bind", "rbind")) {
      MountRules.bindOption(document, findings);
    }
  }

  private void mount(Document document, List<String> words, Findings findings) {
    Value mount = mountAt(document, words);
    if (mount == null) {
      return;
    }
    String why = words.get(2).toLowerCase(Locale.ROOT);
    Value source = mount.get("source");
    Value type = mount.get("type");
    if (why.contains("inside /proc")) {
      addTo(
          findings,
          mount.get("destination"),
          " is inside /proc, where nothing may be mounted",
          null);
    } else if (why.contains("no such device")) {
      addTo(
          findings,
          type,
          " is no file system of this kernel",
          "modprobe " + Value.cut(type.text()));
    } else if (why.contains("no such file")) {
      addTo(findings, source, " does not exist here", "mkdir -p " + Value.cut(source.text()));
    } else if (why.contains("not a directory")) {
      addTo(
          findings,
          source,
          " and the destination must both be directories, or both not",
          "ls -ld " + Value.cut(source.text()));
    } else if (why.contains("not permitted") || why.contains("permission denied")) {
      findings.add(mount, mount.path() + " is not permitted to this caller", null);
    } else {
      Value options = mount.get("options");
      findings.add(
          options.exists() ? options : mount,
          (options.exists() ? options.path() : mount.path())
              + ": the kernel refuses the mount: "
              + Value.cut(words.get(2).substring(words.get(2).lastIndexOf(": ") + 1).strip()),
          "man 8 mount");
    }
  }

  private void security() {
    add(
        "runtime-seccomp",
        (document, words, findings) ->
            findings.add(
                document.get("linux", "seccomp"),
                "linux.seccomp: this runtime or kernel was built without seccomp",
                "ocicap doctor seccomp"),
        "seccomp: config provided but seccomp not supported",
        "seccomp not supported",
        "seccomp support was disabled",
        "with seccomp support");
    add(
        "runtime-seccomp",
        (document, words, findings) -> {
          Value found = holding(document.get("linux", "seccomp"), words.getFirst());
          if (found != null) {
            addTo(findings, found, " is unknown to the runtime", "ocicap validate BUNDLE");
          }
        },
        "string {} is not a valid ",
        "invalid seccomp action `{}`",
        "seccomp unknown architecture {}");
    add(
        "runtime-seccomp",
        (document, words, findings) -> {
          for (Value rule : document.get("linux", "seccomp", "syscalls").items()) {
            for (Value arg : rule.get("args").items()) {
              if (!arg.get("op").text().startsWith("SCMP_CMP_")) {
                addTo(findings, arg.get("op"), " is unknown to the runtime", "\"SCMP_CMP_EQ\"");
              }
            }
          }
        },
        "get_seccomp_operator");
    add(
        "runtime-seccomp",
        (document, words, findings) -> {
          Value action = document.get("linux", "seccomp", "defaultAction");
          if (action.exists() && !action.is("SCMP_ACT_ALLOW")) {
            addTo(
                findings,
                action,
                " stops the calls with which the runtime starts the program",
                "ocicap edit --seccomp docker BUNDLE");
          }
        },
        "container process is already dead",
        "error loading seccomp filter");
    String[] texts = {
      "apparmor",
      "AppArmor",
      "selinux label",
      "/attr/keycreate",
      "/attr/exec",
      "selinux is disabled"
    };
    add("host-security-module", (Rule.Check) host::modules, texts);
    add(
        "host-security-module",
        (document, words, findings) ->
            addTo(
                findings,
                document.get("process", "apparmorProfile"),
                " is not loaded here, or AppArmor is not active",
                "ocicap doctor apparmor"),
        "apparmor",
        "AppArmor");
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

  private void hooks() {
    add(
        "host-hook",
        (document, words, findings) -> {
          int index = number(words.getFirst());
          for (String kind : HOOKS) {
            List<Value> hooks = document.get("hooks", kind).items();
            if (index >= 0 && index < hooks.size() && findings.isEmpty()) {
              hook(hooks.get(index), words.getLast(), findings);
            }
          }
        },
        "hook #{}: {}");
    add(
        "host-hook",
        (document, words, findings) -> {
          for (String kind : HOOKS) {
            for (Value hook : document.get("hooks", kind).items()) {
              if (hook.get("path").is(words.getFirst()) && findings.isEmpty()) {
                hook(hook, "ended with " + words.getLast(), findings);
              }
            }
          }
        },
        "error executing hook `{}` (exit code: {})");
  }

  private void hook(Value hook, String why, Findings findings) {
    Value path = hook.get("path");
    if (!path.text().startsWith("/")) {
      addTo(findings, path, " is not an absolute path", "command -v " + Value.cut(path.text()));
    } else if (!exists(path.text())) {
      addTo(findings, path, " does not exist here", null);
    } else {
      addTo(findings, path, " failed: " + Value.cut(why), null);
    }
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void document() {
    add(
        "schema-type",
        (document, words, findings) -> {
          Value value = field(document.root(), words.get(1));
          if (value != null) {
            addTo(
                findings,
                value,
                " is " + words.getFirst() + ", and must be " + goType(words.get(2)),
                "ocicap validate BUNDLE");
          }
        },
        "json: cannot unmarshal {} into Go struct field {} of type {}");
    add(
        "schema-type",
        (document, words, findings) -> {
          Value value = withKey(document.root(), words.getLast());
          if (value != null) {
            addTo(findings, value, " is not of the right type", "ocicap validate BUNDLE");
          }
        },
        "load `config.json`: {}with type '{}' for key '{}'",
        "load `config.json`: {} for key '{}'");
    add(
        "root-required",
        (Rule.Check) RootRules::required,
        "root must be specified",
        "no 'root' block specified");
    add(
        "host-rootfs",
        (Rule.Check) host::rootfs,
        "invalid rootfs",
        "private: No such file or directory");
    add(
        "host-rootfs",
        (document, words, findings) ->
            addTo(findings, document.get("root", "path"), " is not a directory", "mkdir rootfs"),
        "unable to start init: fork/exec /proc/self/exe: not a directory",
        "the target `/proc` is invalid");
    add(
        "oci-version-unknown",
        (document, words, findings) ->
            addTo(
                findings,
                document.get("ociVersion"),
                " is unknown to the runtime",
                "ocicap edit --oci-version 1.0.2 BUNDLE"),
        "unknown version specified",
        "unsupported spec version");
    add(
        ERROR,
        (document, words, findings) -> {
          for (Value device : document.get("linux", "devices").items()) {
            if (device.get("type").is(words.getFirst())) {
              addTo(findings, device.get("type"), " is no type of device", "\"c\"");
            }
          }
        },
        "invalid device type \"{}\"");
    add(
        ERROR,
        (document, words, findings) -> {
          for (Value device : document.get("linux", "devices").items()) {
            if (device.get("path").is(words.getFirst())) {
              addTo(
                  findings,
                  device.get("path"),
                  " is not there on the host to be shown inside, and this caller may not make it",
                  "ls -l " + Value.cut(words.getFirst()));
            }
          }
        },
        "error creating device nodes: mount {}:");
  }

  /// The value at a path of Go's, which begins with the name of a type and knows no indexes.
  private static @Nullable Value field(Value root, String path) {
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
    return type.equals("bool")
        ? "true or false"
        : type.equals("string") ? "a text" : "a whole number (" + type + ")";
  }

  private void controlGroups() {
    add(
        ERROR,
        (document, words, findings) ->
            findings.add(
                document.get("linux", "resources", "unified"),
                "linux.resources.unified is for control groups of version 2, and this host has"
                    + " version 1",
                "ocicap edit --unset /linux/resources/unified BUNDLE"),
        "cannot use unified on cgroup v1");
    add(
        ERROR,
        (document, words, findings) -> {
          Value limit = document.get("linux", "resources", "memory", "limit");
          if (limit.exists()) {
            addTo(
                findings,
                limit,
                " is less than the runtime itself needs to start the container",
                "ocicap edit --memory 16m BUNDLE");
          }
        },
        "unable to set memory limit to",
        "the memory limit could be too low",
        "container init was OOM-killed");
    add(
        ERROR,
        (document, words, findings) -> {
          Value resource = document.get("linux", "resources", controller(words.getFirst()));
          if (resource.exists()) {
            findings.add(
                resource,
                resource.path() + " cannot be limited: the controller is not there for this caller",
                "ocicap doctor");
          }
        },
        "cannot set {} limit: container could not join or create cgroup",
        "open `/sys/fs/cgroup/{}/");
    add(
        ERROR,
        (Finder) Failures::controlFile,
        "write /sys/fs/cgroup/{}: {}",
        "writing file `{}`: {}",
        "openat2 /sys/fs/cgroup/{}: {}",
        "open /sys/fs/cgroup/{}: {}");
    add(
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
        "cgroup: {}");
  }

  private static String controller(String word) {
    return switch (word) {
      case "hugetlb" -> "hugepageLimits";
      case "blkio", "io" -> "blockIO";
      case "cpuset", "cpu" -> "cpu";
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
          addTo(
              findings,
              value,
              " is refused by the kernel: " + words.getLast().toLowerCase(Locale.ROOT),
              "ocicap validate BUNDLE");
          return;
        }
      }
    }
  }

  /// A finding about a value that is there; about what is around it otherwise.
  private static void addTo(Findings findings, Value value, String message, @Nullable String hint) {
    if (value.exists()) {
      findings.add(value, value.shown() + message, hint);
    }
  }
}
