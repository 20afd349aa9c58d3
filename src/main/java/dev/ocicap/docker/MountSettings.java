package dev.ocicap.docker;

import dev.ocicap.docker.OtherContainers.Container;
import dev.ocicap.spec.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The mounts: Docker Engine's defaults, then volumes, bind and tmpfs mounts with the three files
/// of `/etc`, sorted by how many components their destinations have.
final class MountSettings {
  private static final String INIT = "/sbin/docker-init";
  private static final List<String> STAYS_WRITABLE =
      List.of("/proc", "/dev/pts", "/dev/shm", "/dev/mqueue", "/dev");
  private static final List<String> NETWORK_FILES =
      List.of("/etc/resolv.conf", "/etc/hostname", "/etc/hosts");

  private final Conversion c;
  private final Modes modes;
  private final boolean readonlyRoot;

  /// What the user wants at its destination; one mount for each.
  private final List<Mount> points = new ArrayList<>();

  /// The destinations that `--volume` and `--mount` decided, which none may decide again.
  private final List<String> decided = new ArrayList<>();

  private final List<TmpfsNotation> tmpfs = new ArrayList<>();
  private @Nullable String rootfsPropagation;

  MountSettings(Conversion c, Modes modes) {
    this.c = c;
    this.modes = modes;
    this.readonlyRoot = c.command.isOn("read-only");
  }

  /// The mounts in order.
  ///
  /// @param writableCgroups whether `/sys/fs/cgroup` may be written
  List<Mount> mounts(boolean withInit, boolean writableCgroups) {
    readTmpfs();
    readVolumesFrom();
    readVolumes();
    readMounts();
    readApiSocket();
    readImageVolumes();
    List<Mount> users = new ArrayList<>();
    addShm(users);
    addTmpfs(users);
    for (Mount point : points) {
      if (!point.type().equals("tmpfs") && !isTmpfs(point.destination())) {
        users.add(point);
      }
    }
    addNetworkFiles(users);
    sort(users);
    List<Mount> mounts = new ArrayList<>();
    addDefaults(mounts, users, withInit);
    if (readonlyRoot) {
      makeReadonly(mounts);
    }
    for (Mount mount : users) {
      notePropagation(mount);
      mounts.add(mount);
    }
    for (int i = 0; i < mounts.size(); i++) {
      Mount mount = mounts.get(i);
      boolean writable =
          (c.isPrivileged() && mount.destination().equals("/sys"))
              || (writableCgroups && mount.type().equals("cgroup"));
      if (writable) {
        mounts.set(i, mount.withOptions(without(mount.options(), "ro")));
      }
    }
    return mounts;
  }

  /// `linux.rootfsPropagation`, or null.
  @Nullable String rootfsPropagation() {
    return rootfsPropagation;
  }

  private void readTmpfs() {
    for (TmpfsNotation one : c.all("tmpfs", TmpfsNotation::parse)) {
      tmpfs.removeIf(other -> other.target().equals(one.target()));
      tmpfs.add(one);
    }
  }

  private void readVolumesFrom() {
    for (String text : c.command.all("volumes-from")) {
      int colon = text.indexOf(':');
      String name = colon < 0 ? text : text.substring(0, colon);
      String mode = colon < 0 ? "" : text.substring(colon + 1);
      if (!isVolumesFromMode(mode)) {
        c.problem(
            "--volumes-from: '" + text + "': '" + mode + "' is not 'ro', 'rw', 'z' or 'Z'", null);
        continue;
      }
      Optional<Container> container = c.options.known().containers().named(name);
      if (container.isEmpty()) {
        c.problem("--volumes-from: no container '" + name + "' is known", OtherContainers.HINT);
        continue;
      }
      for (Mount mount : container.get().volumes()) {
        put(Texts.split(mode, ',').contains("ro") ? readonly(mount) : mount);
      }
    }
  }

  private static boolean isVolumesFromMode(String mode) {
    if (!VolumeNotation.isMode(mode)) {
      return false;
    }
    for (String option : Texts.split(mode, ',')) {
      if (option.equals("nocopy") || VolumeNotation.isPropagation(option)) {
        return false;
      }
    }
    return true;
  }

  private Mount readonly(Mount mount) {
    if (mount.options().contains("ro") || mount.options().contains("rro")) {
      return mount;
    }
    List<String> options = new ArrayList<>(mount.options());
    options.add(Math.min(1, options.size()), readonly(mount.source()));
    return mount.withOptions(options);
  }

  /// The word for a mount that is read-only with all that is mounted below it. Below a file nothing
  /// is: a bundle says so in the word that every runtime takes (crun 1.8 takes the other one for
  /// directories only).
  private String readonly(String source) {
    boolean plain =
        c.isBundle()
            && !c.host.elsewhere()
            && (!source.startsWith("/")
                || (!c.client.files().isDirectory(source) && c.client.files().exists(source)));
    return c.recursiveReadonly() && !plain ? "rro" : "ro";
  }

  private void readVolumes() {
    List<String> seen = new ArrayList<>();
    for (String text : c.command.all("volume")) {
      if (seen.contains(text)) {
        continue;
      }
      seen.add(text);
      try {
        volume(VolumeNotation.parse(text, c.client));
      } catch (BadValue e) {
        c.badValue("volume", e);
      }
    }
  }

  /// The driver of the volumes of `--volume` and of the image.
  private void checkDriver() {
    String driver = c.command.text("volume-driver");
    if (!driver.isEmpty() && !driver.equals("local")) {
      throw new BadValue(
          "'--volume-driver " + driver + "': only the driver 'local' is known",
          "--volume-driver local");
    }
  }

  private void volume(VolumeNotation volume) {
    String target = volume.target();
    if (volume.kind() == VolumeNotation.Kind.ANONYMOUS) {
      return;
    }
    if (isTmpfs(target)) {
      throw duplicate(target);
    }
    decide(target);
    if (volume.kind() == VolumeNotation.Kind.NAMED) {
      checkDriver();
      put(
          volumeMount(
              volume.source(),
              "",
              target,
              volume.isReadonly(),
              !volume.options().contains("nocopy")));
      return;
    }
    String source = volume.path();
    if (!c.client.files().exists(source)) {
      c.prepare(new Preparation.MakeHostDirectory(source));
    }
    String propagation = propagation(volume.source(), volume.propagation(), volume.toString());
    List<String> options = new ArrayList<>();
    options.add("rbind");
    if (volume.isReadonly()) {
      options.add(readonly(source));
    }
    options.add(propagation);
    put(new Mount(target, "bind", source, options));
  }

  /// The propagation of a bind mount. One that meets the engine's own directory has to take part in
  /// what is unmounted there, or containers could not be removed. (The engine compares characters
  /// of the paths as they were typed, not their components.)
  private String propagation(String source, @Nullable String asked, String text) {
    String root = c.options.places().dataRoot();
    if (!source.startsWith(root) && !root.startsWith(source)) {
      return asked == null ? "rprivate" : asked;
    }
    if (asked != null && !asked.equals("rslave") && !asked.equals("rshared")) {
      throw new BadValue(
          "'"
              + text
              + "': a source that meets Docker's directory '"
              + root
              + "' is mounted"
              + " 'rslave' or 'rshared'");
    }
    return asked == null ? "rslave" : asked;
  }

  private void readMounts() {
    for (String text : c.command.all("mount")) {
      try {
        mount(MountNotation.parse(text, c.client));
      } catch (BadValue e) {
        c.badValue("mount", e);
      }
    }
  }

  private void mount(MountNotation mount) {
    String target = Texts.cleanPath(mount.target());
    decide(target);
    if (!mount.driverOptions().isEmpty()) {
      c.warning(
          "--mount: '" + mount + "': the options of the volume's driver are not carried out", null);
    }
    switch (mount.type()) {
      case "bind" -> put(bind(mount, target));
      case "tmpfs" -> put(tmpfs(target, mount.tmpfsOptions()));
      case "image" -> put(image(mount, target));
      default ->
          put(
              volumeMount(
                  mount.source().isEmpty() ? anonymous(target) : mount.source(),
                  mount.subpath(),
                  target,
                  mount.readonly(),
                  !mount.noCopy()));
    }
  }

  private Mount bind(MountNotation mount, String target) {
    String source = Texts.cleanPath(mount.source());
    if (!c.client.files().exists(mount.source())) {
      throw new BadValue(
          "'" + mount + "': the source '" + mount.source() + "' does not exist",
          "'-v' makes a missing directory: -v " + mount.source() + ":" + target);
    }
    List<String> options = new ArrayList<>();
    options.add(mount.recursion() == MountNotation.Recursion.DISABLED ? "bind" : "rbind");
    if (mount.readonly()) {
      if (mount.recursion() == MountNotation.Recursion.READONLY && !c.recursiveReadonly()) {
        throw new BadValue("'" + mount + "': the host cannot mount read-only recursively");
      }
      options.add(mount.recursion() == MountNotation.Recursion.WRITABLE ? "ro" : readonly(source));
    }
    options.add(propagation(mount.source(), mount.propagation(), mount.toString()));
    return new Mount(target, "bind", source, options);
  }

  /// Another image, whose files come into the bundle; it is always read-only.
  private Mount image(MountNotation mount, String target) {
    String reason = ImageReference.problem(mount.source());
    if (reason != null) {
      throw new BadValue("image " + reason);
    }
    String directory = "images/" + DerivedId.of("image", mount.source()).substring(0, 12);
    c.prepare(new Preparation.CopyImage(mount.source(), directory, mount.subpath()));
    if (!c.isBundle()) {
      c.warning(
          "--mount: '"
              + mount
              + "': only a bundle that is made has the image's files, at '"
              + directory
              + "'",
          null);
    }
    return new Mount(
        target,
        "bind",
        mount.subpath().isEmpty() ? directory : Texts.cleanPath(directory + "/" + mount.subpath()),
        List.of("rbind", c.recursiveReadonly() ? "rro" : "ro", "rprivate"));
  }

  private Mount volumeMount(
      String name, String subpath, String target, boolean readonly, boolean copy) {
    if (copy && c.isFile(target)) {
      throw new BadValue("'" + target + "' is a file in the image, not a directory");
    }
    String directory = c.options.places().volumes() + "/" + name + "/_data";
    String source = directory;
    if (!subpath.isEmpty()) {
      source = Texts.cleanPath(directory + "/" + subpath);
      checkSubpath(directory, subpath, name);
    }
    c.prepare(new Preparation.MakeVolume(directory, target, copy));
    List<String> options = new ArrayList<>();
    options.add("rbind");
    if (readonly) {
      options.add(readonly(directory));
    }
    return new Mount(target, "bind", source, options);
  }

  /// A directory in a volume must be there, and no link on the way may lead out of the volume.
  private void checkSubpath(String directory, String subpath, String name) {
    String path = directory;
    String clean = Texts.cleanPath("/" + subpath).substring(1);
    for (String component : clean.isEmpty() ? List.<String>of() : Texts.split(clean, '/')) {
      path += "/" + component;
      if (c.client.files().isSymbolicLink(path)) {
        throw new BadValue(
            "'volume-subpath=" + subpath + "' goes through a symbolic link in the volume " + name);
      }
      if (!c.client.files().exists(path)) {
        throw new BadValue("'volume-subpath=" + subpath + "' does not exist in the volume " + name);
      }
    }
  }

  /// The name of the volume without a name at a destination: the same each time for one container.
  private String anonymous(String target) {
    return DerivedId.of(c.options.id(), target);
  }

  private static Mount tmpfs(String target, String options) {
    return new Mount(target, "tmpfs", "tmpfs", new TmpfsNotation(target, options).merged());
  }

  private void readApiSocket() {
    if (!c.command.isOn("use-api-socket")) {
      return;
    }
    String host = c.client.variables().value("DOCKER_HOST");
    String target = "/var/run/docker.sock";
    if (host != null && !host.isEmpty() && !host.startsWith("unix://")) {
      c.problem("--use-api-socket: '" + host + "' of DOCKER_HOST is not a socket's path", null);
      return;
    }
    String source = host == null || host.isEmpty() ? target : host.substring("unix://".length());
    try {
      decide(target);
    } catch (BadValue e) {
      c.badValue("use-api-socket", e);
    }
    put(new Mount(target, "bind", Texts.cleanPath(source), List.of("rbind", "rprivate")));
  }

  /// The image's volumes and those of `--volume` without a source, where nothing else is mounted.
  private void readImageVolumes() {
    List<String> targets = new ArrayList<>();
    for (String text : c.command.all("volume")) {
      if (isAnonymous(text)) {
        targets.add(text);
      }
    }
    targets.addAll(c.image.volumes());
    for (String text : targets) {
      String target = Texts.cleanPath(text);
      if (find(target) < 0 && !isTmpfs(target)) {
        try {
          checkDriver();
          put(volumeMount(anonymous(target), "", target, false, true));
        } catch (BadValue e) {
          c.badValue("volume", e);
        }
      }
    }
  }

  private boolean isAnonymous(String text) {
    try {
      return VolumeNotation.parse(text, c.client).kind() == VolumeNotation.Kind.ANONYMOUS;
    } catch (BadValue e) {
      return false;
    }
  }

  private void addNetworkFiles(List<Mount> users) {
    String directory = c.options.places().files();
    if (modes.joinsNetwork()) {
      Optional<Container> peer =
          c.options.known().containers().named(Modes.joined(modes.network()));
      directory = peer.map(Container::files).filter(files -> !files.isEmpty()).orElse(directory);
    }
    for (String file : NETWORK_FILES) {
      int at = find(file);
      String name = file.substring(file.lastIndexOf('/') + 1);
      String source = directory.isEmpty() ? name : directory + "/" + name;
      boolean writable = !readonlyRoot;
      if (at >= 0) {
        Mount given = points.get(at);
        users.remove(given);
        source = given.source();
        writable = !given.options().contains("ro") && !given.options().contains("rro");
      }
      Mount mount = new Mount(file, "bind", source, List.of("rbind", "rprivate"));
      users.add(writable ? mount : readonly(mount));
    }
  }

  /// `/dev/shm` where it is somebody else's.
  private void addShm(List<Mount> users) {
    String source = "";
    if (modes.ipc().equals("host")) {
      source = "/dev/shm";
    } else if (!Modes.joined(modes.ipc()).isEmpty()) {
      source =
          c.options
              .known()
              .containers()
              .named(Modes.joined(modes.ipc()))
              .map(Container::shm)
              .orElse("");
      reportPrivateShm(source);
    } else if (modes.ipc().equals("shareable")) {
      if (!c.isBundle()) {
        String files = c.options.places().files();
        source = files.isEmpty() ? "shm" : files + "/mounts/shm";
      }
      reportPrivateShm(source);
    }
    if (!source.isEmpty() && find("/dev/shm") < 0 && !isTmpfs("/dev/shm")) {
      users.add(new Mount("/dev/shm", "bind", source, List.of("rbind", "rprivate")));
    }
  }

  private void reportPrivateShm(String source) {
    if (source.isEmpty()) {
      c.report(
          "ipc",
          new FlagMeaning.Partial(
              List.of("linux.namespaces"),
              "the namespace can be joined, but '/dev/shm' stays private",
              null));
    }
  }

  private void addTmpfs(List<Mount> users) {
    for (TmpfsNotation one : tmpfs) {
      try {
        users.add(tmpfs(one.target(), one.options()));
      } catch (BadValue e) {
        c.badValue("tmpfs", e);
      }
    }
    for (Mount point : points) {
      if (point.type().equals("tmpfs")) {
        users.add(point);
      }
    }
  }

  private void addDefaults(List<Mount> mounts, List<Mount> users, boolean withInit) {
    List<Mount> defaults = new ArrayList<>(DockerDefaults.MOUNTS);
    if (withInit) {
      defaults.add(new Mount(INIT, "bind", c.options.places().init(), List.of("bind", "ro")));
    }
    boolean ownDev = has(users, "/dev");
    long shmSize = c.bytes("shm-size");
    for (Mount mount : defaults) {
      String destination = mount.destination();
      boolean isShm = destination.equals("/dev/shm");
      boolean replaced =
          has(users, destination)
              || (ownDev && destination.startsWith("/dev/"))
              || (isShm && modes.ipc().equals("none"));
      if (!replaced) {
        mounts.add(isShm ? sized(mount, shmSize == 0 ? DockerDefaults.SHM_SIZE : shmSize) : mount);
      }
    }
  }

  private static Mount sized(Mount mount, long size) {
    List<String> options = new ArrayList<>(mount.options());
    options.add("size=" + size);
    return mount.withOptions(options);
  }

  private static void makeReadonly(List<Mount> defaults) {
    for (int i = 0; i < defaults.size(); i++) {
      Mount mount = defaults.get(i);
      if (!STAYS_WRITABLE.contains(mount.destination()) && !mount.options().contains("ro")) {
        List<String> options = new ArrayList<>(mount.options());
        options.add("ro");
        defaults.set(i, mount.withOptions(options));
      }
    }
  }

  /// A mount that takes part in the host's needs a root file system that does so too.
  private void notePropagation(Mount mount) {
    if (!mount.type().equals("bind")) {
      return;
    }
    if (mount.options().contains("shared") || mount.options().contains("rshared")) {
      rootfsPropagation = "shared";
    } else if (rootfsPropagation == null
        && (mount.options().contains("slave") || mount.options().contains("rslave"))) {
      rootfsPropagation = "rslave";
    }
  }

  /// Sorts by depth; mounts of one depth keep their order.
  private static void sort(List<Mount> mounts) {
    mounts.sort((a, b) -> Texts.depth(a.destination()) - Texts.depth(b.destination()));
  }

  private void decide(String target) {
    if (decided.contains(target)) {
      throw duplicate(target);
    }
    decided.add(target);
  }

  private static BadValue duplicate(String target) {
    return new BadValue("something is already mounted at '" + target + "'");
  }

  private void put(Mount mount) {
    int at = find(mount.destination());
    if (at >= 0) {
      points.set(at, mount);
    } else {
      points.add(mount);
    }
  }

  private int find(String destination) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).destination().equals(destination)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isTmpfs(String target) {
    for (TmpfsNotation one : tmpfs) {
      if (one.target().equals(target)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<Mount> mounts, String destination) {
    for (Mount mount : mounts) {
      if (mount.destination().equals(destination)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> without(List<String> options, String option) {
    List<String> kept = new ArrayList<>(options);
    kept.removeIf(option::equals);
    return kept;
  }
}
