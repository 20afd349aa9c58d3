package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.docker.PodmanModes.IdMapping;
import dev.ocicap.docker.PodmanModes.Mode;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.DeviceEdits;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the configuration that Podman 5.8 writes for a command of root's.
final class PodmanConversion {
  private static final String DEFAULT_UMASK = "0022";
  private static final String INIT = "/run/podman-init";

  private final Conversion c;
  private final List<SpecEdit> edits = new ArrayList<>();

  private PodmanConversion(Conversion c) {
    this.c = c;
  }

  /// The edits that make the whole configuration of an empty one.
  static List<SpecEdit> edits(Conversion c) {
    PodmanConversion conversion = new PodmanConversion(c);
    conversion.convert();
    return conversion.edits;
  }

  private void convert() {
    PodmanChecks.check(c);
    PodmanModes modes = PodmanModes.of(c);
    PodmanSecurity security = PodmanSecurity.of(c);
    List<String> args = args();
    boolean systemd = isSystemd(args);
    String hostname = hostname(modes);
    PodmanNetwork.apply(c, modes, hostname);
    User user = user(modes);
    process(modes, security, user, args, systemd, hostname);
    edits.add(ContainerEdits.rootPath(rootPath()));
    if (c.command.isOn("read-only")) {
      edits.add(ContainerEdits.readonly(true));
    }
    if (modes.uts().is("private") && !hostname.isEmpty()) {
      edits.add(ContainerEdits.hostname(hostname));
    }
    PodmanMounts mounts = new PodmanMounts(c, modes, user);
    List<Mount> mounted =
        mounts.mounts(systemd, security.procOptions(), security.opens("/sys/fs/cgroup"));
    edits.add(MountEdits.replace(mounted));
    mounts.mapped().forEach(this::addMappings);
    edits.add(ContainerEdits.annotations(PodmanAnnotations.of(c, systemd, mapped())));
    linux(modes, security);
    String propagation = mounts.rootfsPropagation();
    if (propagation != null) {
      edits.add(MountEdits.rootfsPropagation(propagation));
    }
  }

  private String rootPath() {
    if (!c.command.isRootfs() || c.isBundle()) {
      return c.options.places().root();
    }
    String image = c.command.image();
    int colon = image.lastIndexOf(':');
    return c.client.absolute(colon < 0 ? image : image.substring(0, colon));
  }

  /// The words of a value that may be a list in JSON.
  private List<String> entrypoint() {
    if (!c.command.has("entrypoint")) {
      return c.image.entrypoint();
    }
    return JsonWords.of(c.command.text("entrypoint"));
  }

  private List<String> args() {
    List<String> entrypoint = entrypoint();
    List<String> args = new ArrayList<>();
    if (!entrypoint.equals(List.of(""))) {
      args.addAll(entrypoint);
    }
    boolean replaced = c.command.has("entrypoint") && !entrypoint.isEmpty();
    List<String> command = c.command.arguments();
    args.addAll(command.isEmpty() && !replaced ? c.image.command() : command);
    if (args.isEmpty()) {
      c.problem(
          "'" + c.command.image() + "' names no command, and the command line none",
          "write one behind the image, such as sh, or say what the image is: --image, --image-config");
      args.add("");
    }
    if (c.command.isOn("init")) {
      args.addAll(0, List.of(INIT, "--"));
    }
    return args;
  }

  /// Whether the command is systemd or another init of its kind, or is to be treated as one.
  private boolean isSystemd(List<String> args) {
    String text = c.command.text("systemd").toLowerCase(java.util.Locale.ROOT);
    switch (text) {
      case "always" -> {
        return true;
      }
      case "false" -> {
        return false;
      }
      case "", "true" -> {
        // the command decides
      }
      default -> {
        c.problem("--systemd: '" + text + "' is not 'true', 'false' or 'always'", null);
        return false;
      }
    }
    String program = args.getFirst();
    return switch (program) {
      case "/sbin/init", "/usr/sbin/init", "/usr/local/sbin/init" -> true;
      default -> program.substring(program.lastIndexOf('/') + 1).equals("systemd");
    };
  }

  private String hostname(PodmanModes modes) {
    String given = c.command.text("hostname");
    Mode uts = modes.uts();
    if (!given.isEmpty() && !uts.is("private")) {
      c.problem("'--hostname' needs a UTS namespace of its own", "leave '--uts' out");
    }
    if (!given.isEmpty()) {
      return given;
    }
    if (uts.is("container")) {
      return c.options
          .known()
          .containers()
          .find(uts.value())
          .map(OtherContainers.Container::hostname)
          .orElse("");
    }
    return modes.network().is("host") || uts.is("host") ? c.host.hostname() : c.options.shortId();
  }

  /// The user's name or number, as it was given; "" for nobody.
  private String named() {
    String text = c.command.text("user");
    return text.isEmpty() ? c.image.user() : text;
  }

  private User user(PodmanModes modes) {
    String text = named();
    if (text.isEmpty() && modes.user().is("keep-id")) {
      text = modes.keptId("uid") + ":" + modes.keptId("gid");
    }
    List<Long> groups = new ArrayList<>();
    User user = User.ROOT;
    try {
      user = UserNotation.parse(text).resolve(c.rootfs);
      for (long gid : user.additionalGids()) {
        if (modes.isGroupMapped(gid)) {
          groups.add(gid);
        }
      }
      if (text.isEmpty() && !groups.isEmpty()) {
        // Without a user no group is his own.
        groups.removeFirst();
      }
    } catch (BadValue e) {
      c.badValue("user", e);
    }
    if (!modes.uids().isEmpty() && !PodmanModes.contains(modes.uids(), user.uid())) {
      c.problem("--user: " + user.uid() + " is not among the mapped numbers", null);
    }
    List<String> added = c.command.all("group-add");
    if (added.contains("keep-groups")) {
      if (added.size() > 1) {
        c.problem("--group-add: 'keep-groups' excludes every other group", null);
      }
    } else {
      groups.addAll(c.all("group-add", group -> UserNotation.resolveGroup(group, c.rootfs)));
    }
    return new User(user.uid(), user.gid(), groups);
  }

  private void process(
      PodmanModes modes,
      PodmanSecurity security,
      User user,
      List<String> args,
      boolean systemd,
      String hostname) {
    if (c.command.isOn("tty")) {
      edits.add(ProcessEdits.terminal(true));
    }
    edits.add(ProcessEdits.user(user));
    String umask = c.command.text("umask");
    edits.add(PodmanResources.umask(c, umask.isEmpty() ? DEFAULT_UMASK : umask));
    edits.add(ProcessEdits.args(args));
    edits.add(
        ProcessEdits.environment(
            PodmanEnvironment.of(c, user.uid(), systemd, hostname(modes, hostname))));
    edits.add(ProcessEdits.cwd(workingDirectory()));
    String name = named();
    int colon = name.indexOf(':');
    String who = colon < 0 ? name : name.substring(0, colon);
    boolean root =
        who.equals("root") || who.equals("0") || (who.isEmpty() && !modes.user().is("keep-id"));
    edits.add(CapabilityEdits.replaceCompactly(CapabilitySettings.of(c, root)));
    edits.add(ResourceEdits.rlimits(PodmanResources.rlimits(c)));
    if (security.noNewPrivileges()) {
      edits.add(ProcessEdits.noNewPrivileges(true));
    }
    edits.add(security.apparmorProfile(c));
    if (c.command.has("oom-score-adj")) {
      edits.add(ProcessEdits.oomScoreAdj(PodmanResources.oomScoreAdj(c)));
    }
    edits.add(security.selinuxLabels(c));
  }

  /// The value of HOSTNAME: what the kernel will say.
  private String hostname(PodmanModes modes, String hostname) {
    boolean own = modes.uts().is("private") || modes.uts().is("container");
    return own ? hostname : c.host.hostname();
  }

  private String workingDirectory() {
    String text = c.command.text("workdir");
    text = text.isEmpty() ? c.image.workingDirectory() : text;
    if (text.isEmpty()) {
      return "/";
    }
    if (!text.startsWith("/")) {
      c.problem("--workdir: '" + text + "' is not an absolute path", null);
    } else if (c.isFile(Texts.cleanPath(text))) {
      c.problem("--workdir: '" + text + "' is a file in the image, not a directory", null);
    }
    // What the image says is made; what the command line says must be there.
    if (c.command.text("workdir").isEmpty() || c.isBundle()) {
      c.prepare(new Preparation.MakeWorkingDirectory(Texts.cleanPath(text)));
    }
    return text;
  }

  private boolean mapped() {
    return c.command.has("uidmap")
        || c.command.has("gidmap")
        || c.command.has("subuidname")
        || c.command.has("subgidname");
  }

  private void linux(PodmanModes modes, PodmanSecurity security) {
    edits.add(NamespaceEdits.sysctls(PodmanNetwork.sysctls(c, modes)));
    DeviceSettings devices = DeviceSettings.ofPodman(c, modes.hasOwnUsers());
    edits.add(DeviceEdits.rules(devices.rules()));
    edits.add(PodmanResources.of(c));
    String cgroup = PodmanResources.cgroupsPath(c);
    if (!cgroup.isEmpty()) {
      edits.add(ResourceEdits.cgroupsPath(cgroup));
    }
    edits.add(NamespaceEdits.replace(namespaces(modes)));
    addMappings("uidMappings", modes.uids());
    addMappings("gidMappings", modes.gids());
    edits.add(DeviceEdits.devices(devices.devices()));
    edits.add(security.seccomp(c));
    edits.add(SecurityEdits.maskedPaths(security.maskedPaths(c)));
    edits.add(SecurityEdits.readonlyPaths(security.readonlyPaths(c)));
    String personality = c.command.text("personality");
    if (!personality.isEmpty()) {
      if (!personality.equals("LINUX") && !personality.equals("LINUX32")) {
        c.problem("--personality: '" + personality + "' is neither 'LINUX' nor 'LINUX32'", null);
      }
      edits.add(
          draft -> draft.set(JsonValues.string(personality), "linux", "personality", "domain"));
    }
    String rdt = c.command.text("rdt-class");
    if (!rdt.isEmpty()) {
      edits.add(draft -> draft.set(JsonValues.string(rdt), "linux", "intelRdt", "closID"));
    }
  }

  private void addMappings(String key, List<IdMapping> mappings) {
    if (!mappings.isEmpty()) {
      edits.add(draft -> draft.set(array(mappings), "linux", key));
    }
  }

  private void addMappings(String destination, IdMappings mappings) {
    edits.add(draft -> {
      for (JsonNode mount : draft.array("mounts")) {
        if (mount instanceof ObjectNode object
            && mount.path("destination").asText().equals(destination)) {
          object.set("uidMappings", array(mappings.uids()));
          object.set("gidMappings", array(mappings.gids()));
        }
      }
    });
  }

  private static ArrayNode array(List<IdMapping> mappings) {
    ArrayNode array = JsonValues.array();
    for (IdMapping mapping : mappings) {
      ObjectNode node = JsonValues.object();
      node.set("containerID", JsonValues.number(mapping.container()));
      node.set("hostID", JsonValues.number(mapping.host()));
      node.set("size", JsonValues.number(mapping.size()));
      array.add(node);
    }
    return array;
  }

  private List<Namespace> namespaces(PodmanModes modes) {
    Map<String, Mode> all = new LinkedHashMap<>();
    all.put("pid", modes.pid());
    all.put("network", modes.network());
    all.put("ipc", modes.ipc());
    all.put("uts", modes.uts());
    all.put("mount", Mode.PRIVATE);
    all.put("user", modes.user());
    all.put("cgroup", modes.cgroup());
    List<Namespace> namespaces = new ArrayList<>();
    all.forEach((type, mode) -> {
      switch (mode.kind()) {
        case "host" -> {
          // the machine's
        }
        case "ns" -> namespaces.add(new Namespace(type, mode.value()));
        case "container" -> namespaces.add(new Namespace(type, joined(type, mode.value())));
        case "pod" -> {
          if (c.command.text("pod").isEmpty()) {
            c.problem("'pod' needs a pod, and '--pod' names none", null);
          }
          namespaces.add(Namespace.fresh(type));
        }
        default -> namespaces.add(Namespace.fresh(type));
      }
    });
    return namespaces;
  }

  private String joined(String type, String name) {
    Optional<OtherContainers.Container> container = c.options.known().containers().find(name);
    if (container.isEmpty()) {
      c.problem("no container '" + name + "' is known", OtherContainers.HINT);
      return "/";
    }
    if (!container.get().isRunning()) {
      c.problem("the container '" + name + "' does not run", null);
    } else if (type.equals("ipc") && !container.get().sharesIpc()) {
      c.problem(
          "--ipc: the container '" + name + "' does not share its IPC namespace",
          "--ipc shareable");
    }
    String file = type.equals("network") ? "net" : type;
    return "/proc/" + container.get().pid() + "/ns/" + file;
  }
}
