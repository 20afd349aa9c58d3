package dev.ocicap.image;

import dev.ocicap.os.DirectoryTree;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/// Work on whole directories. Symbolic links are never followed.
final class Directories {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private Directories() {}

  /// Makes a directory, and those above it, that only the user may enter.
  static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
  }

  /// Lets the owner read every file and enter every directory. Without root an image's files belong
  /// to the caller, whom the kernel holds to their modes.
  static void makeReadable(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && !Files.isReadable(path)) {
              Set<PosixFilePermission> modes = permissions(path);
              modes.add(PosixFilePermission.OWNER_READ);
              Files.setPosixFilePermissions(path, modes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !DirectoryTree.open(path)) {
              throw e;
            }
            makeReadable(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    return new HashSet<>(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }
}
