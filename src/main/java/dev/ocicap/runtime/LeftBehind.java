package dev.ocicap.runtime;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.bundle.DirectoryTree;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a runtime leaves of a container when it is killed before it has written down what it made:
/// a directory without a state, and control groups without a process. The runtimes' own `delete`
/// removes the directory and not the control groups.
public final class LeftBehind {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Path OWN_CGROUPS = Path.of("/proc/self/cgroup");

  private LeftBehind() {}

  /// Removes the state and the control groups of a container that was never made whole.
  ///
  /// @return the control groups that cannot be removed since somebody is in them
  public static List<Path> remove(KnownContainer container) throws IOException {
    Path state = container.directory().path().resolve(container.id().name());
    Set<Path> groups = groups(container, state);
    DirectoryTree.delete(state);
    List<Path> kept = new ArrayList<>();
    for (Path group : groups) {
      // The kernel removes no control group that has processes or children.
      if (!group.toFile().delete() && Files.exists(group)) {
        kept.add(group);
      }
    }
    return kept;
  }

  /// The control groups that a runtime would have given to the container, as far as they exist.
  private static Set<Path> groups(KnownContainer container, Path state) throws IOException {
    String id = container.id().name();
    String scope = container.runtime().kind() + "-" + id + ".scope";
    List<String> names = new ArrayList<>();
    names.add("/" + id);
    names.add("/system.slice/" + scope);
    for (String own : ownGroups()) {
      names.add(own + "/" + id);
      names.add(own + "/" + scope);
    }
    cgroupsPath(state).ifPresent(names::add);
    Set<Path> groups = new LinkedHashSet<>();
    for (Path hierarchy : hierarchies()) {
      for (String name : names) {
        Path group = hierarchy.resolve(name.substring(1)).normalize();
        // A group that is not named after the container might be anybody's.
        boolean named = String.valueOf(group.getFileName()).contains(id);
        if (named && group.startsWith(hierarchy) && Files.isDirectory(group)) {
          groups.add(group);
        }
      }
    }
    return groups;
  }

  /// What crun's copy of the configuration says.
  private static Optional<String> cgroupsPath(Path state) {
    Path config = state.resolve(ConfigFile.NAME);
    if (!Files.isRegularFile(config)) {
      return Optional.empty();
    }
    try {
      return new ConfigFile(config)
          .read()
          .find("linux", "cgroupsPath")
          .map(node -> node.asText())
          .filter(path -> path.startsWith("/"));
    } catch (OcicapException e) {
      // It was killed while it wrote this file.
      return Optional.empty();
    }
  }

  /// `/sys/fs/cgroup` where it is version 2, else what is mounted below it.
  private static List<Path> hierarchies() throws IOException {
    List<Path> hierarchies = new ArrayList<>();
    if (Files.exists(CGROUPS.resolve("cgroup.procs"))) {
      return List.of(CGROUPS);
    }
    if (Files.isDirectory(CGROUPS)) {
      try (DirectoryStream<Path> mounted = Files.newDirectoryStream(CGROUPS)) {
        for (Path hierarchy : mounted) {
          if (Files.exists(hierarchy.resolve("cgroup.procs"))) {
            hierarchies.add(hierarchy.toRealPath());
          }
        }
      }
    }
    return hierarchies;
  }

  private static Set<String> ownGroups() throws IOException {
    Set<String> groups = new LinkedHashSet<>();
    for (String line : Files.readString(OWN_CGROUPS, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      int path = line.indexOf(":/");
      if (path >= 0 && line.length() > path + 2) {
        groups.add(line.substring(path + 1));
      }
    }
    return groups;
  }
}
