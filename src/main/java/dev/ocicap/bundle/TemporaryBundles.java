package dev.ocicap.bundle;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.FileStream;
import dev.ocicap.os.MountedRoot;
import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Bundles that live as long as their container: `/run/ocicap` for root, `$XDG_RUNTIME_DIR/ocicap`
/// or `/tmp/ocicap-UID` for others. A bundle removes itself when its container has ended; what a
/// kill left behind is removed when the next one is made.
///
/// @param directory where they are
public record TemporaryBundles(Path directory) {
  /// What a container changes in the root file system that its image gives it, in its bundle.
  public static final String CHANGES = "changes";

  /// What the kernel works with where that is mounted, in the bundle too.
  public static final String WORK = "work";

  private static final String UID = "unix:uid";

  private static final String FILE = ".process.json";
  private static final long UNUSED = 60_000;

  /// The place for a user.
  ///
  /// @param uid the effective user id
  /// @param runtimeDirectory `$XDG_RUNTIME_DIR`, or ""
  public static TemporaryBundles of(long uid, String runtimeDirectory) {
    if (uid == 0) {
      return new TemporaryBundles(Path.of("/run/ocicap"));
    }
    return new TemporaryBundles(
        runtimeDirectory.startsWith("/")
            ? Path.of(runtimeDirectory, "ocicap")
            : Path.of("/tmp/ocicap-" + uid));
  }

  /// A new directory for the bundle of a container.
  ///
  /// @param id the container's name
  /// @param owner the process that becomes the runtime: its id, or `self`
  /// @param state what exists as long as the runtime has the container, or null when the owner
  ///   stays as long as it does
  /// @throws OcicapException when it exists, the place belongs to somebody else, or the owner is no
  ///   more
  public Path make(String id, String owner, @Nullable Path state) {
    Path bundle = directory.resolve(id);
    try {
      open();
      String identity = identity(owner);
      Files.createDirectory(bundle);
      FileStream.create(
          bundle.resolve(MountedRoot.OWNER),
          identity + "\n" + (state == null ? "" : state.toAbsolutePath() + "\n"));
      return bundle;
    } catch (IOException e) {
      throw ConfigFile.failure(bundle, "cannot make the directory", e);
    }
  }

  /// An empty directory on which each runtime mounts its container's root file system, in a mount
  /// namespace of its own.
  ///
  /// @throws OcicapException when it cannot be made
  public Path place() {
    Path place = directory.resolve(MountedRoot.PLACE);
    try {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        DirectoryTree.create(place, made -> {});
      }
      return place;
    } catch (IOException e) {
      throw ConfigFile.failure(place, "cannot make the directory", e);
    }
  }

  /// Where the files of a bundle's root file system can be read ([MountedRoot#seen]).
  ///
  /// @param bundle the bundle's directory
  /// @param root `root.path`, made absolute
  public static Path seen(Path bundle, Path root) {
    return MountedRoot.seen(bundle, root);
  }

  private void open() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    // The user's id: its name would be looked up in files, or over a network.
    if (!Files.getAttribute(directory, UID, LinkOption.NOFOLLOW_LINKS)
        .equals(Files.getAttribute(Path.of("/proc/self"), UID))) {
      throw OcicapException.input(
          Place.file(directory.toString()), "belongs to somebody else", "--bundle DIR");
    }
    sweep();
  }

  /// Writes a file that nobody else can read, for a program that is about to begin and that removes
  /// it.
  ///
  /// @throws OcicapException when it cannot be written
  public Path write(String text) {
    try {
      open();
      Path file = directory.resolve(ProcessIdentity.self() + FILE);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw ConfigFile.failure(directory, "cannot write a file", e);
    }
  }

  /// Removes the bundles whose process has ended without a word and that no runtime knows, and the
  /// files of which nobody has made use.
  private void sweep() throws IOException {
    List<String> names = DirectoryTree.names(directory);
    if (names == null) {
      throw new IOException("'" + directory + "' cannot be read");
    }
    for (String name : names) {
      if (name.equals(MountedRoot.PLACE)) {
        continue;
      }
      Path entry = directory.resolve(name);
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
          ? isStale(entry) && (hasOwner(entry) || isOld(entry))
          : isUnused(entry)) {
        DirectoryTree.delete(entry);
      }
    }
  }

  /// Whether a file is older than the time that lies between its making and its use.
  private static boolean isUnused(Path file) throws IOException {
    return file.toString().endsWith(FILE)
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && isOld(file);
  }

  private static boolean isOld(Path entry) throws IOException {
    return Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis()
        < System.currentTimeMillis() - UNUSED;
  }

  /// Whether who makes a bundle came as far as to say so.
  private static boolean hasOwner(Path bundle) {
    return Files.isRegularFile(bundle.resolve(MountedRoot.OWNER), LinkOption.NOFOLLOW_LINKS);
  }

  /// Whether there is a bundle for a container, and neither the process that made it nor a runtime
  /// knows of it any more.
  ///
  /// @param id the container's name
  public boolean isAbandoned(String id) {
    Path bundle = directory.resolve(id);
    return Files.isDirectory(bundle, LinkOption.NOFOLLOW_LINKS) && isStale(bundle);
  }

  /// Removes such a bundle.
  ///
  /// @param id the container's name
  /// @throws OcicapException when some of it cannot be removed
  public void removeAbandoned(String id) {
    if (isAbandoned(id)) {
      remove(directory.resolve(id));
    }
  }

  private static boolean isStale(Path bundle) {
    String id = String.valueOf(bundle.getFileName());
    for (String state : List.of("/run/runc", "/run/crun", "/run/youki")) {
      if (Files.exists(Path.of(state, id))) {
        return false;
      }
    }
    if (!hasOwner(bundle)) {
      return true;
    }
    try {
      String text = FileStream.text(bundle.resolve(MountedRoot.OWNER), StandardCharsets.UTF_8);
      int line = text.indexOf('\n');
      if (line < 0) {
        return true;
      }
      String state = text.substring(line + 1);
      Optional<ProcessIdentity> owner = ProcessIdentity.parse(text.substring(0, line));
      return (owner.isEmpty() || !owner.get().isAlive())
          && (!state.endsWith("\n")
              || !Files.exists(Path.of(state.substring(0, state.length() - 1))));
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private static String identity(String pid) throws IOException {
    Optional<ProcessIdentity> process =
        pid.equals("self")
            ? Optional.of(ProcessIdentity.self())
            : ProcessIdentity.of(Long.parseLong(pid));
    return process
        .orElseThrow(() -> new IOException("process " + pid + ", which wanted it, has ended"))
        .toString();
  }

  /// Removes a bundle.
  ///
  /// @throws OcicapException when some of it cannot be removed
  public static void remove(Path bundle) {
    try {
      DirectoryTree.delete(bundle);
    } catch (IOException e) {
      throw ConfigFile.failure(bundle, "cannot remove", e);
    }
  }
}
