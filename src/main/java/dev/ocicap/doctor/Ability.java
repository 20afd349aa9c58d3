package dev.ocicap.doctor;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.os.Cgroups;
import dev.ocicap.os.Cgroups.Layout;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.validate.Features;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One thing that ocicap can do where a machine lets it, and how to tell whether this one does.
///
/// @param name how it is asked for: `learn-trace`
/// @param title what it is, in a few words
/// @param judge looks at a machine
public record Ability(String name, String title, Function<HostSurvey, Verdict> judge) {
  /// Every one, the most basic first.
  public static final List<Ability> ALL =
      List.of(
          new Ability("run-root", "run containers as root", Ability::runRoot),
          new Ability("run-rootless", "run containers without root", Ability::runRootless),
          new Ability("runc", "run with runc", host -> runtime(host, "runc")),
          new Ability("crun", "run with crun", host -> runtime(host, "crun")),
          new Ability("many-ids", "map many ids without root", Ability::manyIds),
          new Ability("all-capabilities", "grant any capability", Ability::allCapabilities),
          new Ability("raise-limits", "raise limits, lower OOM scores", Ability::raiseLimits),
          new Ability("memory-limits", "limit memory", host -> limit(host, "memory")),
          new Ability("cpu-limits", "limit processor time", host -> limit(host, "cpu")),
          new Ability("pids-limits", "limit processes", host -> limit(host, "pids")),
          new Ability("io-limits", "limit block I/O", host -> limit(host, "io")),
          new Ability("seccomp", "filter system calls", Ability::seccomp),
          new Ability("apparmor", "confine with AppArmor", host -> module(host, "apparmor")),
          new Ability("selinux", "confine with SELinux", host -> module(host, "selinux")),
          new Ability("learn-trace", "learn by tracing", Ability::learnTrace),
          new Ability("learn-trials", "learn by trial runs", Ability::learnTrials),
          new Ability("unpack-images", "convert with an image", host -> tool(host, "umoci")),
          new Ability("fetch-images", "fetch images by name", Ability::fetchImages),
          new Ability("fast-start", "start from a cache", Ability::fastStart));

  private static final Verdict NO_PROC =
      Verdict.unknown("there is no /proc").mendedBy("mount -t proc proc /proc");

  /// Looks at a machine.
  public Verdict on(HostSurvey host) {
    return judge.apply(host);
  }

  private static Verdict runRoot(HostSurvey host) {
    if (host.caller().isEmpty()) {
      return NO_PROC;
    }
    if (host.uid() != 0) {
      return Verdict.no("this is user " + host.uid()).mendedBy("sudo ocicap run BUNDLE");
    }
    if (!host.capabilities().effective().contains(Capability.CAP_SYS_ADMIN)) {
      return Verdict.no("this root lacks sys_admin: it is in a container itself")
          .mendedBy("docker run --privileged IMAGE");
    }
    Optional<Verdict> unfit = withoutRuntime(host);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    if (host.cgroups().layout() == Layout.NONE) {
      return Verdict.no("no control groups are mounted")
          .mendedBy("mount -t cgroup2 cgroup2 /sys/fs/cgroup");
    }
    if (host.cgroups().delegated().isEmpty()) {
      return Verdict.no("the control groups cannot be written: they are another container's")
          .mendedBy(WITH_CGROUPS);
    }
    return Verdict.yes("with " + usable(host));
  }

  private static Verdict runRootless(HostSurvey host) {
    UserNamespaces namespaces = host.userNamespaces();
    if (!host.facts().namespaces().contains("user")) {
      return host.facts().namespaces().isEmpty()
          ? NO_PROC
          : Verdict.no("this kernel has no user namespaces");
    }
    if (namespaces.max().orElse(1L) == 0) {
      return Verdict.no("user.max_user_namespaces is 0")
          .mendedBy(root(host) + "sysctl -w user.max_user_namespaces=10000");
    }
    if (!namespaces.unprivileged().orElse(true)) {
      return Verdict.no("kernel.unprivileged_userns_clone is 0")
          .mendedBy(root(host) + "sysctl -w kernel.unprivileged_userns_clone=1");
    }
    if (namespaces.apparmorRestricts()) {
      return Verdict.no("AppArmor keeps user namespaces from users")
          .mendedBy(root(host) + "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
    }
    if (namespaces.tried().equals(Optional.of(false))) {
      return Verdict.no("'unshare --user true' is refused: a container around this forbids it");
    }
    Optional<Verdict> unfit = withoutRuntime(host);
    return unfit.orElseGet(() -> Verdict.yes("with " + usable(host)));
  }

  /// The runtimes that nothing is known against.
  private static String usable(HostSurvey host) {
    List<String> names = new ArrayList<>();
    for (InstalledRuntime runtime : host.runtimes()) {
      if (runtime.obstacle().isEmpty()) {
        names.add(shown(runtime));
      }
    }
    return String.join(", ", names);
  }

  private static String shown(InstalledRuntime runtime) {
    return runtime.name() + runtime.answer().map(answer -> " " + answer.version()).orElse("");
  }

  private static Optional<Verdict> withoutRuntime(HostSurvey host) {
    for (InstalledRuntime runtime : host.runtimes()) {
      if (runtime.obstacle().isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(
        (host.runtimes().isEmpty()
                ? Verdict.no("no container runtime is installed")
                : Verdict.no("no installed runtime works here"))
            .mendedBy(root(host) + "apt-get install runc"));
  }

  private static Verdict runtime(HostSurvey host, String name) {
    Problem obstacle = null;
    for (InstalledRuntime runtime : host.runtimes()) {
      if (runtime.name().equals(name)) {
        if (runtime.obstacle().isEmpty()) {
          return Verdict.yes(shown(runtime) + ", " + runtime.runtime().executable());
        }
        obstacle = runtime.obstacle().get();
      }
    }
    if (obstacle == null) {
      return Verdict.no("not installed").mendedBy(root(host) + "apt-get install " + name);
    }
    Verdict verdict = Verdict.no(obstacle.message());
    if (name.equals("crun")
        && host.cgroups().layout() == Layout.HYBRID
        && obstacle.hint() != null) {
      return verdict.mendedBy(
          root(host) + OciRuntime.withoutUnifiedCgroups("ocicap run --runtime crun BUNDLE"));
    }
    return obstacle.hint() == null ? verdict : verdict.mendedBy(obstacle.hint());
  }

  /// For who is in a container that was started without.
  private static final String WITH_CGROUPS =
      "docker run --cgroupns host --volume /sys/fs/cgroup:/sys/fs/cgroup IMAGE";

  /// As many as images expect: up to nobody's.
  private static final long MANY = 65_535;

  private static Verdict manyIds(HostSurvey host) {
    if (host.caller().isEmpty()) {
      return NO_PROC;
    }
    if (host.uid() == 0) {
      long ids = host.userNamespaces().ids();
      if (ids >= MANY) {
        return Verdict.yes(
            host.userNamespaces().isInner()
                ? "root maps the " + ids + " ids of this user namespace"
                : "root maps every id");
      }
      return Verdict.no("this user namespace has " + (ids == 1 ? "one id" : ids + " ids"))
          .mendedBy("unshare --map-auto --map-root-user ocicap run BUNDLE");
    }
    for (String name : List.of("newuidmap", "newgidmap")) {
      Optional<UserNamespaces.Mapper> mapper =
          name.equals("newuidmap")
              ? host.userNamespaces().newuidmap()
              : host.userNamespaces().newgidmap();
      if (mapper.isEmpty()) {
        return Verdict.no("only one id: " + name + " is missing")
            .mendedBy("sudo apt-get install uidmap");
      }
      if (!mapper.get().privileged()) {
        return Verdict.no("only one id: " + mapper.get().path() + " lost its set-user-ID bit")
            .mendedBy("sudo apt-get install --reinstall uidmap");
      }
    }
    if (host.facts().subUids().isEmpty() || host.facts().subGids().isEmpty()) {
      String file = host.facts().subUids().isEmpty() ? "/etc/subuid" : "/etc/subgid";
      return Verdict.no("only one id: " + file + " has no range for this user")
          .mendedBy(
              "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \"$USER\"");
    }
    return Verdict.yes(
        host.facts().subUids().getFirst().count()
            + " ids from "
            + host.facts().subUids().getFirst().first());
  }

  private static Verdict allCapabilities(HostSurvey host) {
    if (host.caller().isEmpty()) {
      return NO_PROC;
    }
    CapabilitySet missing =
        host.kernelCapabilities()
            .minus(host.capabilities().bounding().intersect(host.capabilities().permitted()));
    if (missing.isEmpty()) {
      return Verdict.yes("the caller's sets are full");
    }
    if (host.uid() != 0 && host.capabilities().permitted().isEmpty()) {
      return Verdict.partly("in a user namespace only: this user has none of its own")
          .mendedBy("sudo ocicap run BUNDLE");
    }
    return Verdict.partly("the caller lacks " + missing).mendedBy(again(host, missing));
  }

  private static Verdict raiseLimits(HostSurvey host) {
    if (host.caller().isEmpty()) {
      return NO_PROC;
    }
    if (host.userNamespaces().isInner() && host.uid() == 0) {
      return Verdict.no("sys_resource counts for nothing in a user namespace")
          .mendedBy("sudo ocicap run BUNDLE");
    }
    if (host.capabilities().effective().contains(Capability.CAP_SYS_RESOURCE)) {
      return Verdict.yes("the caller has sys_resource");
    }
    return Verdict.no("the caller lacks sys_resource")
        .mendedBy(
            host.uid() == 0
                ? again(host, CapabilitySet.of(Capability.CAP_SYS_RESOURCE))
                : "sudo ocicap run BUNDLE");
  }

  /// Nothing gives back what a process has lost: another one must start with it, from the system's
  /// manager, or the container around this one anew.
  private static String again(HostSurvey host, CapabilitySet missing) {
    if (Files.isDirectory(Path.of("/run/systemd/system"))) {
      return root(host) + "systemd-run --pty --same-dir ocicap run BUNDLE";
    }
    StringBuilder command = new StringBuilder("docker run");
    for (Capability capability : missing.members()) {
      command.append(" --cap-add ").append(capability.shortName());
    }
    return command + " IMAGE";
  }

  /// Version 1 calls block I/O otherwise.
  private static Verdict limit(HostSurvey host, String controller) {
    if (host.caller().isEmpty()) {
      return NO_PROC;
    }
    Cgroups cgroups = host.cgroups();
    String older = controller.equals("io") ? "blkio" : controller;
    if (cgroups.delegated().contains(controller) || cgroups.delegated().contains(older)) {
      return Verdict.yes("the controller is the caller's to use");
    }
    if (cgroups.layout() == Layout.NONE) {
      return Verdict.no("no control groups are mounted")
          .mendedBy(root(host) + "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
    }
    if (host.uid() != 0) {
      return limitOfUser(host, controller);
    }
    return cgroups.controllers().contains(controller) || cgroups.controllers().contains(older)
        ? Verdict.no("the controller cannot be written: it is another container's")
            .mendedBy(WITH_CGROUPS)
        : Verdict.no("the controller is not mounted, or the kernel lacks it")
            .mendedBy(
                cgroups.layout() == Layout.V2
                    ? "echo +" + controller + " >/sys/fs/cgroup/cgroup.subtree_control"
                    : "mkdir -p /sys/fs/cgroup/"
                        + older
                        + " && mount -t cgroup -o "
                        + older
                        + " cgroup /sys/fs/cgroup/"
                        + older);
  }

  /// systemd makes a cgroup for each user, with the controllers that it was told to hand on.
  private static Verdict limitOfUser(HostSurvey host, String controller) {
    if (host.cgroups().layout() != Layout.V2) {
      return Verdict.no("control groups of version 1 are root's")
          .mendedBy("sudo ocicap run BUNDLE");
    }
    Path own =
        Path.of("/sys/fs/cgroup/user.slice/user-" + host.uid() + ".slice")
            .resolve("user@" + host.uid() + ".service");
    if (Files.isWritable(own) && Cgroups.controllersOf(own).contains(controller)) {
      return Verdict.yes("systemd hands the controller on: --systemd-cgroup");
    }
    return Verdict.no("the controller is not handed on to this user")
        .mendedBy(
            "sudo sh -c 'd=/etc/systemd/system/user@.service.d; mkdir -p $d;"
                + " printf \"[Service]\\nDelegate=cpu cpuset io memory pids\\n\" >$d/delegate.conf;"
                + " systemctl daemon-reload'");
  }

  private static Verdict seccomp(HostSurvey host) {
    boolean kernel = host.seccompActions().map(actions -> actions.contains("errno")).orElse(false);
    if (!kernel) {
      return host.caller().isEmpty() ? NO_PROC : Verdict.no("this kernel has no seccomp filters");
    }
    List<String> with = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (InstalledRuntime runtime : host.runtimes()) {
      if (runtime.answer().isPresent()) {
        (filters(runtime) ? with : without).add(runtime.name());
      }
    }
    if (with.isEmpty()) {
      return without.isEmpty()
          ? Verdict.no("no container runtime answers").mendedBy(root(host) + "apt-get install runc")
          : Verdict.no(String.join(", ", without) + " was built without it")
              .mendedBy(root(host) + "apt-get install --reinstall " + without.getFirst());
    }
    String reason = "the kernel and " + String.join(", ", with);
    return without.isEmpty()
        ? Verdict.yes(reason)
        : Verdict.partly(reason + "; not " + String.join(", ", without));
  }

  /// crun says in its banner what it was built with; runc 1.1 and later, and crun 1.9 and later, in
  /// their features.
  private static boolean filters(InstalledRuntime runtime) {
    String banner = runtime.answer().map(answer -> answer.banner()).orElse("");
    if (runtime.name().equals("crun")) {
      return banner.contains("+SECCOMP");
    }
    Optional<String> text = runtime.answer().flatMap(answer -> answer.features());
    try {
      return text.isEmpty() || !Features.parse(runtime.name(), text.get()).isWithout("seccomp");
    } catch (OcicapException e) {
      return true;
    }
  }

  private static Verdict module(HostSurvey host, String name) {
    if (host.modules().isEmpty()) {
      return Verdict.unknown("the kernel's modules cannot be seen")
          .mendedBy("mount -t sysfs sysfs /sys");
    }
    if (!host.modules().get().contains(name)) {
      return Verdict.no("not active in this kernel")
          .mendedBy(
              (host.uid() == 0 ? "" : "sudo ")
                  + (name.equals("apparmor") ? START_APPARMOR : START_SELINUX));
    }
    return Verdict.yes("active");
  }

  /// How Debian and its kin start with one; elsewhere the parameters of the kernel are the same.
  private static final String START_APPARMOR =
      "sh -c 'apt-get install apparmor && mkdir -p /etc/default/grub.d && echo"
          + " \"GRUB_CMDLINE_LINUX=\\\"\\$GRUB_CMDLINE_LINUX apparmor=1 security=apparmor\\\"\""
          + " >/etc/default/grub.d/apparmor.cfg && update-grub && reboot'";

  private static final String START_SELINUX =
      "sh -c 'apt-get install selinux-basics selinux-policy-default && selinux-activate &&"
          + " reboot'";

  private static Verdict learnTrace(HostSurvey host) {
    if (host.tracingObstacle().isEmpty()) {
      return Verdict.yes("the kernel reports capability checks");
    }
    Verdict verdict = Verdict.no(host.tracingObstacle());
    // Root mounts what is not mounted: what is missing then is the kernel's.
    return host.uid() == 0 && !host.userNamespaces().isInner()
        ? verdict
        : verdict.mendedBy("sudo ocicap learn BUNDLE");
  }

  private static Verdict learnTrials(HostSurvey host) {
    Verdict run = host.uid() == 0 ? runRoot(host) : runRootless(host);
    return run.answer() == Verdict.Answer.YES ? Verdict.yes("containers can be run") : run;
  }

  private static Verdict tool(HostSurvey host, String name) {
    Optional<Path> path = host.tools().getOrDefault(name, Optional.empty());
    return path.isPresent()
        ? Verdict.yes(path.get().toString())
        : Verdict.no(name + " is not installed").mendedBy(root(host) + "apt-get install " + name);
  }

  private static Verdict fetchImages(HostSurvey host) {
    Verdict skopeo = tool(host, "skopeo");
    Verdict umoci = tool(host, "umoci");
    return skopeo.answer() == Verdict.Answer.YES && umoci.answer() != Verdict.Answer.YES
        ? umoci
        : skopeo;
  }

  private static Verdict fastStart(HostSurvey host) {
    JavaMachine java = host.java();
    if (java.cache().isPresent()) {
      return Verdict.yes(java.cache().get().toString());
    }
    return java.launched()
        ? Verdict.partly("no cache fits this ocicap: each start takes longer")
            .mendedBy("mvn package")
        : Verdict.partly("started without bin/ocicap: each start takes longer")
            .mendedBy("bin/ocicap doctor");
  }

  /// What precedes a command that root must give.
  private static String root(HostSurvey host) {
    return host.uid() == 0 ? "" : "sudo ";
  }
}
