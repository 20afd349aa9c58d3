package dev.ocicap.validate;

import dev.ocicap.report.Level;
import dev.ocicap.report.ShellWords;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What this machine refuses when a configuration is carried out. Each looks only where the
/// configuration has what it is about.
///
/// @param check this machine
record StartHost(HostCheck check) {
  private static final Path FILE_SYSTEMS = Path.of("/proc/filesystems");

  /// Not there on a kernel that loads no modules.
  private static final Path MODULES = Path.of("/proc/modules");

  private static final Path STATUS = Path.of("/proc/self/status");

  private static final Path SETTINGS = Path.of("/proc/sys");

  private static final Path BLOCK_DEVICES = Path.of("/sys/dev/block");

  private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

  /// What hangs beside the controllers of version 1.
  private static final Set<String> NOT_CONTROLLERS = Set.of("systemd", "unified");

  private static final int SOCKET = 0xc000;

  private static final int TYPE = 0xf000;

  /// What every kernel has that runs containers, and what the runtimes themselves take apart.
  private static final Set<String> USUAL_TYPES =
      Set.of("proc", "tmpfs", "devpts", "mqueue", "sysfs", "cgroup", "cgroup2", "bind", "none", "");

  /// The options of an overlay that name directories.
  private static final List<String> LAYERS = List.of("lowerdir=", "upperdir=", "workdir=");

  /// The kernel's names of namespaces where they are not the specification's.
  private static final Map<String, String> NAMESPACES = Map.of("network", "net", "mount", "mnt");

  /// Names in settings that stand for an interface, which the container may get later.
  private static final List<String> OF_INTERFACES = List.of("conf", "neigh");

  private static final List<String> RATES =
      List.of(
          "throttleReadBpsDevice",
          "throttleWriteBpsDevice",
          "throttleReadIOPSDevice",
          "throttleWriteIOPSDevice");

  /// A file of the root file system where the program is to begin.
  void directory(Document document, Findings findings) {
    Value cwd = document.get("process", "cwd");
    Optional<Path> root = check.rootPath(document);
    if (cwd.text().startsWith("/") && !cwd.is("/") && root.isPresent()) {
      RootFilesystem files = new RootFilesystem(root.get(), HostCheck.mountPoints(document));
      if (isFile(files, cwd.text())) {
        findings.add(
            cwd,
            cwd.shown() + " is not a directory in the root file system",
            "ocicap edit --cwd / BUNDLE");
      }
    }
  }

  private static boolean isFile(RootFilesystem files, String path) {
    RootFilesystem.Sight sight = files.look(path);
    return sight == RootFilesystem.Sight.FILE || sight == RootFilesystem.Sight.EXECUTABLE;
  }

  /// A directory can be mounted on a directory alone, and anything else on anything else.
  void kinds(Document document, Findings findings) {
    Optional<Path> root = check.rootPath(document);
    if (root.isEmpty() || !Files.isDirectory(root.get())) {
      return;
    }
    Set<String> before = new HashSet<>();
    for (Value mount : document.mounts()) {
      String destination = Forms.clean(mount.get("destination").text());
      Value source = mount.get("source");
      Optional<Path> file =
          mount.get("options").hasItem("bind", "rbind") && !source.text().isEmpty()
              ? check.resolve(document, source.text())
              : Optional.empty();
      if (file.isPresent() && Files.exists(file.get())) {
        RootFilesystem files = new RootFilesystem(root.get(), before);
        boolean unlike =
            Files.isDirectory(file.get())
                ? isFile(files, destination)
                : files.directory(destination) != null;
        if (unlike) {
          findings.add(
              source,
              source.shown() + " and the destination must both be directories, or both not",
              ShellWords.pasted(List.of("ls", "-ld", source.text())));
        }
      }
      before.add(destination);
    }
  }

  /// Nothing can be made in `/proc` to mount on.
  void insideProc(Document document, Findings findings) {
    boolean proc = false;
    for (Value mount : document.mounts()) {
      Value destination = mount.get("destination");
      String path = Forms.clean(destination.text());
      proc |= path.equals("/proc") && mount.get("type").is("proc");
      if (proc && path.startsWith("/proc/") && isMissing(path)) {
        findings.add(
            destination, destination.shown() + StartRules.INSIDE_PROC, remove(destination));
      }
    }
  }

  /// What the file system has for processes depends on the process that looks.
  private static boolean isMissing(String path) {
    String name = path.substring("/proc/".length());
    boolean ofProcess =
        Character.isDigit(name.charAt(0)) || name.startsWith("self") || name.startsWith("thread");
    return !ofProcess && Files.exists(FILE_SYSTEMS) && !exists(path);
  }

  private static String remove(Value destination) {
    return ShellWords.pasted(
        List.of("ocicap", "edit", "--mount-remove", destination.text(), "BUNDLE"));
  }

  /// A control group of its own where an ordinary user may make none.
  void controlGroup(Document document, Findings findings) {
    Value path = document.get("linux", "cgroupsPath");
    if (!path.text().startsWith("/")) {
      return;
    }
    for (Path hierarchy : hierarchies()) {
      Path group = hierarchy.resolve(path.text().substring(1)).normalize();
      if (!mayMake(group, hierarchy)) {
        findings.add(
            path,
            path.shown() + ": this caller may not make the control group in '" + hierarchy + "'",
            "ocicap edit --unset /linux/cgroupsPath BUNDLE");
        return;
      }
    }
  }

  /// Whether the lowest directory that is there on the way to a control group is the caller's.
  private static boolean mayMake(Path group, Path hierarchy) {
    for (Path at = group; at != null && at.startsWith(hierarchy); at = at.getParent()) {
      if (Files.exists(at)) {
        return Files.isWritable(at);
      }
    }
    return true;
  }

  private List<Path> hierarchies() {
    if (check.host().cgroupUnified()) {
      return List.of(CONTROL_GROUPS);
    }
    List<Path> hierarchies = new ArrayList<>();
    String[] names = CONTROL_GROUPS.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      if (!NOT_CONTROLLERS.contains(name) && Files.isDirectory(CONTROL_GROUPS.resolve(name))) {
        hierarchies.add(CONTROL_GROUPS.resolve(name));
      }
    }
    return hierarchies;
  }

  /// Types that the kernel has not now. It may load a module for one.
  void filesystems(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      Value type = mount.get("type");
      boolean unusual =
          !USUAL_TYPES.contains(type.text()) && !mount.get("options").hasItem("bind", "rbind");
      if (unusual && !has(type.text())) {
        findings.add(
            Files.exists(MODULES) ? Level.SHOULD : Level.MUST,
            type,
            type.shown() + " is no file system of this kernel now",
            ShellWords.pasted(List.of("modprobe", type.text())));
      }
    }
  }

  /// Behind a dot stands what the program for a fuse(8) is called.
  private static boolean has(String type) {
    int dot = type.indexOf('.');
    String name = dot < 0 ? type : type.substring(0, dot);
    try {
      for (String line : text(FILE_SYSTEMS).split("\n", -1)) {
        if (line.substring(line.indexOf('\t') + 1).equals(name)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String text(Path file) throws IOException {
    // Not a channel: the first one costs a millisecond of a cold start.
    try (InputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /// Directories of an overlay that are not there.
  void layers(Document document, Findings findings) {
    for (Value mount : document.mounts()) {
      if (mount.get("type").is("overlay")) {
        for (Value option : mount.get("options").items()) {
          for (String layer : LAYERS) {
            String paths = option.text();
            // Within a path a colon is written with a backslash.
            if (paths.startsWith(layer) && paths.indexOf('\\') < 0) {
              layers(mount, option, paths.substring(layer.length()).split(":", -1), findings);
            }
          }
        }
      }
    }
  }

  private static void layers(Value mount, Value option, String[] paths, Findings findings) {
    for (String path : paths) {
      if (path.startsWith("/") && !exists(path)) {
        findings.add(
            mount.get("options"),
            option.path() + ": '" + Value.cut(path) + "' does not exist here",
            ShellWords.pasted(List.of("mkdir", "-p", path)));
      }
    }
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /// Settings of a new namespace that this kernel does not have: what the new one has, the present
  /// one has too.
  void settings(Document document, Findings findings) {
    for (Value setting : document.get("linux", "sysctl").members()) {
      List<String> words = List.of(setting.key().split("\\.", -1));
      String namespace = words.getFirst().equals("net") ? "network" : "ipc";
      boolean known =
          setting.key().indexOf('/') >= 0
              || !document.makesNamespace(namespace)
              || words.contains("")
              || !Collections.disjoint(words, OF_INTERFACES);
      if (!known && Files.exists(SETTINGS) && !exists(SETTINGS + "/" + String.join("/", words))) {
        findings.add(setting, setting.path() + " is no setting of this kernel", "sysctl -a");
      }
    }
  }

  /// Namespaces to join that are of another type, where the kernel says of which.
  void namespaces(Document document, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value path = namespace.get("path");
      Value type = namespace.get("type");
      String found = path.text().startsWith("/") ? typeOf(path.text()) : null;
      if (found != null
          && type.isText()
          && !found.equals(NAMESPACES.getOrDefault(type.text(), type.text()))) {
        findings.add(
            path,
            path.shown() + " cannot be joined: it is not of the type " + type.quoted(),
            ShellWords.pasted(List.of("ls", "-lL", path.text())));
      }
    }
  }

  /// `net` of a link to `net:[4026531840]`; null of anything else.
  private static @Nullable String typeOf(String path) {
    try {
      String target = Files.readSymbolicLink(Path.of(path)).toString();
      int bracket = target.indexOf(":[");
      return bracket > 0 && target.indexOf('/') < 0 ? target.substring(0, bracket) : null;
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return null;
    }
  }

  /// A kernel without filters of system calls (proc(5)).
  void seccomp(Document document, Findings findings) {
    Value seccomp = document.get("linux", "seccomp");
    try {
      boolean missing = !text(STATUS).contains("\nSeccomp:");
      if (missing && seccomp.isObject()) {
        findings.addKey(
            seccomp,
            "linux.seccomp: this kernel was built without seccomp",
            "ocicap edit --unset /linux/seccomp BUNDLE");
      }
    } catch (IOException e) {
      // Without /proc the runtime will have its own say.
    }
  }

  /// Nobody who could be asked about system calls.
  void listener(Document document, Findings findings) {
    Value seccomp = document.get("linux", "seccomp");
    Value path = seccomp.get("listenerPath");
    boolean asked = false;
    for (Value rule : seccomp.get("syscalls").items()) {
      asked |= rule.get("action").is("SCMP_ACT_NOTIFY");
    }
    if (asked && path.text().startsWith("/") && !isSocket(path.text())) {
      findings.add(
          path,
          path.shown() + " is no socket that somebody listens at",
          ShellWords.pasted(List.of("ls", "-l", path.text())));
    }
  }

  private static boolean isSocket(String path) {
    try {
      return Files.getAttribute(Path.of(path), "unix:mode") instanceof Integer mode
          && (mode & TYPE) == SOCKET;
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return false;
    }
  }

  /// The first hook, where its path is none: a runtime looks for it from the bundle.
  void hooks(Document document, Findings findings) {
    for (String kind : List.of("prestart", "createRuntime")) {
      List<Value> hooks = document.get("hooks", kind).items();
      Value path = hooks.isEmpty() ? document.root() : hooks.getFirst().get("path");
      boolean relative = !path.text().isEmpty() && !path.text().startsWith("/");
      if (relative && check.resolve(document, path.text()).filter(Files::exists).isEmpty()) {
        findings.add(
            path,
            path.shown() + " is not an absolute path",
            ShellWords.pasted(List.of("command", "-v", path.text())));
      }
    }
  }

  /// Devices whose directory is a file of the root file system.
  void devices(Document document, Findings findings) {
    Optional<Path> root = check.rootPath(document);
    if (root.isEmpty()) {
      return;
    }
    RootFilesystem files = new RootFilesystem(root.get(), HostCheck.mountPoints(document));
    for (Value device : document.get("linux", "devices").items()) {
      Value path = device.get("path");
      int slash = path.text().lastIndexOf('/');
      if (slash > 0 && isFile(files, path.text().substring(0, slash))) {
        findings.add(
            path,
            path.shown() + " cannot be made in the root file system: that is no directory",
            ShellWords.pasted(List.of("ocicap", "edit", "--device-remove", path.text(), "BUNDLE")));
      }
    }
  }

  /// Block devices that are not there, for root: others are not given the controller.
  void blockDevices(Document document, Findings findings) {
    for (String key : RATES) {
      for (Value device : document.get("linux", "resources", "blockIO", key).items()) {
        String number = device.get("major").integer() + ":" + device.get("minor").integer();
        if (device.get("rate").isPositive()
            && Files.isDirectory(BLOCK_DEVICES)
            && !Files.exists(BLOCK_DEVICES.resolve(number))) {
          findings.add(
              device.get("major"),
              device.path() + " is for the block device " + number + ", which is not here",
              "lsblk");
        }
      }
    }
  }

  /// A hard limit that was lowered is not raised again.
  void loweredLimits(Document document, Findings findings) {
    Map<String, BigInteger> lowest = new HashMap<>();
    for (Value rlimit : document.get("process", "rlimits").items()) {
      Value hard = rlimit.get("hard");
      BigInteger before = lowest.get(rlimit.get("type").text());
      if (before != null && hard.integer().compareTo(before) > 0) {
        findings.add(
            hard,
            hard.shown() + " is above the " + before + " that this limit was given before",
            before.toString());
      }
      lowest.put(rlimit.get("type").text(), hard.integer());
    }
  }
}
