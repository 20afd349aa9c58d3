package dev.ocicap.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Recognises containers by the names of their control groups, `/proc/PID/cgroup` (cgroups(7)).
final class CgroupPath {
  private static final int ID_LENGTH = 64;

  private CgroupPath() {}

  /// The paths in the text of a `cgroup` file, without `/`.
  static List<String> paths(String text) {
    List<String> paths = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      String line = text.substring(start, end);
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (first > 0 && second > 0) {
        String path = line.substring(second + 1);
        if (path.length() > 1 && !paths.contains(path)) {
          paths.add(path);
        }
      }
      start = end + 1;
    }
    return paths;
  }

  /// The container whose engine names control groups after it: `/docker/ID`, `docker-ID.scope`,
  /// `cri-containerd-ID.scope`, `libpod-ID.scope`, `crio-ID.scope`, or a bare id below `kubepods`.
  static Optional<Container> container(String path) {
    boolean kubernetes = path.contains("kubepods");
    int end = path.length();
    while (end > 0) {
      int slash = path.lastIndexOf('/', end - 1);
      String name = path.substring(slash + 1, end);
      String around = slash <= 0 ? "" : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
      Optional<Container> found = named(name, around, kubernetes);
      if (found.isPresent()) {
        return found;
      }
      end = slash;
    }
    return Optional.empty();
  }

  private static Optional<Container> named(String name, String around, boolean kubernetes) {
    String bare = name.endsWith(".scope") ? name.substring(0, name.length() - 6) : name;
    if (bare.length() < ID_LENGTH || !isId(bare.substring(bare.length() - ID_LENGTH))) {
      return Optional.empty();
    }
    String id = bare.substring(bare.length() - ID_LENGTH);
    String prefix = bare.substring(0, bare.length() - ID_LENGTH);
    // `SLICE:ENGINE:ID`, a path meant for systemd, made by a runtime that was not told of systemd.
    if (prefix.endsWith(":")) {
      prefix = prefix.substring(prefix.lastIndexOf(':', prefix.length() - 2) + 1);
      prefix = prefix.substring(0, prefix.length() - 1) + "-";
    }
    String engine =
        switch (prefix) {
          case "docker-" -> "docker";
          case "libpod-", "libpod-payload-" -> "podman";
          case "crio-" -> "cri-o";
          case "cri-containerd-", "nerdctl-" -> "containerd";
          case "" ->
              switch (around) {
                case "docker" -> "docker";
                case "libpod_parent" -> "podman";
                default -> kubernetes ? "kubernetes" : "containerd";
              };
          default -> "";
        };
    if (engine.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Container(id, kubernetes ? "kubernetes" : engine, ""));
  }

  private static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
