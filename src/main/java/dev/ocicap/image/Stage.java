package dev.ocicap.image;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory that is filled beside the place where it will be, and either gets there whole or
/// goes away: also when the work fails, and when the process is told to end. What a process left
/// that was killed goes when the next one begins: the lock on the file beside it is free then.
final class Stage implements AutoCloseable {
  private static final String SUFFIX = ".tmp";
  private static final String LOCK = ".lock";

  private static final AtomicInteger COUNT = new AtomicInteger();

  /// Those of this process: to close any channel of a file gives up the process' lock (fcntl(2)).
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Path place;
  private final FileChannel lock;
  private final Thread hook;

  /// Begins a directory.
  ///
  /// @param place where it will be
  Stage(Path place) {
    Path parent = place.toAbsolutePath().getParent();
    if (parent == null) {
      throw OcicapException.input(Place.file(place.toString()), "is the root directory", null);
    }
    this.place = place;
    String name =
        "."
            + place.getFileName()
            + "."
            + ProcessHandle.current().pid()
            + "-"
            + COUNT.incrementAndGet();
    this.directory = parent.resolve(name + SUFFIX);
    this.hook = new Thread(this::abandon);
    OWN.add(directory);
    try {
      removeStale(parent);
      Directories.makePrivate(parent);
      lock = locked(lockFile(directory));
      DirectoryTree.delete(directory);
      Directories.makePrivate(directory);
    } catch (IOException e) {
      throw failure(e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// A lock file, made and locked: somebody who takes it for stale may remove it in between.
  private static FileChannel locked(Path file) throws IOException {
    while (true) {
      FileChannel channel = FileChannel.open(file, CREATE, WRITE);
      channel.lock();
      if (Files.exists(file)) {
        return channel;
      }
      channel.close();
    }
  }

  Path directory() {
    return directory;
  }

  /// Moves a directory that is in the stage, or the stage itself, to its place.
  ///
  /// @return whether this one came first: another process may have put the same there
  boolean finish(Path part) {
    try {
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      return false;
    } catch (AtomicMoveNotSupportedException e) {
      throw new IllegalStateException("the stage is on another file system", e);
    } catch (FileSystemException e) {
      if (Files.isDirectory(place)) {
        return false;
      }
      throw failure(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Removes what was not moved.
  @Override
  public void close() {
    IOException failed = null;
    try {
      remove();
    } catch (IOException e) {
      failed = e;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return;
    }
    if (failed != null) {
      throw failure(failed);
    }
  }

  OcicapException failure(IOException e) {
    return OcicapException.input(
        Place.file(place.toString()), "cannot write: " + reason(e), null, e);
  }

  private static String reason(IOException e) {
    String reason =
        String.valueOf(
            e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getMessage());
    return reason.isEmpty()
        ? reason
        : Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
  }

  /// Removes the stage while another program may still be writing into it.
  private void abandon() {
    for (int i = 0; i < 20; i++) {
      try {
        remove();
        return;
      } catch (IOException e) {
        try {
          Thread.sleep(100);
        } catch (InterruptedException ended) {
          return;
        }
      }
    }
  }

  private void remove() throws IOException {
    DirectoryTree.delete(directory);
    Files.deleteIfExists(lockFile(directory));
    lock.close();
    OWN.remove(directory);
  }

  private static Path lockFile(Path directory) {
    String name = String.valueOf(directory.getFileName());
    return directory.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + LOCK);
  }

  private static void removeStale(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    // The lock file comes first and goes last.
    try (var locks = Files.newDirectoryStream(parent, ".*" + LOCK)) {
      for (Path file : locks) {
        String name = String.valueOf(file.getFileName());
        Path entry = file.resolveSibling(name.substring(0, name.length() - LOCK.length()) + SUFFIX);
        if (!OWN.contains(entry)) {
          removeIfStale(entry);
        }
      }
    }
  }

  private static void removeIfStale(Path entry) throws IOException {
    try (FileChannel channel = FileChannel.open(lockFile(entry), WRITE)) {
      if (channel.tryLock() != null) {
        DirectoryTree.delete(entry);
        Files.deleteIfExists(lockFile(entry));
      }
    } catch (NoSuchFileException e) {
      // Somebody else has removed it.
    }
  }
}
