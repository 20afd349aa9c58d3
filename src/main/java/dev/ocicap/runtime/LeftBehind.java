package dev.ocicap.runtime;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.os.Cgroups;
import dev.ocicap.os.DirectoryTree;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
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
  /// A process that is killed leaves its groups some milliseconds later.
  private static final int ATTEMPTS = 100;

  private static final long PAUSE_MS = 10;

  private LeftBehind() {}

  /// Removes the empty control groups that are named after a container of which nothing else is
  /// left: crun leaves them when the kernel refuses a limit.
  public static void removeGroups(OciRuntime runtime, ContainerId id) {
    for (Path group : groups(runtime, id, Optional.empty())) {
      // The kernel removes no control group that has processes or children.
      group.toFile().delete();
    }
  }

  /// Removes the state and the control groups of a container that was never made whole.
  ///
  /// @param kill whether processes in them are killed: those of a runtime that was killed itself
  ///   still wait for its word
  /// @return the control groups that cannot be removed since somebody is in them
  public static List<Path> remove(KnownContainer container, boolean kill) throws IOException {
    Path state = container.directory().path().resolve(container.id().name());
    Set<Path> groups = groups(container.runtime(), container.id(), cgroupsPath(state));
    DirectoryTree.delete(state);
    List<Path> kept = new ArrayList<>();
    for (Path group : groups) {
      for (int i = kill ? ATTEMPTS : 0; !isRemoved(group) && i > 0; i--) {
        killAll(group);
        pause();
      }
      if (!isRemoved(group)) {
        kept.add(group);
      }
    }
    return kept;
  }

  /// The kernel removes no control group that has processes or children.
  private static boolean isRemoved(Path group) {
    return group.toFile().delete() || !Files.exists(group);
  }

  private static void killAll(Path group) {
    try {
      for (String line : Files.readAllLines(group.resolve("cgroup.procs"))) {
        long pid = Long.parseLong(line);
        // A process of another pid namespace is 0 here.
        if (pid > 0 && pid != ProcessHandle.current().pid()) {
          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // The group is gone, or cannot be looked into: its removal tells.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The control groups that a runtime would have given to the container, as far as they exist.
  private static Set<Path> groups(
      OciRuntime runtime, ContainerId container, Optional<String> configured) {
    String id = container.name();
    String scope = runtime.kind() + "-" + id + ".scope";
    Set<Path> groups = new LinkedHashSet<>();
    for (Cgroups.Hierarchy hierarchy : Cgroups.read(Path.of("/")).hierarchies()) {
      Path top = hierarchy.mountPoint();
      List<Path> candidates = new ArrayList<>();
      candidates.add(top.resolve(id));
      candidates.add(top.resolve(":youki:" + id));
      candidates.add(hierarchy.own().resolve(":youki:" + id));
      candidates.add(top.resolve("system.slice").resolve(scope));
      candidates.add(hierarchy.own().resolve(id));
      candidates.add(hierarchy.own().resolve(scope));
      configured.ifPresent(path -> candidates.add(top.resolve(path.substring(1)).normalize()));
      for (Path group : candidates) {
        // A group that is not named after the container might be anybody's.
        boolean named = String.valueOf(group.getFileName()).contains(id);
        if (named && group.startsWith(top) && Files.isDirectory(group)) {
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
}
