package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.docker.OtherContainers.Container;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.spec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The machine on which the commands of `engine-….jsonl` were given to Docker Engine: its files,
/// devices, volumes, containers and images.
final class RecordedHost implements HostFiles {
  static final Path CASES = Path.of("src/test/resources/cases/docker");
  static final String ID = "4f".repeat(32);

  private static final String PEER = "a1".repeat(32);
  private static final String VOLUMES = "<DATA-ROOT>/volumes";

  /// Devices as recorded in the configurations: type, numbers, permissions; root's all of them.
  private static final Map<String, Node> DEVICES = new HashMap<>();

  static {
    DEVICES.put("/dev/null", new Node("c", 1, 3, 0666, 0, 0));
    DEVICES.put("/dev/zero", new Node("c", 1, 5, 0666, 0, 0));
    DEVICES.put("/dev/fuse", new Node("c", 10, 229, 0600, 0, 0));
    DEVICES.put("/dev/net/tun", new Node("c", 10, 200, 0600, 0, 0));
    DEVICES.put("/dev/loop0", new Node("b", 7, 0, 0600, 0, 0));
    DEVICES.put("/dev/vda", new Node("b", 254, 0, 0600, 0, 0));
    DEVICES.put("/dev/ttyS0", new Node("c", 4, 64, 0600, 0, 0));
    for (int i = 0; i < 40; i++) {
      DEVICES.put("/dev/tty" + i, new Node("c", 4, i, 0620, 0, 5));
    }
  }

  private final JsonNode images;

  RecordedHost() throws IOException {
    images = JsonText.parse("images.json", Files.readString(CASES.resolve("images.json"))).root();
  }

  /// What Docker Engine makes of the case, or the refusal.
  Converted convert(EngineCase one, TargetHost host) {
    return convert(DockerRunCommand.parse(one.argv()), one, host);
  }

  /// What Docker Engine makes of a command in the environment of the case.
  Converted convert(DockerRunCommand command, EngineCase one, TargetHost host) {
    return convert(command, one, host, options());
  }

  /// What becomes of a command in the environment of the case.
  Converted convert(
      DockerRunCommand command, EngineCase one, TargetHost host, ConversionOptions options) {
    JsonNode image = images.get(command.isRootfs() ? "ocicap/plain:1" : command.image());
    if (command.isRootfs() && !command.image().startsWith("/oracle/rootfs")) {
      throw OcicapException.usage("no directory '" + command.image() + "'", null);
    }
    if (image == null) {
      throw OcicapException.usage("no image '" + command.image() + "'", null);
    }
    Converted converted =
        DockerConversion.convert(
            command,
            ImageConfig.parse(JsonText.of("images.json", image)),
            rootfs(image),
            host,
            client(one),
            options);
    converted.preparations().forEach(this::checkMounted);
    return converted;
  }

  /// Whether an image that is mounted can be had is seen when its files are.
  private void checkMounted(Preparation preparation) {
    if (preparation instanceof Preparation.CopyImage copy) {
      boolean known = images.has(copy.image());
      if (!known || !(copy.subpath().isEmpty() || copy.subpath().equals("etc"))) {
        throw OcicapException.input(null, "no '" + copy.subpath() + "' in " + copy.image(), null);
      }
    }
  }

  /// The first host of the cases: control groups version 2 with systemd, AppArmor. (Its kernel had
  /// no cpuset controller to show.)
  static TargetHost v2Systemd() {
    return new TargetHost(
        TargetHost.CgroupVersion.V2,
        TargetHost.CgroupDriver.SYSTEMD,
        TargetHost.Lsm.APPARMOR,
        new KernelVersion(6, 18),
        "amd64",
        CapabilitySet.ALL,
        true,
        2,
        "",
        "",
        "vm",
        true);
  }

  private ClientEnvironment client(EngineCase one) {
    Map<String, String> variables = new HashMap<>();
    variables.put("HOME", "/oracle/host/home");
    variables.put("DOCKER_CONFIG", "/oracle/host/docker-config");
    variables.put("DOCKER_HOST", "unix:///oracle/run/docker.sock");
    variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    variables.put("TERM", "xterm");
    variables.put("LANG", "C.UTF-8");
    variables.put("OCICAP_VAR", "from host");
    variables.put("OCICAP_EMPTY", "");
    return new ClientEnvironment(
        variables::get,
        "/oracle/host",
        one.stdin().equals("tty")
            ? ClientEnvironment.Stdin.TERMINAL
            : ClientEnvironment.Stdin.OTHER,
        one.console(),
        this);
  }

  private static ConversionOptions options() {
    return new ConversionOptions(
        ID,
        ConversionOptions.Form.DOCUMENT,
        new ConversionOptions.Places(
            "<ROOTFS>",
            "<DATA-ROOT>/containers/" + ID,
            VOLUMES,
            // below /tmp, as it was where the cases were recorded: one of them mounts /tmp
            "/tmp/docker-data",
            "/usr/bin/docker-init",
            true),
        ConversionOptions.Grants.DOCKER,
        new ConversionOptions.Surroundings(
            List.of("runc", "capture", "io.containerd.runc.v2"),
            ConversionOptions.RuntimeFeatures.all(),
            RecordedHost::container));
  }

  /// `peer` shares its IPC namespace, `peerprivate` does not, `stopped` was never started.
  private static Optional<Container> container(String name) {
    String files = "<DATA-ROOT>/containers/" + PEER;
    return switch (name) {
      case "peer" ->
          Optional.of(
              new Container(
                  4711,
                  "peerhost",
                  files,
                  true,
                  files + "/mounts/shm",
                  List.of(
                      volume("/peerdata", "peervol"),
                      volume("/peeranon", "c3".repeat(32)),
                      new Mount(
                          "/hostdata",
                          "bind",
                          "/oracle/host/data",
                          List.of("rbind", "rro", "rprivate")))));
      case "peerprivate" ->
          Optional.of(new Container(4712, "private", files, false, "", List.of()));
      case "stopped" ->
          Optional.of(
              new Container(
                  0,
                  "stopped",
                  files,
                  false,
                  "",
                  List.of(
                      new Mount(
                          "/sv", "bind", VOLUMES + "/stoppedvol/_data", List.of("rbind", "rro")))));
      default -> Optional.empty();
    };
  }

  private static Mount volume(String destination, String name) {
    return new Mount(destination, "bind", VOLUMES + "/" + name + "/_data", List.of("rbind"));
  }

  private static ImageFiles rootfs(JsonNode image) {
    return path ->
        switch (path) {
          case "/etc/passwd" -> Optional.of(image.path("passwd").asText());
          case "/etc/group" -> Optional.of(image.path("group").asText());
          default -> Optional.empty();
        };
  }

  private static @Nullable Path file(String path) {
    if (!NormalForm.isWithin(path, "/oracle/host")) {
      return null;
    }
    return CASES.resolve("host" + path.substring("/oracle/host".length()));
  }

  @Override
  public byte[] read(String path) throws IOException {
    if (path.equals("/dev/null")) {
      return new byte[0];
    }
    Path file = file(path);
    if (file == null) {
      throw new IOException("no such file");
    }
    return Files.readAllBytes(file);
  }

  @Override
  public boolean exists(String typed) {
    String path = Texts.cleanPath(typed);
    Path file = file(path);
    if (file != null) {
      return Files.exists(file);
    }
    return DEVICES.containsKey(path)
        || switch (path) {
          case "/",
              "/tmp",
              "/dev",
              "/sys",
              "/sys/fs/cgroup",
              "/etc/localtime",
              "/etc/hosts",
              "/etc/passwd",
              "/dev/shm",
              "/proc",
              "/proc/1/ns/cgroup",
              "/proc/1/ns/ipc",
              "/proc/1/ns/net",
              "/proc/1/ns/pid",
              "/proc/1/ns/user",
              "/proc/1/ns/uts",
              "/usr/bin/catatonit",
              "/usr/share/zoneinfo/Europe/Berlin",
              "/usr/share/zoneinfo/UTC",
              "/var/run/docker.sock",
              VOLUMES + "/vol1/_data/subdir" ->
              true;
          default -> false;
        };
  }

  @Override
  public boolean isDirectory(String path) {
    Path file = file(path);
    return file != null
        ? Files.isDirectory(file)
        : path.equals("/dev") || path.equals("/dev/net") || path.equals("/");
  }

  @Override
  public boolean isSymbolicLink(String path) {
    return false;
  }

  @Override
  public Optional<Node> node(String path) {
    return Optional.ofNullable(DEVICES.get(Texts.cleanPath(path)));
  }

  @Override
  public List<String> list(String path) {
    List<String> names = new ArrayList<>();
    Path directory = file(path);
    String[] files = directory == null ? null : directory.toFile().list();
    if (files != null) {
      names.addAll(List.of(files));
    }
    for (String device : DEVICES.keySet()) {
      if (device.startsWith(path + "/")) {
        String name = Texts.split(device.substring(path.length() + 1), '/').getFirst();
        if (!names.contains(name)) {
          names.add(name);
        }
      }
    }
    names.sort(null);
    return names;
  }
}
