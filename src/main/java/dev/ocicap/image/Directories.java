package dev.ocicap.image;

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
import org.jspecify.annotations.Nullable;

/// Work on whole directories. Symbolic links are never followed.
final class Directories {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private Directories() {}

  /// Makes a directory, and those above it, that only the user may enter.
  static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
  }

  /// Removes a directory and everything in it, also what its modes protect from the owner; nothing
  /// happens when it does not exist.
  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            open(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !open(path)) {
              throw e;
            }
            delete(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(path);
            return FileVisitResult.CONTINUE;
          }
        });
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
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !open(path)) {
              throw e;
            }
            makeReadable(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Gives the owner all rights on a directory; whether that changed something.
  private static boolean open(Path directory) throws IOException {
    Set<PosixFilePermission> modes = permissions(directory);
    boolean changed = modes.addAll(PRIVATE);
    if (changed) {
      Files.setPosixFilePermissions(directory, modes);
    }
    return changed;
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    return new HashSet<>(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }
}
