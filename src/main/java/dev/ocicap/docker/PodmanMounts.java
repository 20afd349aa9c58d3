package dev.ocicap.docker;

import dev.ocicap.docker.OtherContainers.Container;
import dev.ocicap.docker.PodmanModes.Mode;
import dev.ocicap.docker.PodmanMountOptions.Kind;
import dev.ocicap.shell.ShellPattern;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The mounts of a container of podman: its defaults, what the user and the image want, and its own
/// files, sorted by how many components their destinations have.
final class PodmanMounts {
  /// The size of `/dev/shm` in bytes.
  private static final long SHM_SIZE = 65_536_000;

  private static final String INIT = "/run/podman-init";
  private static final String CGROUPS = "/sys/fs/cgroup";
  private static final List<String> PRIVATE = List.of("nosuid", "noexec", "nodev");
  private static final List<String> SYSTEMD = List.of("rw", "rprivate", "nosuid", "nodev");

  private final Conversion c;
  private final PodmanModes modes;
  private final User user;
  private final boolean readonly;
  private final boolean writableTmpfs;
  private final Map<String, Mount> users = new LinkedHashMap<>();
  private final Map<String, Mount> volumes = new LinkedHashMap<>();
  private final Map<String, IdMappings> mapped = new LinkedHashMap<>();
  private @Nullable String rootfsPropagation;

  PodmanMounts(Conversion c, PodmanModes modes, User user) {
    this.c = c;
    this.modes = modes;
    this.user = user;
    this.readonly = c.command.isOn("read-only");
    String tmpfs = c.command.last("read-only-tmpfs");
    this.writableTmpfs = readonly && (tmpfs == null || GoSyntax.parseBool(tmpfs));
  }

  /// `linux.rootfsPropagation`, or null.
  @Nullable String rootfsPropagation() {
    return rootfsPropagation;
  }

  /// The mounts in order.
  ///
  /// @param systemd whether the command is systemd, or shall be treated as if it were
  /// @param procOptions of `proc-opts=`, or null
  /// @param writableCgroups whether `/sys/fs/cgroup` was unmasked
  List<Mount> mounts(boolean systemd, @Nullable List<String> procOptions, boolean writableCgroups) {
    readMounts();
    readVolumes();
    readTmpfs();
    readInit();
    readVolumesFrom();
    readImageVolumes();
    if (writableTmpfs) {
      for (String target : List.of("/tmp", "/var/tmp", "/run")) {
        if (!has(target)) {
          users.put(target, tmpfs(target, List.of("rw")));
        }
      }
    }
    List<Mount> mounts = new ArrayList<>(users.values());
    addDefaults(mounts, procOptions, writableCgroups);
    mounts.addAll(volumes.values());
    addOwnFiles(mounts);
    if (systemd) {
      addSystemd(mounts);
    }
    mounts.sort((a, b) -> Texts.depth(a.destination()) - Texts.depth(b.destination()));
    mounts.forEach(this::notePropagation);
    return mounts;
  }

  private boolean has(String target) {
    return users.containsKey(target) || volumes.containsKey(target);
  }

  private static boolean has(List<Mount> mounts, String target) {
    for (Mount mount : mounts) {
      if (Texts.cleanPath(mount.destination()).equals(target)) {
        return true;
      }
    }
    return false;
  }

  private void addDefaults(
      List<Mount> mounts, @Nullable List<String> procOptions, boolean writableCgroups) {
    boolean ownDev = users.containsKey("/dev");
    for (Mount mount : defaults(procOptions, writableCgroups)) {
      boolean below = ownDev && mount.destination().startsWith("/dev/");
      if (!users.containsKey(mount.destination()) && !below) {
        mounts.add(mount);
      }
    }
  }

  private List<Mount> defaults(@Nullable List<String> procOptions, boolean writableCgroups) {
    boolean privileged = c.isPrivileged();
    boolean userNamespace = modes.hasOwnUsers();
    List<Mount> defaults = new ArrayList<>();
    Mount proc =
        userNamespace && modes.pid().is("host")
            ? new Mount(
                "/proc", "bind", "/proc", List.of("rbind", "nosuid", "noexec", "nodev", "rprivate"))
            : new Mount("/proc", "proc", "proc", PRIVATE);
    defaults.add(procOptions == null ? proc : proc.withOptions(procOptions));
    List<String> dev = new ArrayList<>(List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
    if (readonly && !writableTmpfs) {
      dev.add("ro");
    }
    defaults.add(new Mount("/dev", "tmpfs", "tmpfs", dev));
    String access = privileged ? "rw" : "ro";
    if (modes.canMountSys()) {
      defaults.add(
          new Mount(
              "/sys",
              "sysfs",
              "sysfs",
              privileged
                  ? List.of("rprivate", "nosuid", "noexec", "nodev", "rw")
                  : List.of("nosuid", "noexec", "nodev", "ro")));
      defaults.add(
          new Mount(
              CGROUPS,
              "cgroup",
              "cgroup",
              List.of(
                  "rprivate",
                  "nosuid",
                  "noexec",
                  "nodev",
                  "relatime",
                  privileged || writableCgroups ? "rw" : "ro")));
    } else {
      defaults.add(
          new Mount(
              "/sys",
              "bind",
              "/sys",
              List.of("rprivate", "nosuid", "noexec", "nodev", access, "rbind")));
      defaults.add(
          new Mount(
              CGROUPS,
              "cgroup",
              CGROUPS,
              List.of("rprivate", "nosuid", "noexec", "nodev", access)));
    }
    defaults.add(
        new Mount(
            "/dev/pts",
            "devpts",
            "devpts",
            modes.isGroupMapped(5)
                ? List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")
                : List.of(
                    "rprivate", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")));
    defaults.add(
        userNamespace && modes.ipc().is("host")
            ? new Mount(
                "/dev/mqueue",
                "bind",
                "/dev/mqueue",
                List.of("bind", "nosuid", "noexec", "nodev", "private"))
            : new Mount("/dev/mqueue", "mqueue", "mqueue", PRIVATE));
    return defaults;
  }

  private void readVolumes() {
    for (String text : c.command.all("volume")) {
      try {
        volume(text);
      } catch (BadValue e) {
        c.badValue("volume", e);
      }
    }
  }

  /// `[SOURCE:]TARGET[:OPTION,…]`
  private void volume(String text) {
    List<String> parts = Texts.split(text, ':');
    if (parts.size() > 3) {
      throw new BadValue("'" + text + "' is not [SOURCE:]TARGET[:OPTIONS]");
    }
    String source = parts.size() == 1 ? "" : parts.getFirst();
    if (parts.size() > 1 && source.isEmpty()) {
      throw new BadValue("'" + text + "': nothing before the colon");
    }
    String target = target(parts.size() == 1 ? text : parts.get(1));
    List<String> options = new ArrayList<>();
    if (parts.size() == 3) {
      options.addAll(Texts.split(parts.get(2), ','));
      options.removeIf(option -> option.equals("cached") || option.equals("delegated"));
    }
    PodmanMountOptions.check(options);
    if (options.contains("consistency")) {
      throw new BadValue("'consistency' is not an option of a mount");
    }
    if (source.startsWith("/") || source.startsWith(".")) {
      bind(source, target, options, true);
    } else {
      named(source, "", target, options, true);
    }
  }

  private void bind(String given, String target, List<String> options, boolean again) {
    String source = Texts.cleanPath(c.client.absolute(given));
    if (!c.host.elsewhere() && !c.client.files().exists(source)) {
      throw new BadValue("the source '" + given + "' does not exist", "mkdir -p " + source);
    }
    List<String> complete = PodmanMountOptions.complete(options, Kind.BIND);
    put(new Mount(target, "bind", source, carriedOut(complete, "volume", target)), again);
  }

  private void named(
      String name, String subpath, String target, List<String> options, boolean again) {
    if (!name.isEmpty() && !isVolumeName(name)) {
      throw new BadValue("'" + name + "' is neither a path nor a volume's name");
    }
    String directory =
        c.options.places().volumes()
            + "/"
            + (name.isEmpty() ? DerivedId.of(c.options.id(), target) : name)
            + "/_data";
    if (!subpath.isEmpty()
        && !c.client.files().exists(Texts.cleanPath(directory + "/" + subpath))) {
      throw new BadValue("'subpath=" + subpath + "' does not exist in the volume " + name);
    }
    List<String> complete = PodmanMountOptions.complete(options, Kind.VOLUME);
    Mount mount =
        new Mount(
            target,
            "bind",
            subpath.isEmpty() ? directory : Texts.cleanPath(directory + "/" + subpath),
            carriedOut(complete, "volume", target));
    if (users.containsKey(target) || (volumes.containsKey(target) && !again)) {
      throw duplicate(target);
    }
    Mount other = volumes.get(target);
    if (other != null && !other.equals(mount)) {
      throw duplicate(target);
    }
    c.prepare(new Preparation.MakeVolume(directory, target, !options.contains("nocopy")));
    volumes.put(target, mount);
  }

  private static boolean isVolumeName(String name) {
    return Texts.isRestrictedName(name)
        || (name.length() == 1 && Character.isLetterOrDigit(name.charAt(0)));
  }

  /// Options without those that podman carries out itself. What a bundle cannot do is reported.
  private List<String> carriedOut(List<String> options, String flag, String target) {
    List<String> kept = new ArrayList<>();
    for (String option : options) {
      switch (option) {
        case "z", "Z", "copy", "nocopy" -> {
          // Labels are the host's matter, copies were made.
        }
        case "U" ->
            lost(flag, "nobody changes the owner of the source ('U')", "chown -R it yourself");
        case "O" -> {
          lost(flag, "no file system is laid above the source ('O'): it is read-only", null);
          kept.add("ro");
        }
        case "no-dereference" -> kept.add("copy-symlink");
        default -> {
          if (option.startsWith("idmap")) {
            idmap(option, flag, target);
          } else {
            kept.add(option);
          }
        }
      }
    }
    if (kept.contains("ro")) {
      kept.remove("rw");
    }
    return kept;
  }

  /// `idmap`: the container's own mappings; `idmap=uids=C-H-N#…;gids=…`: these.
  private void idmap(String option, String flag, String target) {
    IdMappings mappings = new IdMappings(modes.uids(), modes.gids());
    int equals = option.indexOf('=');
    if (equals >= 0) {
      try {
        mappings = IdMappings.parse(option.substring(equals + 1));
      } catch (BadValue e) {
        c.badValue(flag, e);
      }
    }
    if (!mappings.uids().isEmpty()) {
      mapped.put(target, mappings);
    }
  }

  /// The mappings of the mounts that have some, by destination.
  Map<String, IdMappings> mapped() {
    return mapped;
  }

  private void lost(String flag, String reason, @Nullable String hint) {
    c.report(flag, new FlagMeaning.Partial(List.of("mounts"), reason, hint));
  }

  private void put(Mount mount, boolean again) {
    String target = mount.destination();
    Mount other = users.get(target);
    if (volumes.containsKey(target) || (other != null && !(again && other.equals(mount)))) {
      throw duplicate(target);
    }
    users.put(target, mount);
  }

  private static BadValue duplicate(String target) {
    return new BadValue("something is already mounted at '" + target + "'");
  }

  private static String target(String text) {
    if (!text.startsWith("/")) {
      throw new BadValue("the target '" + text + "' is not an absolute path");
    }
    String clean = Texts.cleanPath(text);
    if (clean.equals("/")) {
      throw new BadValue("the target '" + text + "' is the root directory");
    }
    return clean;
  }

  private void readTmpfs() {
    for (String text : c.command.all("tmpfs")) {
      try {
        List<String> parts = Texts.split(text, ':');
        List<String> options = parts.size() > 1 ? Texts.split(parts.get(1), ',') : List.of();
        put(tmpfs(target(parts.getFirst()), options), true);
      } catch (BadValue e) {
        c.badValue("tmpfs", e);
      }
    }
  }

  private Mount tmpfs(String target, List<String> options) {
    // The one of podman's own is taken as it was asked for.
    List<String> complete =
        target.equals("/dev") ? options : PodmanMountOptions.complete(options, Kind.TMPFS);
    List<String> kept = new ArrayList<>();
    for (String option : complete) {
      if (option.equals("U")) {
        kept.add("uid=" + user.uid());
        kept.add("gid=" + user.gid());
      } else if (!option.equals("tmpcopyup") || knows("tmpcopyup")) {
        kept.add(option);
      }
    }
    return new Mount(target, "tmpfs", "tmpfs", kept);
  }

  private boolean knows(String option) {
    return c.host.elsewhere() || c.options.known().features().knowMountOption(option);
  }

  private void readMounts() {
    for (String text : c.command.all("mount")) {
      try {
        mount(PodmanMountNotation.parse(text));
      } catch (BadValue e) {
        c.badValue("mount", e);
      }
    }
  }

  private void mount(PodmanMountNotation mount) {
    String target = mount.target();
    switch (mount.type()) {
      case "bind" -> bind(mount.source(), target, mount.options(), false);
      case "volume" -> named(mount.source(), mount.subpath(), target, mount.options(), false);
      case "tmpfs" -> put(tmpfs(target, mount.options()), false);
      case "glob" -> glob(mount);
      case "image" -> image(mount);
      case "artifact" -> throw new BadValue("'artifact': podman's store of artifacts is not read");
      default -> put(new Mount(target, mount.type(), mount.type(), mount.options()), false);
    }
  }

  /// Every file that a pattern of the host's matches.
  private void glob(PodmanMountNotation mount) {
    String pattern = mount.source();
    int slash = pattern.lastIndexOf('/');
    String directory = slash <= 0 ? "/" : pattern.substring(0, slash);
    List<String> found = new ArrayList<>();
    ShellPattern wanted = new ShellPattern(pattern.substring(slash + 1));
    for (String name : c.client.files().list(directory)) {
      if (wanted.matches(name)) {
        found.add(name);
      }
    }
    if (slash < 0 || found.isEmpty()) {
      throw new BadValue("no file matches '" + pattern + "'");
    }
    for (String name : found) {
      String source = (directory.equals("/") ? "" : directory) + "/" + name;
      bind(
          source,
          mount.target().isEmpty() ? source : Texts.cleanPath(mount.target() + "/" + name),
          mount.options(),
          false);
    }
  }

  /// Another image, whose files come into the bundle, read-only.
  private void image(PodmanMountNotation mount) {
    String reason = ImageReference.problem(mount.source());
    if (reason != null) {
      throw new BadValue("image " + reason);
    }
    if (mount.options().contains("rw")) {
      lost("mount", "no file system is laid above the image: it is read-only", null);
    }
    String directory = "images/" + DerivedId.of("image", mount.source()).substring(0, 12);
    String subpath = mount.subpath().isEmpty() ? "" : mount.subpath().substring(1);
    c.prepare(new Preparation.CopyImage(mount.source(), directory, subpath));
    put(
        new Mount(
            mount.target(),
            "bind",
            subpath.isEmpty() ? directory : Texts.cleanPath(directory + "/" + subpath),
            List.of("rbind", "ro", "private")),
        false);
  }

  private void readInit() {
    if (!c.command.isOn("init")) {
      return;
    }
    String path = c.command.text("init-path");
    String program = path.isEmpty() ? init() : path;
    if (!modes.pid().is("private")) {
      c.problem("'--init' needs a PID namespace of its own", "leave '--pid' out");
    } else if (c.command.text("systemd").equals("always")) {
      c.conflict("--init", "--systemd=always");
    } else if (!path.isEmpty() && !c.client.files().exists(path)) {
      c.problem("--init-path: '" + path + "' does not exist", null);
    }
    try {
      put(new Mount(INIT, "bind", program, List.of("bind", "ro", "private")), false);
    } catch (BadValue e) {
      c.badValue("init", e);
    }
  }

  /// The machine's catatonit, where podman looks for it; else the init program of the options.
  private String init() {
    for (String program : List.of("/usr/libexec/podman/catatonit", "/usr/bin/catatonit")) {
      if (c.isBundle() && c.client.files().exists(program)) {
        return program;
      }
    }
    return c.options.places().init();
  }

  private void readVolumesFrom() {
    for (String text : c.command.all("volumes-from")) {
      try {
        volumesFrom(text);
      } catch (BadValue e) {
        c.badValue("volumes-from", e);
      }
    }
  }

  private void volumesFrom(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    List<String> options = colon < 0 ? List.of() : Texts.split(text.substring(colon + 1), ',');
    for (String option : options) {
      if (!List.of("z", "ro", "rw").contains(option)) {
        throw new BadValue("'" + text + "': '" + option + "' is not 'z', 'ro' or 'rw'");
      }
    }
    Container container =
        c.options
            .known()
            .containers()
            .find(name)
            .orElseThrow(
                () -> new BadValue("no container '" + name + "' is known", OtherContainers.HINT));
    for (Mount mount : container.volumes()) {
      if (!has(mount.destination())) {
        volumes.put(
            mount.destination(),
            options.isEmpty()
                ? mount
                : mount.withOptions(
                    carriedOut(
                        PodmanMountOptions.complete(
                            options,
                            mount.source().startsWith(c.options.places().volumes() + "/")
                                ? Kind.VOLUME
                                : Kind.BIND),
                        "volumes-from",
                        mount.destination())));
      }
    }
  }

  private void readImageVolumes() {
    String mode = c.command.text("image-volume");
    switch (mode) {
      case "ignore" -> {
        return;
      }
      case "", "anonymous", "tmpfs" -> {
        // as it should be
      }
      default ->
          c.problem("--image-volume: '" + mode + "' is not 'anonymous', 'tmpfs' or 'ignore'", null);
    }
    for (String text : c.image.volumes()) {
      String target = Texts.cleanPath(text);
      if (has(target)) {
        continue;
      }
      List<String> options = List.of("rprivate", "rw", "nodev", "exec");
      if (mode.equals("tmpfs")) {
        users.put(target, tmpfs(target, options));
      } else {
        named("", "", target, options, true);
      }
    }
  }

  /// What podman itself puts into a container: files of the network's names, its mark, `/dev/shm`.
  private void addOwnFiles(List<Mount> mounts) {
    String files = c.options.places().files();
    String network = files;
    if (modes.network().is("container")) {
      network =
          c.options
              .known()
              .containers()
              .find(modes.network().value())
              .map(Container::files)
              .filter(directory -> !directory.isEmpty())
              .orElse(files);
    }
    List<String> roots = new ArrayList<>(c.command.all("chrootdirs"));
    roots.addFirst("");
    for (String root : roots) {
      if (!root.isEmpty() && !root.startsWith("/")) {
        c.problem("--chrootdirs: '" + root + "' is not an absolute path", null);
      }
      if (!c.command.all("dns").contains("none") && !modes.network().is("none")) {
        own(mounts, root + "/etc/resolv.conf", source(network, "resolv.conf"));
      }
      if (!c.command.isOn("no-hosts")) {
        own(mounts, root + "/etc/hosts", source(network, "hosts"));
      }
    }
    String shm = shm(files);
    if (!shm.isEmpty()) {
      own(mounts, "/dev/shm", shm);
    }
    if (c.isBundle()) {
      c.prepare(new Preparation.WriteFile("containerenv", ""));
    }
    own(
        mounts,
        "/run/.containerenv",
        source(files, c.isBundle() ? "containerenv" : ".containerenv"));
    if (!c.command.isOn("no-hostname")) {
      own(mounts, "/etc/hostname", source(files, "hostname"));
    }
    zone(mounts, files);
  }

  /// Podman copies the time zone's file; a bundle shows the machine's own.
  private void zone(List<Mount> mounts, String files) {
    String zone = c.command.text("tz");
    if (zone.isEmpty()) {
      return;
    }
    String file = zone.equals("local") ? "/etc/localtime" : "/usr/share/zoneinfo/" + zone;
    if (zone.contains("..") || !c.client.files().exists(file)) {
      c.problem("--tz: '" + zone + "' is not a time zone of this machine", "--tz Europe/Berlin");
    }
    own(mounts, "/etc/localtime", c.isBundle() ? file : source(files, "localtime"));
  }

  private static String source(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /// The directory of `/dev/shm` on the host; "" for none.
  private String shm(String files) {
    Mode ipc = modes.ipc();
    return switch (ipc.kind()) {
      case "none" -> "";
      case "host" -> "/dev/shm";
      case "container" ->
          c.options.known().containers().find(ipc.value()).map(Container::shm).orElse("");
      default -> source(files, "shm");
    };
  }

  private void own(List<Mount> mounts, String target, String source) {
    if (has(mounts, target)) {
      return;
    }
    boolean shm = target.equals("/dev/shm");
    boolean made = shm && !source.equals("/dev/shm") && !modes.ipc().is("container");
    if (made && c.isBundle()) {
      long size = c.bytes("shm-size");
      mounts.add(
          new Mount(
              target,
              "tmpfs",
              "shm",
              List.of(
                  "nosuid",
                  "noexec",
                  "nodev",
                  "mode=1777",
                  "size=" + (size == 0 ? SHM_SIZE : size))));
      return;
    }
    List<String> options = new ArrayList<>(List.of("bind", "rprivate"));
    if (readonly && (!shm || !writableTmpfs)) {
      options.add("ro");
    }
    if (shm || options.contains("ro")) {
      options.addAll(PRIVATE);
    }
    mounts.add(new Mount(target, "bind", source, options));
  }

  /// systemd wants these directories in memory and its control group writable.
  private void addSystemd(List<Mount> mounts) {
    List<String> options = new ArrayList<>(SYSTEMD);
    if (knows("tmpcopyup")) {
      options.add("tmpcopyup");
    }
    long size = c.bytes("shm-size-systemd");
    if (size > 0) {
      options.add("size=" + size);
    }
    for (String target : List.of("/run", "/run/lock", "/tmp", "/var/log/journal")) {
      if (!has(mounts, target)) {
        mounts.add(new Mount(target, "tmpfs", "tmpfs", options));
      }
    }
    if (c.host.cgroup() != TargetHost.CgroupVersion.V2) {
      c.warning("'--systemd': control groups of version 1 are not made writable", null);
      return;
    }
    mounts.removeIf(mount -> mount.destination().equals(CGROUPS));
    mounts.add(
        modes.cgroup().is("host")
            ? new Mount(CGROUPS, "bind", CGROUPS, List.of("bind", "private", "rw"))
            : new Mount(CGROUPS, "cgroup", "cgroup", List.of("private", "rw")));
  }

  private void notePropagation(Mount mount) {
    if (mount.options().contains("shared") || mount.options().contains("rshared")) {
      rootfsPropagation = "shared";
    } else if (rootfsPropagation == null
        && (mount.options().contains("slave") || mount.options().contains("rslave"))) {
      rootfsPropagation = "rslave";
    }
  }
}
