package dev.ocicap.audit;

import dev.ocicap.os.MountTable;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A running process as a subject: what `/proc` shows of it, compared with this process, which is
/// on the host as far as anybody here can tell.
final class ProcessSubject {
  /// File systems of the kernel, of which a container has a view of its own.
  private static final Set<String> KERNELS =
      Set.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "bpf", "tracefs");

  private static final Set<String> ENGINES_FILES =
      Set.of("/etc/resolv.conf", "/etc/hostname", "/etc/hosts");

  private static final Set<String> MASKED =
      Set.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware");

  /// A container with more nodes than this has the host's /dev.
  private static final int MANY_DEVICES = 24;

  private static final int TYPE = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;

  private final String name;
  private final long pid;
  private final ProcessStatus status;
  private final Set<String> shared = new HashSet<>();
  private final List<String> unknown = new ArrayList<>();

  ProcessSubject(String name, long pid) throws IOException {
    this.name = name;
    this.pid = pid;
    status = ProcessStatus.of(pid);
    String[][] kinds = {
      {"pid", "pid"}, {"network", "net"}, {"ipc", "ipc"}, {"uts", "uts"}, {"mount", "mnt"}
    };
    for (String[] kind : kinds) {
      if (isShared(kind[1])) {
        shared.add(kind[0]);
      }
    }
  }

  private boolean isShared(String namespace) {
    String own = link("/proc/" + pid + "/ns/" + namespace);
    if (own.isEmpty()) {
      unknown.add("its " + namespace + " namespace");
    }
    return !own.isEmpty() && own.equals(link("/proc/self/ns/" + namespace));
  }

  /// Whether its root is not the host's; not where that may not be looked at.
  private boolean hasUserNamespace() {
    String own = link("/proc/" + pid + "/ns/user");
    return !own.isEmpty() && !own.equals(link("/proc/self/ns/user"));
  }

  Subject subject() {
    boolean inside = !shared.contains("mount");
    Optional<MountTable> mounts = inside ? mounts() : Optional.empty();
    String label = label();
    return new Subject(
        name,
        Place.file("/proc/" + pid),
        status.capabilities().permitted().plus(status.capabilities().effective()),
        status.capabilities().bounding(),
        status.uid().effective() == 0,
        status.noNewPrivileges(),
        status.seccomp() != 0,
        !label.isEmpty() && !label.startsWith("unconfined"),
        shared,
        hasUserNamespace(),
        mounts.map(this::binds).orElse(List.of()),
        inside ? devices() : List.of(),
        mounts.map(ProcessSubject::isMasked).orElse(true),
        mounts.map(ProcessSubject::isReadOnly).orElse(true),
        isLimited("memory", "memory.max", "memory.limit_in_bytes"),
        isLimited("pids", "pids.max", "pids.max"),
        List.of(),
        false,
        unknown);
  }

  private Optional<MountTable> mounts() {
    try {
      return Optional.of(MountTable.of(pid));
    } catch (IOException e) {
      unknown.add("what is mounted");
      return Optional.empty();
    }
  }

  /// What of the host's file systems is mounted in the container, but for its root file system,
  /// unless that is the host's.
  private List<Subject.Bind> binds(MountTable mounts) {
    MountTable host;
    try {
      host = MountTable.self();
    } catch (IOException e) {
      return List.of();
    }
    List<Subject.Bind> binds = new ArrayList<>();
    for (MountTable.Entry mount : mounts.entries()) {
      String source = host.pathOf(mount).orElse("");
      boolean root = mount.point().equals("/") && !source.equals("/");
      if (!source.isEmpty()
          && !root
          && !KERNELS.contains(mount.type())
          && !ENGINES_FILES.contains(mount.point())) {
        binds.add(new Subject.Bind(source, mount.point(), !mount.options().contains("ro"), false));
      }
    }
    return binds;
  }

  private static boolean isMasked(MountTable mounts) {
    boolean proc = false;
    for (MountTable.Entry mount : mounts.entries()) {
      proc |= mount.point().equals("/proc");
      if (MASKED.contains(mount.point())) {
        return true;
      }
    }
    return !proc;
  }

  private static boolean isReadOnly(MountTable mounts) {
    return mounts.at(Path.of("/")).map(mount -> mount.options().contains("ro")).orElse(true);
  }

  /// The nodes below the container's /dev.
  private List<String> devices() {
    List<String> devices = new ArrayList<>();
    Path root = Path.of("/proc/" + pid + "/root");
    if (!nodes(root, root.resolve("dev"), 2, devices)) {
      unknown.add("its devices");
    }
    return devices.size() > MANY_DEVICES ? List.of("*") : devices;
  }

  private static boolean nodes(Path root, Path folder, int depth, List<String> devices) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Object mode = Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        int type = mode instanceof Integer number ? number & TYPE : 0;
        if (type == CHARACTER || type == BLOCK) {
          devices.add("/" + root.relativize(entry));
        } else if (depth > 1
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
            && !entry.endsWith("pts")) {
          nodes(root, entry, depth - 1, devices);
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  /// Whether a control group of the process, or one around it, limits something; true where no
  /// controller tells.
  private boolean isLimited(String controller, String unified, String old) {
    String groups;
    try {
      groups = Files.readString(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return true;
    }
    boolean told = false;
    for (String line : groups.split("\n", -1)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && (fields[1].isEmpty() || fields[1].equals(controller))) {
        Path top = Path.of("/sys/fs/cgroup", fields[1]);
        String file = fields[1].isEmpty() ? unified : old;
        for (Path group = top.resolve("." + fields[2]).normalize();
            group != null && group.startsWith(top);
            group = group.getParent()) {
          String limit = text(group.resolve(file));
          told |= !limit.isEmpty();
          // Without a limit: a word, or a number near the largest there is.
          if (!limit.isEmpty() && !limit.equals("max") && limit.length() < 18) {
            return true;
          }
        }
      }
    }
    return !told;
  }

  private String label() {
    return text(Path.of("/proc/" + pid + "/attr/current")).replace("\0", "").strip();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static String link(String path) {
    try {
      return Files.readSymbolicLink(Path.of(path)).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
