package dev.ocicap.validate;

import dev.ocicap.cap.Capability;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is certain to keep a runtime from starting a container on this machine, or to make it start
/// the program as root where the configuration names another user. Unlike [Validator] it is quick,
/// since it stands before each start, and it says nothing of what only may fail: it takes the rules
/// whose findings runc, crun and youki refuse, or the one that is meant. Of a runtime that is
/// neither, nothing is certain: one that starts a virtual machine needs none of this host. What is
/// only very likely has the level [Level#SHOULD].
///
/// @param host this machine
/// @param runtime the runtime's name: `runc`, `crun`, or one with a version behind, `runc-1.3`
/// @param terminal whether the runtime gets at a terminal: one of its standard streams is one, or
///   the process has a controlling one. True also when another process will hold the terminal
/// @param itself whether the runtime makes the control groups, and not systemd
public record Preflight(HostCheck host, String runtime, boolean terminal, boolean itself) {

  /// The same where the runtime makes the control groups itself.
  public Preflight(HostCheck host, String runtime, boolean terminal) {
    this(host, runtime, terminal, true);
  }

  /// What no rule of its own is about.
  private static final String ERROR = "runtime-error";

  /// Hooks of these kinds run before the program is looked for, and may put it there.
  private static final List<String> EARLY_HOOKS =
      List.of("prestart", "createRuntime", "createContainer", "startContainer");

  /// Looks at a configuration.
  ///
  /// @return in the order of the text; empty when nothing is known that would keep it from starting
  public List<Finding> check(RuntimeConfig config) {
    Document document = Document.of(config);
    if (!knows(runtime) || !document.root().isObject() || !document.isLinux()) {
      return List.of();
    }
    List<Findings.Raw> raw = new ArrayList<>();
    check(document, raw);
    return raw.isEmpty() ? List.of() : Validator.located(config.json(), raw).findings();
  }

  /// Whether anything is certain of a runtime.
  ///
  /// @param runtime its name
  public static boolean knows(String runtime) {
    return is(runtime, "runc") || is(runtime, "crun") || is(runtime, "youki");
  }

  private void check(Document document, List<Findings.Raw> raw) {
    HostRules rules = new HostRules(document, raw);
    StartHost start = new StartHost(host);
    rules.add("schema-type", "config.md", StartRules::types);
    rules.add("process-required", "config.md#process", ProcessRules::required);
    rules.add("process-args-required", "config.md#process", ProcessRules::args);
    rules.add("schema-type", "config.md#process", Preflight::argsAsText);
    rules.add("user-id-none", "setresuid(2)", ProcessRules::noUser);
    rules.add("root-required", "config.md#root", RootRules::required);
    rules.add("host-rootfs", "config.md#root", isRunc() ? host::rootfs : host::rootfsMissing);
    if (!hasEarlyHooks(document)) {
      rules.add("host-program", "config.md#posix-process", host::certainlyNoProgram);
      rules.add("host-mount-source", "config.md#mounts", host::mountSources);
      rules.add("host-mount-source", "config.md#mounts", start::kinds);
      rules.add(ERROR, "config.md#process", start::directory);
    }
    mounts(start, rules);
    capabilities(document, rules);
    if (document.get("process", "rlimits").exists()) {
      rules.add("rlimit-type-known", "config.md#posix-process", ProcessRules::rlimitType);
      rules.add("rlimit-soft-above-hard", "getrlimit(2)", ProcessRules::rlimitSoft);
      rules.add("host-rlimit", "setrlimit(2)", host::rlimits);
      if (!host.host().permitted().contains(Capability.CAP_SYS_RESOURCE)) {
        rules.add("host-rlimit", "setrlimit(2)", start::loweredLimits);
      }
    }
    if (document.get("process", "oomScoreAdj").exists()) {
      rules.add("oom-score-range", "proc(5)", ProcessRules::oomScore);
      rules.add("host-oom-score", "proc(5)", host::oomScore);
    }
    resources(document.get("linux", "resources"), start, rules);
    if (document.get("linux", "seccomp").exists()) {
      rules.add("seccomp-notify-default", "config-linux.md#seccomp", SeccompRules::notifyDefault);
      rules.add("seccomp-arg-index", "config-linux.md#seccomp", SeccompRules::argIndex);
      rules.add("runtime-seccomp", "config-linux.md#seccomp", StartRules::filter);
      rules.add("runtime-seccomp", "config-linux.md#seccomp", start::listener);
      rules.add("runtime-seccomp", "seccomp(2)", start::seccomp);
    }
    rules.add("hostname-uts-namespace", "config.md#hostname", this::hostName);
    if (document.get("linux", "sysctl").exists()) {
      rules.add("sysctl-namespace", "config-linux.md#sysctl", KernelRules::sysctl);
      rules.add(ERROR, "config-linux.md#sysctl", start::settings);
    }
    rules.add("host-namespace", "config-linux.md#namespaces", host::namespacesMissing);
    rules.add("host-namespace", "config-linux.md#namespaces", NamespaceRules::unknownType);
    rules.add("host-namespace", "config-linux.md#namespaces", start::namespaces);
    rules.add(
        "user-id-mapped", "config-linux.md#user-namespace-mappings", NamespaceRules::idMapped);
    if (document.get("linux", "devices").exists()) {
      rules.add(ERROR, "config-linux.md#devices", start::devices);
    }
    if (document.get("hooks").exists()) {
      rules.add("host-hook", "config.md#posix-platform-hooks", host::hooksOfStart);
      rules.add("host-hook", "config.md#posix-platform-hooks", start::hooks);
    }
    if (hasModule(document) && !passesOver(document) && Files.isDirectory(Path.of("/sys/module"))) {
      rules.add(
          "host-security-module",
          "config.md#linux-process",
          isRunc() ? host::modules : host::modulesOfProcess);
    }
    if (!isYouki()) {
      rules.add("mount-bind-option", "config.md#mounts", MountRules::bindOption);
      rules.add("host-terminal", "config.md#process", this::terminal);
    }
    if (host.host().uid() != 0) {
      rules.add("host-mapping", "config-linux.md#user-namespace-mappings", host::mappings);
      if (itself && document.get("linux", "resources").exists()) {
        rules.add("host-cgroup", "config-linux.md#control-groups", this::limits);
      }
      if (itself && isRunc()) {
        rules.add("host-cgroup", "config-linux.md#cgroups-path", start::controlGroup);
      }
      if (isRunc()) {
        rules.add(ERROR, "setgroups(2)", StartRules::groupsOfUser);
      }
    }
    own(start, rules);
  }

  /// What not all of them refuse.
  private void own(StartHost start, HostRules rules) {
    if (!is("crun")) {
      rules.add("schema-type", "config.md", StartRules::strictTypes);
      rules.add("mapping-missing", "user_namespaces(7)", NamespaceRules::mappingMissing);
      rules.add(ERROR, "config-linux.md#rootfs-mount-propagation", StartRules::propagation);
      rules.add(ERROR, "config-linux.md#devices", StartRules::deviceTypes);
      rules.add(
          "namespace-mount-missing", "config-linux.md#namespaces", StartRules::mountNamespace);
    } else {
      rules.add("mapping-missing", "user_namespaces(7)", StartRules::mappingsOfItsOwn);
    }
    if (isRunc()) {
      rules.add("host-namespace", "user_namespaces(7)", host::userNamespaceMissing);
      rules.add(
          "namespace-duplicate", "config-linux.md#namespaces", NamespaceRules::duplicateOfLinux);
      rules.add("process-cwd-absolute", "config.md#process", ProcessRules::cwd);
      rules.add("env-entry-form", "config.md#process", ProcessRules::env);
      rules.add(ERROR, "config.md#mounts", StartRules::insideProc);
      rules.add(ERROR, "user_namespaces(7)", StartRules::notOwned);
    } else {
      rules.add("device-path-absolute", "config-linux.md#devices", DeviceRules::path);
      rules.add("process-cwd-absolute", "config.md#process", StartRules::emptyDirectory);
      rules.add("mount-idmap-user-namespace", "config.md#mounts", MountRules::idmapNamespace);
      rules.add(ERROR, "config-linux.md#personality", StartRules::personality);
      rules.add(ERROR, "config.md#mounts", start::insideProc);
    }
  }

  private static void mounts(StartHost start, HostRules rules) {
    rules.add("host-filesystem", "config.md#mounts", start::filesystems);
    rules.add(ERROR, "config.md#mounts", start::layers);
    rules.add(ERROR, "config.md#mounts", StartRules::tmpfsSize);
  }

  private void resources(Value resources, StartHost start, HostRules rules) {
    if (resources.get("memory", "limit").exists()) {
      rules.add(ERROR, "config-linux.md#memory", StartRules::memory);
    }
    if (host.host().uid() == 0 && itself) {
      if (resources.get("hugepageLimits").exists()) {
        rules.add("host-huge-page", "config-linux.md#huge-page-limits", host::hugePages);
      }
      if (resources.get("blockIO").exists()) {
        rules.add("host-device", "config-linux.md#block-io", start::blockDevices);
      }
      if (resources.get("cpu", "cpus").exists() || resources.get("cpu", "mems").exists()) {
        rules.add("host-cpu", "config-linux.md#cpu", host::cpus);
      }
    }
    if (resources.get("memory", "swap").exists()) {
      rules.add("memory-swap-below-limit", "config-linux.md#memory", ResourceRules::swap);
    }
    if (resources.get("cpu").exists()) {
      rules.add("cpu-period-range", "cgroups(7)", ResourceRules::period);
      rules.add("cpu-quota-range", "cgroups(7)", ResourceRules::quota);
    }
    if (resources.get("unified").exists()) {
      rules.add("host-cgroup", "config-linux.md#unified", host::unifiedOfVersion1);
    }
    if (is("crun") && resources.get("pids").exists()) {
      rules.add("pids-limit-range", "config-linux.md#pids", ResourceRules::pids);
    }
  }

  /// Whether it depends on the runtime's release whether it knows the configuration's version.
  public boolean needsRelease(RuntimeConfig config) {
    return is("crun") && !Document.of(config).get("ociVersion").text().contains("1.0");
  }

  /// Whether it depends on how the runtime was built whether it can carry the configuration out.
  public boolean needsBuild(RuntimeConfig config) {
    return knows(runtime) && Document.of(config).get("linux", "seccomp").exists();
  }

  /// What one program refuses.
  ///
  /// @param banner what it says of itself (`--version`)
  /// @param features what it prints of its features, if it does
  public List<Finding> check(RuntimeConfig config, String banner, Optional<String> features) {
    RuntimeRelease release = RuntimeRelease.parse(banner);
    List<Findings.Raw> raw = new ArrayList<>();
    RuntimeCheck check = new RuntimeCheck(release, Features.UNKNOWN, false);
    Document document = Document.of(config);
    HostRules rules = new HostRules(document, raw);
    if (needsBuild(config) && isWithoutSeccomp(release, banner, features)) {
      rules.add(
          "runtime-seccomp",
          "features.md",
          (doc, findings) ->
              findings.addKey(
                  doc.get("linux", "seccomp"),
                  "linux.seccomp: " + release + " was built without seccomp",
                  "ocicap edit --unset /linux/seccomp BUNDLE"));
    }
    if (!needsRelease(config)) {
      return Validator.located(config.json(), raw).findings();
    }
    rules.add("runtime-version", "features.md", check::version);
    if (!document.get("ociVersion").exists()) {
      rules.add(
          "schema-required",
          "config.md#specification-version",
          (doc, findings) ->
              findings.add(doc.root(), "ociVersion is missing", "\"ociVersion\": \"1.0.2\""));
    }
    return Validator.located(config.json(), raw).findings();
  }

  /// crun lists with a `+` what it was built with; runc names the release of the library, and says
  /// it in its features.
  private static boolean isWithoutSeccomp(
      RuntimeRelease release, String banner, Optional<String> features) {
    if (release.is("crun")) {
      return banner.contains("\n+") && !banner.contains("+SECCOMP");
    }
    if (!release.is("runc") || banner.contains("libseccomp:") || features.isEmpty()) {
      return false;
    }
    try {
      return Features.parse("features", features.get()).isWithout("seccomp");
    } catch (OcicapException e) {
      // Not the words of a runtime.
      return false;
    }
  }

  /// Runs rules one after the other; what they find weighs as heavy as can be.
  private record HostRules(Document document, List<Findings.Raw> raw) {
    void add(String code, String reference, Rule.Check check) {
      Findings findings =
          new Findings(new Rule(code, Level.MUST, Layer.HOST, reference, check, null), raw);
      check.check(document, findings);
    }
  }

  private static boolean hasModule(Document document) {
    return document.get("process", "apparmorProfile").exists()
        || document.get("process", "selinuxLabel").exists()
        || document.get("linux", "mountLabel").exists();
  }

  /// youki looks at no SELinux label.
  private boolean passesOver(Document document) {
    return isYouki()
        && (!document.get("process", "apparmorProfile").exists()
            || document.get("process", "selinuxLabel").exists());
  }

  private boolean isYouki() {
    return is("youki");
  }

  private boolean isRunc() {
    return is("runc");
  }

  private boolean is(String name) {
    return is(runtime, name);
  }

  private static boolean is(String runtime, String name) {
    return runtime.startsWith(name)
        && (runtime.length() == name.length()
            || !Character.isLetter(runtime.charAt(name.length())));
  }

  private static boolean hasEarlyHooks(Document document) {
    for (String kind : EARLY_HOOKS) {
      if (!document.get("hooks", kind).items().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /// In a user namespace the runtime holds every capability.
  private void capabilities(Document document, HostRules rules) {
    rules.add(
        "capability-effective-not-permitted", "capset(2)", CapabilityRules::effectiveNotPermitted);
    rules.add(
        "capability-inheritable-not-bounding",
        "capset(2)",
        CapabilityRules::inheritableNotBounding);
    // What runc refuses for want of a user namespace needs no more reasons.
    boolean needsNamespace = isRunc() && host.host().uid() != 0;
    if (!document.hasNamespace("user") && !needsNamespace) {
      rules.add("host-capability", "capset(2)", host::capabilitiesRefused);
    }
  }

  static void argsAsText(Document document, Findings findings) {
    Value args = document.get("process", "args");
    if (args.isText()) {
      findings.add(
          args,
          args.shown() + " is one text, and must be a list of words",
          ProcessRules.words(args.text()));
    }
  }

  /// Older releases of runc do not know a domain name and pass over it.
  private void hostName(Document document, Findings findings) {
    if (document.get("hostname").text().isEmpty() && !is("crun")) {
      return;
    }
    NamespaceRules.uts(document, findings);
  }

  /// runc refuses what it cannot limit; crun starts the container without the limit, or fails.
  private void limits(Document document, Findings findings) {
    host.undelegated(document, isRunc() ? Level.MUST : Level.SHOULD, findings);
  }

  private void terminal(Document document, Findings findings) {
    Value wanted = document.get("process", "terminal");
    if (wanted.isTrue() && !terminal) {
      findings.add(
          wanted, "process.terminal is true, and there is no terminal here", "\"terminal\": false");
    }
  }
}
