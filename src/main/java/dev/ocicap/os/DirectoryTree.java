package dev.ocicap.os;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A directory with everything in it. Symbolic links are never followed.
public final class DirectoryTree {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private DirectoryTree() {}

  /// Makes a directory and those above it that are missing; another process may make the same ones.
  ///
  /// @param made is told each directory as it is made, the outermost first
  /// @throws IOException when something else is in the place of one, or it cannot be made
  public static void create(Path path, Consumer<Path> made) throws IOException {
    List<Path> missing = new ArrayList<>();
    @Nullable Path at = path.toAbsolutePath().normalize();
    if (at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(at);
        made.accept(at);
        return;
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        // Another was faster, or those above it are missing too.
      }
    }
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

  /// The names of what is in a directory. (A stream of paths links a lambda when it is closed,
  /// which a cold start feels.)
  ///
  /// @return null when it cannot be read
  public static @Nullable List<String> names(Path directory) {
    String[] names = directory.toFile().list();
    return names == null ? null : List.of(names);
  }

  /// Removes a directory unless there is something in it.
  public static void deleteEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // It stays with what is in it.
    }
  }

  /// Removes a file or directory and everything in it, also what its modes protect from the owner;
  /// what symbolic links point to stays. Nothing happens when it does not exist, and what another
  /// removes at the same time is as good.
  public static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
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
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
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
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Gives the owner all rights on a directory, where files have modes.
  ///
  /// @return whether that changed something
  public static boolean open(Path directory) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(
            directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return false;
    }
    Set<PosixFilePermission> modes = new HashSet<>(view.readAttributes().permissions());
    boolean changed = modes.addAll(OWNER);
    if (changed) {
      // Not by the view, which opens what it may not.
      Files.setPosixFilePermissions(directory, modes);
    }
    return changed;
  }
}
