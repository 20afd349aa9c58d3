package dev.ocicap.docker;

import static dev.ocicap.docker.FlagMeaning.applied;
import static dev.ocicap.docker.FlagType.BOOL;
import static dev.ocicap.docker.FlagType.BYTES;
import static dev.ocicap.docker.FlagType.DECIMAL;
import static dev.ocicap.docker.FlagType.DURATION;
import static dev.ocicap.docker.FlagType.INT;
import static dev.ocicap.docker.FlagType.LIST;
import static dev.ocicap.docker.FlagType.MAP;
import static dev.ocicap.docker.FlagType.STRING;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One flag of `docker run` and `docker create` (Docker 28), or of podman's or nerdctl's.
///
/// @param name the name without dashes; another spelling of a flag has that flag's name in `alias`
/// @param shorthand the letter after a single dash, or 0
/// @param type what it takes
/// @param status whether docker shows it in its help
/// @param scope which of the two commands knows it
/// @param alias the flag that this is another spelling of, or null
/// @param meaning what becomes of it in a bundle
public record DockerFlag(
    String name,
    char shorthand,
    FlagType type,
    Status status,
    Scope scope,
    @Nullable String alias,
    FlagMeaning meaning) {

  /// How docker presents a flag.
  public enum Status {
    /// Listed in the help.
    SHOWN,
    /// Known, but not listed.
    HIDDEN,
    /// Known and without effect.
    DEPRECATED,
    /// Listed only by a Docker Engine on Windows; others refuse it.
    WINDOWS
  }

  /// Which commands know a flag.
  public enum Scope {
    /// `docker run` and `docker create`.
    BOTH,
    /// `docker run` only.
    RUN,
    /// `podman create` only.
    CREATE
  }

  private static final String ENDPOINT =
      "a bundle's network namespace has only a loopback interface: addresses and names on a network"
          + " are set up outside of it";
  private static final String SUPERVISOR =
      "a runtime starts a container once: what happens after its end is a supervisor's work";
  private static final String CLIENT = "it concerns the docker command, not the container";

  /// Every flag of docker, in its order.
  public static final List<DockerFlag> ALL =
      List.of(
          flag("add-host", LIST, applied("hosts")),
          flag("annotation", MAP, applied("annotations")),
          flag('a', "attach", LIST, new FlagMeaning.Ignored(CLIENT)),
          flag("blkio-weight", INT, applied("linux.resources.blockIO.weight")),
          flag("blkio-weight-device", LIST, applied("linux.resources.blockIO.weightDevice")),
          flag("cap-add", LIST, applied("process.capabilities", "linux.seccomp")),
          flag("cap-drop", LIST, applied("process.capabilities", "linux.seccomp")),
          flag("cgroup-parent", STRING, applied("linux.cgroupsPath")),
          flag("cgroupns", STRING, applied("linux.namespaces")),
          flag("cidfile", STRING, new FlagMeaning.Ignored(CLIENT)),
          windows("cpu-count", INT),
          windows("cpu-percent", INT),
          flag("cpu-period", INT, applied("linux.resources.cpu.period")),
          flag("cpu-quota", INT, applied("linux.resources.cpu.quota")),
          flag("cpu-rt-period", INT, applied("linux.resources.cpu.realtimePeriod")),
          flag("cpu-rt-runtime", INT, applied("linux.resources.cpu.realtimeRuntime")),
          flag('c', "cpu-shares", INT, applied("linux.resources.cpu.shares")),
          flag("cpus", DECIMAL, applied("linux.resources.cpu.period", "linux.resources.cpu.quota")),
          flag("cpuset-cpus", STRING, applied("linux.resources.cpu.cpus")),
          flag("cpuset-mems", STRING, applied("linux.resources.cpu.mems")),
          run('d', "detach", BOOL, new FlagMeaning.Ignored(CLIENT)),
          run('\0', "detach-keys", STRING, new FlagMeaning.Ignored(CLIENT)),
          flag("device", LIST, applied("linux.devices", "linux.resources.devices")),
          flag("device-cgroup-rule", LIST, applied("linux.resources.devices")),
          flag("device-read-bps", LIST, applied("linux.resources.blockIO.throttleReadBpsDevice")),
          flag("device-read-iops", LIST, applied("linux.resources.blockIO.throttleReadIOPSDevice")),
          flag("device-write-bps", LIST, applied("linux.resources.blockIO.throttleWriteBpsDevice")),
          flag(
              "device-write-iops",
              LIST,
              applied("linux.resources.blockIO.throttleWriteIOPSDevice")),
          other(
              "disable-content-trust",
              BOOL,
              Status.DEPRECATED,
              null,
              new FlagMeaning.Ignored("it concerns how docker pulls the image")),
          flag("dns", LIST, applied("resolv.conf")),
          other("dns-opt", LIST, Status.HIDDEN, "dns-option", applied("resolv.conf")),
          flag("dns-option", LIST, applied("resolv.conf")),
          flag("dns-search", LIST, applied("resolv.conf")),
          flag("domainname", STRING, applied("linux.sysctl", "hosts")),
          flag("entrypoint", STRING, applied("process.args")),
          flag('e', "env", LIST, applied("process.env")),
          flag("env-file", LIST, applied("process.env")),
          flag(
              "expose",
              LIST,
              new FlagMeaning.Kept(true, "it only notes a port; no packet goes another way", null)),
          flag(
              "gpus",
              LIST,
              new FlagMeaning.Unsupported(
                  "the devices, libraries and hooks of a GPU come from its vendor's toolkit",
                  "let the toolkit edit the bundle: nvidia-ctk cdi generate, or '--device' for"
                      + " each node")),
          flag("group-add", LIST, applied("process.user.additionalGids")),
          flag("health-cmd", STRING, health()),
          flag("health-interval", DURATION, health()),
          flag("health-retries", INT, health()),
          flag("health-start-interval", DURATION, health()),
          flag("health-start-period", DURATION, health()),
          flag("health-timeout", DURATION, health()),
          flag("help", BOOL, new FlagMeaning.Ignored(CLIENT)),
          flag('h', "hostname", STRING, applied("hostname", "process.env", "hosts")),
          flag("init", BOOL, applied("process.args", "mounts")),
          flag('i', "interactive", BOOL, new FlagMeaning.Ignored(CLIENT)),
          windows("io-maxbandwidth", BYTES),
          windows("io-maxiops", INT),
          flag("ip", STRING, endpoint()),
          flag("ip6", STRING, endpoint()),
          flag("ipc", STRING, applied("linux.namespaces", "mounts")),
          flag(
              "isolation",
              STRING,
              new FlagMeaning.Ignored("on Linux the only isolation is the default one")),
          other(
              "kernel-memory",
              BYTES,
              Status.DEPRECATED,
              null,
              new FlagMeaning.Ignored("Docker Engine ignores it since version 23")),
          flag('l', "label", LIST, labels()),
          flag("label-file", LIST, labels()),
          flag(
              "link",
              LIST,
              new FlagMeaning.Partial(
                  List.of("process.env", "hosts"),
                  "the other container's address is not known to a bundle",
                  "start both with host networking, or give the address with '--add-host'")),
          flag("link-local-ip", LIST, endpoint()),
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
          flag(
              "name",
              STRING,
              new FlagMeaning.Ignored(
                  "a container is named when it is started, not in its bundle")),
          other("net", LIST, Status.HIDDEN, "network", network()),
          other("net-alias", LIST, Status.HIDDEN, "network-alias", endpoint()),
          flag("network", LIST, network()),
          flag("network-alias", LIST, endpoint()),
          flag(
              "no-healthcheck",
              BOOL,
              new FlagMeaning.Ignored("a runtime never checks a container's health")),
          flag("oom-kill-disable", BOOL, applied("linux.resources.memory.disableOOMKiller")),
          flag("oom-score-adj", INT, applied("process.oomScoreAdj")),
          flag("pid", STRING, applied("linux.namespaces")),
          flag("pids-limit", INT, applied("linux.resources.pids.limit")),
          flag(
              "platform",
              STRING,
              new FlagMeaning.Ignored("it chooses among the images of that name")),
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
          flag('p', "publish", LIST, ports()),
          flag('P', "publish-all", BOOL, ports()),
          flag("pull", STRING, new FlagMeaning.Ignored("it concerns how docker pulls the image")),
          flag('q', "quiet", BOOL, new FlagMeaning.Ignored(CLIENT)),
          flag("read-only", BOOL, applied("root.readonly", "mounts")),
          flag(
              "restart",
              STRING,
              new FlagMeaning.Kept(
                  false, SUPERVISOR, "write a systemd unit with 'Restart=' around 'ocicap run'")),
          flag(
              "rm",
              BOOL,
              new FlagMeaning.Ignored("what is removed after the end is not said in a bundle")),
          flag(
              "runtime",
              STRING,
              new FlagMeaning.Ignored("the runtime is chosen when the bundle is started")),
          flag(
              "security-opt",
              LIST,
              applied(
                  "process.noNewPrivileges",
                  "process.apparmorProfile",
                  "process.selinuxLabel",
                  "linux.seccomp",
                  "linux.maskedPaths",
                  "linux.readonlyPaths")),
          flag("shm-size", BYTES, applied("mounts")),
          run('\0', "sig-proxy", BOOL, new FlagMeaning.Ignored(CLIENT)),
          flag("stop-signal", STRING, stopping()),
          flag("stop-timeout", INT, stopping()),
          flag(
              "storage-opt",
              LIST,
              new FlagMeaning.Unsupported(
                  "a root file system's quota belongs to the storage that it lies on", null)),
          flag("sysctl", MAP, applied("linux.sysctl")),
          flag("tmpfs", LIST, applied("mounts")),
          flag('t', "tty", BOOL, applied("process.terminal", "process.env")),
          flag("ulimit", LIST, applied("process.rlimits")),
          flag(
              "use-api-socket",
              BOOL,
              new FlagMeaning.Partial(
                  List.of("mounts"), "the client's credentials are not copied", null)),
          flag('u', "user", STRING, applied("process.user")),
          flag("userns", STRING, applied("linux.namespaces")),
          flag("uts", STRING, applied("linux.namespaces", "hostname")),
          flag('v', "volume", LIST, applied("mounts")),
          flag(
              "volume-driver",
              STRING,
              new FlagMeaning.Ignored("a bundle's volumes are directories, as the local driver's")),
          flag("volumes-from", LIST, applied("mounts")),
          flag('w', "workdir", STRING, applied("process.cwd")));

  /// The flag of that long name in an engine's table.
  static @Nullable DockerFlag named(List<DockerFlag> table, String name) {
    for (DockerFlag flag : table) {
      if (flag.name.equals(name)) {
        return flag;
      }
    }
    return null;
  }

  /// The flag of that letter in an engine's table.
  static @Nullable DockerFlag lettered(List<DockerFlag> table, char letter) {
    for (DockerFlag flag : table) {
      if (flag.shorthand == letter) {
        return flag;
      }
    }
    return null;
  }

  /// The name under which its values are kept: an alias' values are the other flag's.
  String canonicalName() {
    return alias == null ? name : alias;
  }

  /// The long form as it is typed: `--memory`.
  @Override
  public String toString() {
    return "--" + name;
  }

  /// A flag without a letter that both commands know.
  static DockerFlag flag(String name, FlagType type, FlagMeaning meaning) {
    return new DockerFlag(name, '\0', type, Status.SHOWN, Scope.BOTH, null, meaning);
  }

  /// A flag with a letter that both commands know.
  static DockerFlag flag(char letter, String name, FlagType type, FlagMeaning meaning) {
    return new DockerFlag(name, letter, type, Status.SHOWN, Scope.BOTH, null, meaning);
  }

  private static DockerFlag run(char letter, String name, FlagType type, FlagMeaning meaning) {
    return new DockerFlag(name, letter, type, Status.SHOWN, Scope.RUN, null, meaning);
  }

  private static DockerFlag windows(String name, FlagType type) {
    return new DockerFlag(
        name,
        '\0',
        type,
        Status.WINDOWS,
        Scope.BOTH,
        null,
        new FlagMeaning.Unsupported("only Docker on Windows knows it", null));
  }

  private static DockerFlag other(
      String name, FlagType type, Status status, @Nullable String alias, FlagMeaning meaning) {
    return new DockerFlag(name, '\0', type, status, Scope.BOTH, alias, meaning);
  }

  private static FlagMeaning endpoint() {
    return new FlagMeaning.Kept(false, ENDPOINT, null);
  }

  private static FlagMeaning health() {
    return new FlagMeaning.Kept(
        false, "a runtime does not check a container's health", "check it from its supervisor");
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

  private static FlagMeaning ports() {
    return new FlagMeaning.Kept(
        false,
        "a bundle's network namespace has only a loopback interface: nothing forwards ports to it",
        "'--network host' shares the host's ports");
  }

  private static FlagMeaning stopping() {
    return new FlagMeaning.Kept(
        false, "how a container is stopped is said to the runtime when it is stopped", null);
  }
}
