package dev.ocicap.predict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Program;
import dev.ocicap.os.IdMap;
import dev.ocicap.os.MountedRoot;
import dev.ocicap.os.ProgramFile;
import dev.ocicap.os.Rootfs;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of a bundle as its container will see them: root file system, mounts, and the ids of
/// its user namespace.
public final class ContainerFiles {
  private final Rootfs rootfs;
  private final IdMap uids;
  private final IdMap gids;
  private final boolean keepsNoSetId;

  private ContainerFiles(Rootfs rootfs, IdMap uids, IdMap gids, boolean keepsNoSetId) {
    this.rootfs = rootfs;
    this.uids = uids;
    this.gids = gids;
    this.keepsNoSetId = keepsNoSetId;
  }

  /// Where the program is.
  public sealed interface Located {

    /// A file.
    ///
    /// @param path the path in the container
    /// @param host the path on the host
    /// @param file what it is on disk
    /// @param program what counts of it in the container
    /// @param whyNot why nothing counts, where that is so
    record At(String path, Path host, ProgramFile file, Program program, String whyNot)
        implements Located {}
  }

  /// The container has no such program.
  public record Missing(String reason) implements Located {}

  /// It cannot be said before the container starts.
  public record Unknown(String reason) implements Located {}

  /// The files of a configuration.
  ///
  /// @param directory the bundle
  public static ContainerFiles of(RuntimeConfig config, Path directory, RuntimeModel runtime) {
    List<Rootfs.Mounted> mounts = new ArrayList<>();
    for (Mount mount : config.mounts()) {
      boolean noSetId = false;
      for (String option : mount.options()) {
        noSetId = option.equals("nosuid") || (noSetId && !option.equals("suid"));
      }
      Path source = mount.isBind() ? path(directory, mount.source()) : null;
      mounts.add(new Rootfs.Mounted(mount.destination(), source, noSetId));
    }
    boolean userNamespace = config.hasUserNamespace();
    Path root = path(directory, config.rootPath());
    return new ContainerFiles(
        new Rootfs(
            root == null ? directory.resolve("rootfs") : MountedRoot.seen(directory, root), mounts),
        userNamespace ? map(config, "uidMappings") : IdMap.IDENTITY,
        userNamespace ? map(config, "gidMappings") : IdMap.IDENTITY,
        runtime.keepsNoSetId());
  }

  /// What a configuration maps in its user namespace.
  ///
  /// @param key `uidMappings` or `gidMappings`
  static IdMap map(RuntimeConfig config, String key) {
    List<IdMap.Range> ranges = new ArrayList<>();
    for (JsonNode range : config.elements("linux", key)) {
      ranges.add(
          new IdMap.Range(
              range.path("containerID").asLong(),
              range.path("hostID").asLong(),
              range.path("size").asLong()));
    }
    return new IdMap(ranges);
  }

  private static @Nullable Path path(Path directory, String text) {
    try {
      return directory.resolve(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /// The file system.
  public Rootfs rootfs() {
    return rootfs;
  }

  /// Whether set-id bits and file capabilities do not count in the root file system.
  public boolean ignoresSetId() {
    return keepsNoSetId && Rootfs.isNoSetId(rootfs.root());
  }

  /// What counts of a file in the container.
  Program inside(ProgramFile file) {
    return file.inside(uids, gids);
  }

  /// The program that `process.args` names.
  Located program(RuntimeConfig config) {
    List<String> args = config.args();
    if (args.isEmpty() || args.getFirst().isEmpty()) {
      return new Missing("process.args names no program");
    }
    String cwd = config.find("process", "cwd").map(JsonNode::asText).orElse("/");
    Rootfs.Entry entry = rootfs.program(args.getFirst(), cwd, searchPath(config));
    // Not a switch over types, which is linked anew at each start.
    if (entry instanceof Rootfs.Found found) {
      return located(found);
    }
    Rootfs.Absent absent = (Rootfs.Absent) entry;
    return absent.isUnknown() ? new Unknown(absent.reason()) : new Missing(absent.reason());
  }

  private Located located(Rootfs.Found found) {
    try {
      ProgramFile file = ProgramFile.read(found.host());
      boolean ignored = found.noSetId() || (file.isPrivileged() && ignoresSetId());
      return new Located.At(
          found.path(),
          found.host(),
          file,
          ignored ? Program.PLAIN : inside(file),
          ignored
              ? "they lie on a mount with nosuid"
              : "their ids are not those of the container's user namespace");
    } catch (IOException e) {
      return new Unknown("'" + found.path() + "' cannot be read");
    }
  }

  private static String searchPath(RuntimeConfig config) {
    String path = "";
    for (String variable : config.env()) {
      if (variable.startsWith("PATH=")) {
        path = variable.substring("PATH=".length());
      }
    }
    return path;
  }
}
