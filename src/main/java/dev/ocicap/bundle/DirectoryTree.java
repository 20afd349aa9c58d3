package dev.ocicap.bundle;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A directory with everything in it.
public final class DirectoryTree {
  private DirectoryTree() {}

  /// Makes a directory and those above it that are missing; another process may make the same ones.
  ///
  /// @param made is told each directory as it is made, the outermost first
  /// @throws IOException when something else is in the place of one, or it cannot be made
  public static void create(Path path, Consumer<Path> made) throws IOException {
    List<Path> missing = new ArrayList<>();
    @Nullable Path at = path.toAbsolutePath().normalize();
    while (at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      missing.addFirst(at);
      at = at.getParent();
    }
    for (Path directory : missing) {
      try {
        Files.createDirectory(directory);
        made.accept(directory);
      } catch (FileAlreadyExistsException e) {
        // Another was faster; what it is, is looked at below.
      }
    }
    if (!Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
  }

  /// Removes a directory unless there is something in it.
  public static void deleteEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // It stays with what is in it.
    }
  }

  /// Removes a file or directory and everything in it; what symbolic links point to stays. Nothing
  /// happens when it does not exist.
  public static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
