package dev.ocicap.docker;

import static dev.ocicap.docker.DockerFlag.flag;
import static dev.ocicap.docker.FlagMeaning.applied;
import static dev.ocicap.docker.FlagType.BOOL;
import static dev.ocicap.docker.FlagType.COMMAS;
import static dev.ocicap.docker.FlagType.LIST;
import static dev.ocicap.docker.FlagType.STRING;

import dev.ocicap.docker.DockerFlag.Scope;
import dev.ocicap.docker.DockerFlag.Status;
import java.util.ArrayList;
import java.util.List;

/// The flags of `nerdctl run` and `nerdctl create` (nerdctl 2): most of docker's with docker's
/// meaning, some of podman's, and its own.
final class NerdctlFlags {
  /// Docker's that nerdctl does not have.
  private static final List<String> LACKING =
      List.of(
          "cpu-count",
          "cpu-percent",
          "device-cgroup-rule",
          "disable-content-trust",
          "health-start-interval",
          "io-maxbandwidth",
          "io-maxiops",
          "link",
          "link-local-ip",
          "net-alias",
          "network-alias",
          "storage-opt",
          "use-api-socket",
          "volume-driver");

  /// Docker's that take lists with commas here.
  private static final List<String> WITH_COMMAS =
      List.of(
          "add-host",
          "attach",
          "cap-add",
          "cap-drop",
          "device",
          "dns",
          "dns-opt",
          "dns-option",
          "dns-search",
          "env-file",
          "expose",
          "group-add",
          "label-file",
          "net",
          "network",
          "publish",
          "ulimit");

  private static final FlagMeaning VERIFIED =
      new FlagMeaning.Ignored("it concerns how nerdctl pulls the image");

  /// Its own, and those that it has from podman.
  private static final List<DockerFlag> MORE =
      List.of(
          flag("cgroup-conf", COMMAS, applied("linux.resources.unified")),
          flag("cosign-certificate-identity", STRING, VERIFIED),
          flag("cosign-certificate-identity-regexp", STRING, VERIFIED),
          flag("cosign-certificate-oidc-issuer", STRING, VERIFIED),
          flag("cosign-certificate-oidc-issuer-regexp", STRING, VERIFIED),
          flag("cosign-key", STRING, VERIFIED),
          flag(
              "init-binary",
              STRING,
              new FlagMeaning.Unsupported(
                  "the init process is the one that --init adds", "--init")),
          flag("ipfs-address", STRING, VERIFIED),
          flag(
              "pidfile",
              STRING,
              new FlagMeaning.Ignored("the runtime writes it: ocicap run --pid-file")),
          flag("rdt-class", STRING, applied("linux.intelRdt.closID")),
          flag("rootfs", BOOL, applied("root.path")),
          flag(
              "systemd",
              STRING,
              new FlagMeaning.Unsupported(
                  "the mounts that systemd needs are not made",
                  "--tmpfs /run --tmpfs /tmp -v /sys/fs/cgroup:/sys/fs/cgroup")),
          flag("umask", STRING, applied("process.user.umask")),
          flag("verify", STRING, VERIFIED));

  /// Every flag.
  static final List<DockerFlag> ALL = all();

  private NerdctlFlags() {}

  private static List<DockerFlag> all() {
    List<DockerFlag> all = new ArrayList<>();
    for (DockerFlag flag : DockerFlag.ALL) {
      if (!LACKING.contains(flag.name())) {
        all.add(own(flag));
      }
    }
    all.addAll(MORE);
    return List.copyOf(all);
  }

  /// The row as nerdctl has it: lists with commas, no letter `c`, every flag of both commands.
  private static DockerFlag own(DockerFlag flag) {
    boolean runOnly = flag.name().equals("detach") || flag.name().equals("attach");
    return new DockerFlag(
        flag.name(),
        flag.name().equals("cpu-shares") ? '\0' : flag.shorthand(),
        WITH_COMMAS.contains(flag.name())
            ? COMMAS
            : flag.type() == FlagType.MAP ? LIST : flag.type(),
        flag.status() == Status.HIDDEN ? Status.SHOWN : flag.status(),
        runOnly ? Scope.RUN : Scope.BOTH,
        flag.alias(),
        flag.meaning());
  }
}
