package dev.ocicap.docker;

import static dev.ocicap.docker.DockerFlag.flag;
import static dev.ocicap.docker.FlagMeaning.applied;
import static dev.ocicap.docker.FlagType.BOOL;
import static dev.ocicap.docker.FlagType.BYTES;
import static dev.ocicap.docker.FlagType.COMMAS;
import static dev.ocicap.docker.FlagType.DECIMAL;
import static dev.ocicap.docker.FlagType.INT;
import static dev.ocicap.docker.FlagType.LIST;
import static dev.ocicap.docker.FlagType.STRING;
import static dev.ocicap.docker.FlagType.UNSIGNED;

import dev.ocicap.docker.DockerFlag.Scope;
import dev.ocicap.docker.DockerFlag.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The flags of `podman run` and `podman create` (Podman 5.8; those of 4.3 are among them).
final class PodmanFlags {
  private static final String CLIENT = "it concerns the podman command, not the container";
  private static final String PULL = "it concerns how podman pulls the image";
  private static final String MONITOR =
      "it concerns podman's monitor, which a bundle does not have";
  private static final String ENDPOINT =
      "a bundle's network namespace has only a loopback interface: addresses and names on a network"
          + " are set up outside of it";

  /// Those of `podman` itself, which may stand behind `run` too.
  private static final List<DockerFlag> GLOBAL =
      List.of(
          global("cgroup-manager", STRING),
          global("conmon", STRING),
          global("connection", STRING),
          global("cdi-spec-dir", STRING),
          global("config", STRING),
          global("db-backend", STRING),
          global("events-backend", STRING),
          other(
              "hooks-dir",
              LIST,
              Status.HIDDEN,
              null,
              unsupported(
                  "the hooks in podman's directories are not written", "ocicap edit --hook")),
          global("identity", STRING),
          global("imagestore", STRING),
          global("log-level", STRING),
          global("module", LIST),
          global("network-backend", STRING),
          global("network-cmd-path", STRING),
          global("network-config-dir", STRING),
          global("out", STRING),
          global("remote", BOOL),
          global("root", STRING),
          global("runroot", STRING),
          global("runtime", STRING),
          global("runtime-flag", LIST),
          global("ssh", STRING),
          global("storage-driver", STRING),
          global("storage-opt", LIST),
          global("syslog", BOOL),
          global("tls-ca", STRING),
          global("tls-cert", STRING),
          global("tls-key", STRING),
          global("tmpdir", STRING),
          global("transient-store", BOOL),
          global("url", STRING),
          global("volumepath", STRING));

  /// Those of the two commands, in the order of podman's help.
  private static final List<DockerFlag> OWN =
      List.of(
          flag("add-host", COMMAS, applied("hosts")),
          flag("annotation", LIST, applied("annotations")),
          flag("arch", STRING, image()),
          flag('a', "attach", COMMAS, ignored(CLIENT)),
          flag("authfile", STRING, ignored(PULL)),
          flag("blkio-weight", STRING, applied("linux.resources.blockIO.weight")),
          flag("blkio-weight-device", LIST, applied("linux.resources.blockIO.weightDevice")),
          flag("cap-add", COMMAS, applied("process.capabilities", "linux.seccomp")),
          flag("cap-drop", COMMAS, applied("process.capabilities", "linux.seccomp")),
          flag("cert-dir", STRING, ignored(PULL)),
          flag("cgroup-conf", COMMAS, applied("linux.resources.unified")),
          flag("cgroup-parent", STRING, applied("linux.cgroupsPath")),
          flag("cgroupns", STRING, applied("linux.namespaces")),
          flag("cgroups", STRING, applied("linux.cgroupsPath")),
          flag("chrootdirs", LIST, applied("mounts")),
          flag("cidfile", STRING, ignored(CLIENT)),
          flag("conmon-pidfile", STRING, ignored(MONITOR)),
          flag("cpu-period", UNSIGNED, applied("linux.resources.cpu.period")),
          flag("cpu-quota", INT, applied("linux.resources.cpu.quota")),
          flag("cpu-rt-period", UNSIGNED, applied("linux.resources.cpu.realtimePeriod")),
          flag("cpu-rt-runtime", INT, applied("linux.resources.cpu.realtimeRuntime")),
          flag('c', "cpu-shares", UNSIGNED, applied("linux.resources.cpu.shares")),
          flag("cpus", DECIMAL, applied("linux.resources.cpu.period", "linux.resources.cpu.quota")),
          flag("cpuset-cpus", STRING, applied("linux.resources.cpu.cpus")),
          flag("cpuset-mems", STRING, applied("linux.resources.cpu.mems")),
          flag("creds", STRING, ignored(PULL)),
          flag("decryption-key", LIST, ignored(PULL)),
          scoped(Scope.RUN, 'd', "detach", BOOL, ignored(CLIENT)),
          scoped(Scope.RUN, '\0', "detach-keys", STRING, ignored(CLIENT)),
          flag("device", LIST, applied("linux.devices", "linux.resources.devices")),
          flag("device-cgroup-rule", COMMAS, applied("linux.resources.devices")),
          flag("device-read-bps", LIST, applied("linux.resources.blockIO.throttleReadBpsDevice")),
          flag("device-read-iops", LIST, applied("linux.resources.blockIO.throttleReadIOPSDevice")),
          flag("device-write-bps", LIST, applied("linux.resources.blockIO.throttleWriteBpsDevice")),
          flag(
              "device-write-iops",
              LIST,
              applied("linux.resources.blockIO.throttleWriteIOPSDevice")),
          flag("disable-content-trust", BOOL, ignored("podman does nothing with it")),
          flag("dns", COMMAS, applied("resolv.conf")),
          alias("dns-opt", "dns-option", COMMAS, applied("resolv.conf")),
          flag("dns-option", COMMAS, applied("resolv.conf")),
          flag("dns-search", COMMAS, applied("resolv.conf")),
          flag("entrypoint", STRING, applied("process.args")),
          flag('e', "env", LIST, applied("process.env")),
          flag("env-file", LIST, applied("process.env")),
          flag("env-host", BOOL, applied("process.env")),
          flag("env-merge", LIST, applied("process.env")),
          flag(
              "expose",
              COMMAS,
              new FlagMeaning.Kept(true, "it only notes a port; no packet goes another way", null)),
          flag("gidmap", COMMAS, applied("linux.gidMappings", "linux.namespaces")),
          flag(
              "gpus",
              COMMAS,
              unsupported(
                  "the devices, libraries and hooks of a GPU come from its vendor's toolkit",
                  "let the toolkit edit the bundle: nvidia-ctk cdi generate, or '--device' for"
                      + " each node")),
          flag("group-add", COMMAS, applied("process.user.additionalGids")),
          flag("group-entry", STRING, passwd()),
          flag("health-cmd", STRING, health()),
          flag("health-interval", STRING, health()),
          flag("health-log-destination", STRING, health()),
          flag("health-max-log-count", UNSIGNED, health()),
          flag("health-max-log-size", UNSIGNED, health()),
          flag("health-on-failure", STRING, health()),
          flag("health-retries", UNSIGNED, health()),
          flag("health-start-period", STRING, health()),
          flag("health-startup-cmd", STRING, health()),
          flag("health-startup-interval", STRING, health()),
          flag("health-startup-retries", UNSIGNED, health()),
          flag("health-startup-success", UNSIGNED, health()),
          flag("health-startup-timeout", STRING, health()),
          flag("health-timeout", STRING, health()),
          alias("healthcheck-command", "health-cmd", STRING, health()),
          alias("healthcheck-interval", "health-interval", STRING, health()),
          alias("healthcheck-retries", "health-retries", UNSIGNED, health()),
          alias("healthcheck-start-period", "health-start-period", STRING, health()),
          alias("healthcheck-timeout", "health-timeout", STRING, health()),
          flag("help", BOOL, ignored(CLIENT)),
          flag('h', "hostname", STRING, applied("hostname", "process.env", "hosts")),
          flag("hosts-file", STRING, applied("hosts")),
          flag("hostuser", COMMAS, passwd()),
          flag("http-proxy", BOOL, applied("process.env")),
          flag("image-volume", STRING, applied("mounts")),
          flag("init", BOOL, applied("process.args", "mounts")),
          scoped(
              Scope.CREATE,
              '\0',
              "init-ctr",
              STRING,
              unsupported("a bundle is in no pod, whose other containers would wait for it", null)),
          flag("init-path", STRING, applied("mounts")),
          flag('i', "interactive", BOOL, ignored(CLIENT)),
          flag("ip", STRING, endpoint()),
          flag("ip6", STRING, endpoint()),
          flag("ipc", STRING, applied("linux.namespaces", "mounts")),
          other(
              "kernel-memory",
              BYTES,
              Status.DEPRECATED,
              null,
              ignored("podman warns of it and does nothing else")),
          flag('l', "label", LIST, labels()),
          flag("label-file", LIST, labels()),
          flag("log-driver", STRING, logging()),
          flag("log-opt", LIST, logging()),
          flag("mac-address", STRING, endpoint()),
          flag(
              'm',
              "memory",
              BYTES,
              applied("linux.resources.memory.limit", "linux.resources.memory.swap")),
          flag("memory-reservation", BYTES, applied("linux.resources.memory.reservation")),
          flag("memory-swap", BYTES, applied("linux.resources.memory.swap")),
          flag("memory-swappiness", INT, applied("linux.resources.memory.swappiness")),
          flag("mount", LIST, applied("mounts")),
          flag("name", STRING, ignored("a container is named when it is started")),
          alias("net", "network", LIST, network()),
          flag("network", LIST, network()),
          flag("network-alias", COMMAS, endpoint()),
          flag("no-healthcheck", BOOL, ignored("a runtime never checks a container's health")),
          flag("no-hostname", BOOL, applied("mounts")),
          flag("no-hosts", BOOL, applied("mounts")),
          flag("oom-kill-disable", BOOL, applied("linux.resources.memory.disableOOMKiller")),
          flag("oom-score-adj", INT, applied("process.oomScoreAdj")),
          flag("os", STRING, image()),
          alias("override-arch", "arch", STRING, image()),
          alias("override-os", "os", STRING, image()),
          alias("override-variant", "variant", STRING, image()),
          scoped(
              Scope.RUN,
              '\0',
              "passwd",
              BOOL,
              ignored("a bundle's '/etc/passwd' and '/etc/group' are the image's")),
          flag("passwd-entry", STRING, passwd()),
          flag("personality", STRING, applied("linux.personality")),
          flag("pid", STRING, applied("linux.namespaces")),
          flag("pidfile", STRING, ignored("the runtime writes it: ocicap run --pid-file")),
          flag("pids-limit", INT, applied("linux.resources.pids.limit")),
          flag("platform", STRING, image()),
          flag("pod", STRING, pod()),
          flag("pod-id-file", STRING, pod()),
          scoped(Scope.RUN, '\0', "preserve-fd", COMMAS, descriptors()),
          scoped(Scope.RUN, '\0', "preserve-fds", UNSIGNED, descriptors()),
          flag(
              "privileged",
              BOOL,
              applied(
                  "process.capabilities",
                  "process.apparmorProfile",
                  "linux.seccomp",
                  "linux.devices",
                  "linux.resources.devices",
                  "linux.maskedPaths",
                  "linux.readonlyPaths",
                  "mounts")),
          flag('p', "publish", COMMAS, ports()),
          flag('P', "publish-all", BOOL, ports()),
          flag("pull", STRING, ignored(PULL)),
          flag('q', "quiet", BOOL, ignored(CLIENT)),
          flag("rdt-class", STRING, applied("linux.intelRdt.closID")),
          flag("read-only", BOOL, applied("root.readonly", "mounts")),
          flag("read-only-tmpfs", BOOL, applied("mounts")),
          flag("replace", BOOL, ignored(CLIENT)),
          flag(
              "requires",
              COMMAS,
              unsupported("the order in which containers start is a supervisor's work", null)),
          flag(
              "restart",
              STRING,
              new FlagMeaning.Kept(
                  false,
                  "a runtime starts a container once: what happens after its end is a supervisor's"
                      + " work",
                  "write a systemd unit with 'Restart=' around 'ocicap run'")),
          flag("retry", UNSIGNED, ignored(PULL)),
          flag("retry-delay", STRING, ignored(PULL)),
          flag("rm", BOOL, ignored("what is removed after the end is not said in a bundle")),
          scoped(Scope.RUN, '\0', "rmi", BOOL, ignored(CLIENT)),
          flag("rootfs", BOOL, applied("root.path")),
          flag(
              "sdnotify",
              STRING,
              unsupported(
                  "the notification socket of systemd is passed on by podman's monitor",
                  "--preserve-fds and NOTIFY_SOCKET, or Type=exec in the unit")),
          flag("seccomp-policy", STRING, applied("linux.seccomp")),
          flag(
              "secret",
              LIST,
              unsupported(
                  "podman's store of secrets is not read",
                  "mount a file with the secret: -v FILE:/run/secrets/NAME:ro")),
          flag(
              "security-opt",
              LIST,
              applied(
                  "process.noNewPrivileges",
                  "process.apparmorProfile",
                  "process.selinuxLabel",
                  "linux.seccomp",
                  "linux.maskedPaths",
                  "linux.readonlyPaths",
                  "mounts")),
          flag("shm-size", BYTES, applied("mounts")),
          flag("shm-size-systemd", BYTES, applied("mounts")),
          scoped(Scope.RUN, '\0', "sig-proxy", BOOL, ignored(CLIENT)),
          other("signature-policy", STRING, Status.HIDDEN, null, ignored(PULL)),
          flag("stop-signal", STRING, applied("annotations")),
          flag("stop-timeout", UNSIGNED, applied("annotations")),
          flag("subgidname", STRING, applied("linux.gidMappings", "linux.namespaces")),
          flag("subuidname", STRING, applied("linux.uidMappings", "linux.namespaces")),
          flag("sysctl", COMMAS, applied("linux.sysctl")),
          flag("systemd", STRING, applied("mounts", "process.env")),
          flag(
              "timeout",
              UNSIGNED,
              unsupported("podman's monitor ends the container", "timeout SECONDS ocicap run …")),
          flag("tls-verify", BOOL, ignored(PULL)),
          flag("tmpfs", LIST, applied("mounts")),
          flag('t', "tty", BOOL, applied("process.terminal", "process.env")),
          flag("tz", STRING, applied("mounts")),
          flag("uidmap", COMMAS, applied("linux.uidMappings", "linux.namespaces")),
          flag("ulimit", COMMAS, applied("process.rlimits")),
          flag("umask", STRING, applied("process.user.umask")),
          flag("unsetenv", LIST, applied("process.env")),
          flag("unsetenv-all", BOOL, applied("process.env")),
          flag('u', "user", STRING, applied("process.user")),
          flag(
              "userns",
              STRING,
              applied("linux.namespaces", "linux.uidMappings", "linux.gidMappings")),
          flag("uts", STRING, applied("linux.namespaces", "hostname")),
          flag("variant", STRING, image()),
          flag('v', "volume", LIST, applied("mounts")),
          flag("volumes-from", LIST, applied("mounts")),
          flag('w', "workdir", STRING, applied("process.cwd")));

  /// Every flag.
  static final List<DockerFlag> ALL = all();

  private PodmanFlags() {}

  private static List<DockerFlag> all() {
    List<DockerFlag> all = new ArrayList<>(OWN);
    all.addAll(GLOBAL);
    return List.copyOf(all);
  }

  private static DockerFlag global(String name, FlagType type) {
    return other(name, type, Status.HIDDEN, null, ignored(CLIENT));
  }

  private static DockerFlag scoped(
      Scope scope, char letter, String name, FlagType type, FlagMeaning meaning) {
    return new DockerFlag(name, letter, type, Status.SHOWN, scope, null, meaning);
  }

  private static DockerFlag alias(String name, String of, FlagType type, FlagMeaning meaning) {
    return other(name, type, Status.HIDDEN, of, meaning);
  }

  private static DockerFlag other(
      String name, FlagType type, Status status, @Nullable String alias, FlagMeaning meaning) {
    return new DockerFlag(name, '\0', type, status, Scope.BOTH, alias, meaning);
  }

  private static FlagMeaning ignored(String reason) {
    return new FlagMeaning.Ignored(reason);
  }

  private static FlagMeaning unsupported(String reason, @Nullable String hint) {
    return new FlagMeaning.Unsupported(reason, hint);
  }

  private static FlagMeaning descriptors() {
    return unsupported("descriptors are passed when it is started", "ocicap run --preserve-fds N");
  }

  private static FlagMeaning endpoint() {
    return new FlagMeaning.Kept(false, ENDPOINT, null);
  }

  private static FlagMeaning health() {
    return new FlagMeaning.Kept(
        false, "a runtime does not check a container's health", "check it from its supervisor");
  }

  private static FlagMeaning image() {
    return ignored("it chooses among the images of that name");
  }

  private static FlagMeaning labels() {
    return new FlagMeaning.Kept(true, "no runtime looks at a label", null);
  }

  private static FlagMeaning logging() {
    return new FlagMeaning.Kept(
        false, "a runtime passes the container's output on as it is", "redirect the output");
  }

  private static FlagMeaning network() {
    return new FlagMeaning.Partial(
        List.of("linux.namespaces", "linux.sysctl"),
        "a network namespace of its own has only a loopback interface",
        "'--network host' shares the host's network");
  }

  private static FlagMeaning passwd() {
    return unsupported(
        "a bundle's '/etc/passwd' and '/etc/group' are the image's, without podman's entries",
        null);
  }

  private static FlagMeaning pod() {
    return unsupported(
        "a bundle is in no pod: nothing is shared with other containers",
        "'--network container:NAME' and the like share a namespace");
  }

  private static FlagMeaning ports() {
    return new FlagMeaning.Kept(
        false,
        "a bundle's network namespace has only a loopback interface: nothing forwards ports to it",
        "'--network host' shares the host's ports");
  }
}
