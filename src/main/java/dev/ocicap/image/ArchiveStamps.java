package dev.ocicap.image;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The digests of archives that were read before, so that the next use of a large one need not read
/// it again: kept in the user's cache under the archive's path, each with the file's number, its
/// size, and when it was last changed (inode(7): the ctime, which nobody can set back).
final class ArchiveStamps {
  /// A file that changed within the resolution of its file system's clock looks unchanged.
  private static final long SETTLED_MILLIS = 2_000;

  private static final int HEX_LENGTH = 64;

  private final Path directory;

  /// The stamps of a cache.
  ///
  /// @param cache the cache of images, a directory that only the user may enter
  ArchiveStamps(Path cache) {
    this.directory = cache.resolve("archives");
  }

  /// What tells one state of a file from another.
  ///
  /// @param text its numbers
  /// @param settled whether a later change could not look the same
  record Stamp(String text, boolean settled) {}

  /// How a file looks now; null when nobody can tell.
  static @Nullable Stamp of(Path file) {
    try {
      Map<String, Object> unix = Files.readAttributes(file, "unix:dev,ino,size,ctime");
      if (!(unix.get("ctime") instanceof FileTime changed)) {
        return null;
      }
      String text =
          unix.get("dev")
              + " "
              + unix.get("ino")
              + " "
              + unix.get("size")
              + " "
              + changed.to(TimeUnit.NANOSECONDS);
      return new Stamp(text, System.currentTimeMillis() - changed.toMillis() > SETTLED_MILLIS);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /// The digest that a file had when it looked like this.
  Optional<String> find(Path file, @Nullable Stamp stamp) {
    try {
      if (stamp == null) {
        return Optional.empty();
      }
      String text = Files.readString(entry(file), StandardCharsets.UTF_8);
      int line = text.indexOf('\n');
      return line == HEX_LENGTH && text.substring(line + 1).equals(stamp.text())
          ? Optional.of(text.substring(0, line))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /// Keeps a digest. Where nothing can be kept, the archive is read again the next time.
  ///
  /// @param stamp how the file looked before it was read
  void keep(Path file, @Nullable Stamp stamp, String digest) {
    Stamp now = of(file);
    if (stamp == null || now == null || !stamp.settled() || !stamp.text().equals(now.text())) {
      return;
    }
    try {
      Path entry = entry(file);
      Files.createDirectories(directory);
      Path written =
          entry.resolveSibling(entry.getFileName() + "." + ProcessHandle.current().pid());
      try (OutputStream out = new FileOutputStream(written.toFile())) {
        out.write((digest + "\n" + stamp.text()).getBytes(StandardCharsets.UTF_8));
      }
      Files.move(written, entry, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // A cache that is full or read-only costs time, nothing else.
    }
  }

  private Path entry(Path file) throws IOException {
    return directory.resolve(
        Sha256.of(file.toRealPath().toString().getBytes(StandardCharsets.UTF_8)));
  }
}
