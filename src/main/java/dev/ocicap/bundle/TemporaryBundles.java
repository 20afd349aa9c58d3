package dev.ocicap.bundle;

import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// Bundles that live as long as their container: `/run/ocicap` for root, `$XDG_RUNTIME_DIR/ocicap`
/// or `/tmp/ocicap-UID` for others. A bundle removes itself when its container has ended; what a
/// kill left behind is removed when the next one is made.
///
/// @param directory where they are
public record TemporaryBundles(Path directory) {
  private static final String OWNER = "owner";

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
  /// @throws OcicapException when it exists, or the place belongs to somebody else
  public Path make(String id, String owner) {
    Path bundle = directory.resolve(id);
    try {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS)
          .equals(Files.getOwner(Path.of("/proc/self")))) {
        throw OcicapException.input(
            Place.file(directory.toString()), "belongs to somebody else", "--bundle DIR");
      }
      sweep();
      Files.createDirectory(bundle);
      Files.writeString(bundle.resolve(OWNER), identity(owner) + "\n", StandardCharsets.US_ASCII);
      return bundle;
    } catch (IOException e) {
      throw ConfigFile.failure(bundle, "cannot make the directory", e);
    }
  }

  /// Removes the bundles whose process has ended without a word and that no runtime knows.
  private void sweep() throws IOException {
    try (DirectoryStream<Path> bundles = Files.newDirectoryStream(directory)) {
      for (Path bundle : bundles) {
        Path owner = bundle.resolve(OWNER);
        if (Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS) && isStale(bundle, owner)) {
          DirectoryTree.delete(bundle);
        }
      }
    }
  }

  private static boolean isStale(Path bundle, Path owner) {
    String id = String.valueOf(bundle.getFileName());
    for (String state : List.of("/run/runc", "/run/crun", "/run/youki")) {
      if (Files.exists(Path.of(state, id))) {
        return false;
      }
    }
    try {
      Optional<ProcessIdentity> process =
          ProcessIdentity.parse(Files.readString(owner, StandardCharsets.US_ASCII).strip());
      return process.isPresent() && !process.get().isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  private static String identity(String pid) throws IOException {
    Optional<ProcessIdentity> process =
        pid.equals("self")
            ? Optional.of(ProcessIdentity.self())
            : ProcessIdentity.of(Long.parseLong(pid));
    return process.map(ProcessIdentity::toString).orElse("");
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
