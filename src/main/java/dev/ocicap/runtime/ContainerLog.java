package dev.ocicap.runtime;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The output of a detached container, `output-ID.log` in its bundle: each container has a file of
/// its own, also where several share a bundle, and only its owner reads it.
///
/// @param file the file
public record ContainerLog(Path file) {
  private static final String PREFIX = "output-";
  private static final String SUFFIX = ".log";

  /// The log of a container.
  ///
  /// @param bundle its bundle
  public static ContainerLog of(Path bundle, ContainerId id) {
    return new ContainerLog(bundle.resolve(PREFIX + id.name() + SUFFIX));
  }

  /// Makes the file, or empties that of an earlier container of this name. A bundle may come from
  /// anywhere: a link in its place is not followed.
  ///
  /// @throws OcicapException when that cannot be done
  public void begin() {
    Set<OpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("it is not a file");
      }
      Files.newByteChannel(
              file,
              options,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          .close();
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(file.toString()),
          "cannot keep the container's output there: " + reason(e),
          "--inherit-output",
          e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : e instanceof java.nio.file.AccessDeniedException
            ? "permission denied"
            : String.valueOf(e.getMessage());
  }

  /// Where a runtime tells that the container has begun, while somebody waits for that.
  public Path pidFile() {
    return file.resolveSibling(file.getFileName() + ".pid");
  }
}
