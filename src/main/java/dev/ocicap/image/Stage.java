package dev.ocicap.image;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A directory that is filled beside the place where it will be, and either gets there whole or
/// goes away: also when the work fails, and when the process is told to end.
final class Stage implements AutoCloseable {
  private static final String SUFFIX = ".tmp";

  /// Directories that were left behind by a process that was killed are removed after a day.
  private static final long STALE_MILLIS = 24L * 60 * 60 * 1000;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path directory;
  private final Path place;
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
    this.directory =
        parent.resolve(
            "."
                + place.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "-"
                + COUNT.incrementAndGet()
                + SUFFIX);
    this.hook = new Thread(this::abandon);
    try {
      removeStale(parent);
      Directories.delete(directory);
      Directories.makePrivate(directory);
    } catch (IOException e) {
      throw failure(e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
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
      Directories.delete(directory);
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

  private static @Nullable String reason(IOException e) {
    return e instanceof FileSystemException f && f.getReason() != null
        ? f.getReason()
        : e.getMessage();
  }

  /// Removes the stage while another program may still be writing into it.
  private void abandon() {
    for (int i = 0; i < 20; i++) {
      try {
        Directories.delete(directory);
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

  private static void removeStale(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (var entries = Files.newDirectoryStream(parent, ".*" + SUFFIX)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        int dot = name.lastIndexOf('.', name.length() - SUFFIX.length() - 1);
        int dash = name.indexOf('-', dot);
        if (dash > 0 && isStale(entry, name.substring(dot + 1, dash))) {
          Directories.delete(entry);
        }
      }
    }
  }

  private static boolean isStale(Path entry, String pid) throws IOException {
    long number;
    try {
      number = Long.parseLong(pid);
    } catch (NumberFormatException e) {
      return false;
    }
    return System.currentTimeMillis() - Files.getLastModifiedTime(entry).toMillis() > STALE_MILLIS
        && ProcessHandle.of(number).isEmpty();
  }
}
