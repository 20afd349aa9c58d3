package dev.ocicap.bundle;

import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.FileStream;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One configuration file: read whole, and replaced as a whole or not at all.
///
/// @param path the file as the user named it
public record ConfigFile(Path path) {
  /// The name that a bundle's configuration has (bundle.md).
  public static final String NAME = "config.json";

  /// Larger texts are refused: no configuration is near, and all of it is held in memory.
  public static final int MAX_BYTES = 16 * 1024 * 1024;

  /// The bits of a file's type in its mode, and those of a named pipe (inode(7)).
  private static final int FILE_TYPE = 0170000;

  private static final int NAMED_PIPE = 0010000;

  /// As many symbolic links as the kernel follows (path_resolution(7)).
  private static final int MAX_LINKS = 40;

  private static final int PERMISSIONS = 07777;

  private static final String TEMPORARY = ".config.json.";
  private static final String TEMPORARY_END = ".tmp";

  private static final Set<PosixFilePermission> NEW_FILE_MODE =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.OTHERS_READ);

  /// The file that a path means: config.json in a directory, else the path itself.
  ///
  /// @throws OcicapException when there is no such file, or a directory holds no config.json
  public static ConfigFile find(Path path) {
    if (!Files.isDirectory(path)) {
      if (!Files.exists(path)) {
        followLinks(path);
        throw OcicapException.input(
            Place.file(path.toString()),
            "no such file or directory",
            "ocicap generate "
                + (path.toString().endsWith(".json") ? "--output " : "--bundle ")
                + path);
      }
      return new ConfigFile(path);
    }
    ConfigFile config = new ConfigFile(path.resolve(NAME));
    if (!Files.exists(config.path())) {
      throw OcicapException.input(
          Place.file(path.toString()),
          "not a bundle: it holds no config.json",
          "ocicap generate --bundle " + path);
    }
    return config;
  }

  /// Tells a symbolic link that leads to itself from a missing file.
  private static void followLinks(Path path) {
    try {
      missing(path);
    } catch (IOException e) {
      throw failure(path, "cannot read", e);
    }
  }

  /// Refuses a named pipe: to open one waits for a writer, perhaps for ever. What a shell or a
  /// caller has opened already, `/dev/stdin` or `/dev/fd/63`, is none.
  ///
  /// @param hint what to type instead
  /// @throws OcicapException for a named pipe
  public static void requireNoPipe(Path path, @Nullable String hint) {
    if (Files.isRegularFile(path) || !Files.exists(path)) {
      return;
    }
    boolean isOpen =
        path.startsWith("/dev/fd") || path.startsWith("/dev/stdin") || path.startsWith("/proc");
    if (!isOpen && type(path) == NAMED_PIPE) {
      throw OcicapException.input(
          Place.file(path.toString()), "is a named pipe, and reading it might wait for ever", hint);
    }
  }

  private static int type(Path path) {
    try {
      return (int) Files.getAttribute(path, "unix:mode") & FILE_TYPE;
    } catch (IOException e) {
      throw failure(path, "cannot read", e);
    }
  }

  /// Reads the configuration.
  ///
  /// @throws OcicapException when it cannot be read or is not a JSON object
  public RuntimeConfig read() {
    requireNoPipe(path, "cat " + path + " | ocicap edit -");
    try (InputStream in = FileStream.open(path)) {
      return read(path.toString(), in);
    } catch (IOException e) {
      throw failure(path, "cannot read", e);
    }
  }

  /// Reads a configuration from a stream.
  ///
  /// @param name how places name it; `-` for standard input
  /// @throws OcicapException when it is not a JSON object, or too large
  public static RuntimeConfig read(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw OcicapException.input(
          Place.file(name), "larger than " + MAX_BYTES / 1024 / 1024 + " MiB", null);
    }
    return RuntimeConfig.parse(name, bytes);
  }

  /// Makes the file, which must not exist yet, not even as a symbolic link to nothing.
  ///
  /// @throws OcicapException when it exists or cannot be written
  public void create(RuntimeConfig config) {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw OcicapException.input(
          Place.file(path.toString()), "exists already", "ocicap edit " + path);
    }
    write(config, path, null);
  }

  /// Makes the file at once, in a directory where nobody else makes or looks for it.
  ///
  /// @throws OcicapException when it cannot be written
  public void createAlone(RuntimeConfig config) {
    try {
      FileStream.create(path, config.text());
    } catch (IOException e) {
      throw failure(path, "cannot write", e);
    }
  }

  /// Replaces the file's content, or makes the file. A text that is the same is not written.
  /// Another process sees the old or the new content, never a part; mode and owner stay; what a
  /// symbolic link points to is replaced, not the link. A device or a pipe is written to.
  ///
  /// @throws OcicapException when it cannot be written; the old content is then untouched
  public void replace(RuntimeConfig config) {
    try {
      boolean exists = Files.exists(path);
      if (exists && Files.isDirectory(path)) {
        throw OcicapException.input(
            Place.file(path.toString()), "cannot write: is a directory", path + "/" + NAME);
      }
      if (exists && !Files.isRegularFile(path)) {
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
          write(config, out);
        }
        return;
      }
      Path target = exists ? path.toRealPath() : missing(path);
      if (exists && isSame(target, config)) {
        return;
      }
      if (exists) {
        target.getFileSystem().provider().checkAccess(target, AccessMode.WRITE);
      }
      write(config, target, exists ? target : null);
      if (exists) {
        removeLeftovers(target);
      }
    } catch (IOException e) {
      throw failure(path, "cannot write", e);
    }
  }

  /// Where a file that is not there is to be made: at the end of the symbolic links that a path
  /// leads along.
  private static Path missing(Path path) throws IOException {
    Path target = path;
    for (int i = 0; Files.isSymbolicLink(target); i++) {
      if (i == MAX_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /// Removes what writers that were killed in the middle left behind: a minute old, since a younger
  /// one may still be at work, which takes milliseconds.
  private static void removeLeftovers(Path target) {
    long minuteAgo = System.currentTimeMillis() - 60_000;
    List<String> names = DirectoryTree.names(target.toAbsolutePath().resolveSibling("."));
    try {
      for (String name : names == null ? List.<String>of() : names) {
        if (name.startsWith(TEMPORARY) && name.endsWith(TEMPORARY_END)) {
          Path file = target.resolveSibling(name);
          if (Files.getLastModifiedTime(file).toMillis() < minuteAgo) {
            Files.deleteIfExists(file);
          }
        }
      }
    } catch (IOException e) {
      // The new file is in its place; what else lies there is not worth an error.
    }
  }

  private static boolean isSame(Path target, RuntimeConfig config) throws IOException {
    byte[] text = config.text().getBytes(StandardCharsets.UTF_8);
    return Files.size(target) == text.length
        && java.util.Arrays.equals(Files.readAllBytes(target), text);
  }

  private void write(RuntimeConfig config, Path target, @Nullable Path old) {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null) {
      throw OcicapException.input(Place.file(path.toString()), "is not a file", null);
    }
    Path temporary =
        directory.resolve(TEMPORARY + Long.toHexString(System.nanoTime()) + TEMPORARY_END);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        if (old == null) {
          Files.setPosixFilePermissions(temporary, NEW_FILE_MODE);
        } else {
          copyAttributes(old, temporary);
        }
        ByteBuffer text = ByteBuffer.wrap(config.text().getBytes(StandardCharsets.UTF_8));
        while (text.hasRemaining()) {
          channel.write(text);
        }
        if (old != null) {
          // What was there must not be lost with the power.
          channel.force(true);
        }
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw failure(path, "cannot write", e);
    }
  }

  private static void copyAttributes(Path old, Path temporary) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(old, "unix:mode,uid,gid");
    Map<String, Object> own = Files.readAttributes(temporary, "unix:uid,gid");
    for (String id : new String[] {"uid", "gid"}) {
      Object wanted = attributes.get(id);
      if (wanted != null && !wanted.equals(own.get(id))) {
        Files.setAttribute(temporary, "unix:" + id, wanted);
      }
    }
    if (attributes.get("mode") instanceof Integer mode) {
      Files.setAttribute(temporary, "unix:mode", mode & PERMISSIONS);
    }
  }

  /// The error for a file that the system refuses, in the system's words.
  ///
  /// @param what what was tried: `cannot read`
  public static OcicapException failure(Path path, String what, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException denied -> "permission denied";
          case NoSuchFileException missing -> "no such file or directory";
          case NotDirectoryException file -> "not a directory";
          case FileAlreadyExistsException exists -> "exists already";
          case FileSystemLoopException loop -> "too many levels of symbolic links";
          case FileSystemException system when system.getReason() != null ->
              lower(system.getReason());
          default -> lower(String.valueOf(e.getMessage()));
        };
    return OcicapException.input(Place.file(path.toString()), what + ": " + reason, null, e);
  }

  private static String lower(String reason) {
    return reason.isEmpty()
        ? reason
        : Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
  }

  /// Writes a configuration to a stream.
  public static void write(RuntimeConfig config, OutputStream out) throws IOException {
    out.write(config.text().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
