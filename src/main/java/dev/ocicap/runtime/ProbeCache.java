package dev.ocicap.runtime;

import dev.ocicap.os.FileStream;
import dev.ocicap.os.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Answers of runtimes that were asked before, one file each in `$XDG_CACHE_HOME/ocicap`, else in
/// `$HOME/.cache/ocicap`. An answer holds as long as the program has the path, the modification
/// time and the size that stand in its file.
///
/// Only what this user alone can have written is read: the directory and the file are the user's
/// own, and nobody else may write to them. Whatever is wrong with a file, or with the directory,
/// means that the runtime is asked again and nothing more.
///
/// @param directory where the files are, or null when there is no place for them
/// @param uid the effective user id
record ProbeCache(@Nullable Path directory, long uid) {
  private static final String MAGIC = "ocicap runtime 1\n";
  private static final String END = "\nend\n";
  private static final int LARGEST = 4 * 1024 * 1024;
  private static final int WRITABLE_BY_OTHERS = 022;

  /// The cache of a user.
  ///
  /// @param env the user's environment
  static ProbeCache of(Map<String, String> env) {
    String cache = env.getOrDefault("XDG_CACHE_HOME", "");
    String home = env.getOrDefault("HOME", "");
    try {
      Path directory = null;
      if (cache.startsWith("/")) {
        directory = Path.of(cache, "ocicap");
      } else if (home.startsWith("/") && Files.isDirectory(Path.of(home))) {
        directory = Path.of(home, ".cache", "ocicap");
      }
      return new ProbeCache(directory, ProcessStatus.self().uid().effective());
    } catch (IOException | InvalidPathException e) {
      return new ProbeCache(null, -1);
    }
  }

  /// What the program answered, if that is known.
  Optional<RuntimeProbe> find(Path program) {
    if (directory == null || !isPrivate(directory)) {
      return Optional.empty();
    }
    Path file = file(directory, program);
    try {
      if (!isPrivate(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      return parse(FileStream.text(file, StandardCharsets.UTF_8), header(program));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Remembers an answer, if there is a place for it.
  ///
  /// @param header the program's header from before it was asked
  void put(Path program, String header, RuntimeProbe probe) {
    if (directory == null) {
      return;
    }
    Path temporary = null;
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!isPrivate(directory)) {
        return;
      }
      Path file = file(directory, program);
      temporary =
          directory.resolve("." + file.getFileName() + "." + Long.toHexString(System.nanoTime()));
      Files.deleteIfExists(temporary);
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          temporary, print(header, probe), StandardCharsets.UTF_8, StandardOpenOption.WRITE);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      remove(temporary);
    }
  }

  private static void remove(@Nullable Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // The next answer of a process with this id replaces it.
    }
  }

  /// What makes an answer hold: the program's path, modification time and size.
  ///
  /// @throws IOException when there is no such program
  static String header(Path program) throws IOException {
    return program.toString().replace("\n", "\\n")
        + "\n"
        + Files.getLastModifiedTime(program).to(TimeUnit.NANOSECONDS)
        + " "
        + Files.size(program)
        + "\n";
  }

  /// A name that tells the program, and apart from others of this name.
  private static Path file(Path directory, Path program) {
    long hash = 0xcbf29ce484222325L;
    String path = program.toString();
    for (int i = 0; i < path.length(); i++) {
      hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
    }
    return directory.resolve(program.getFileName() + "-" + Long.toHexString(hash));
  }

  private boolean isPrivate(Path path) {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      return attributes.get("uid") instanceof Integer owner
          && owner == uid
          && attributes.get("mode") instanceof Integer mode
          && (mode & WRITABLE_BY_OTHERS) == 0;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /// The header, the number of characters of the banner, the banner, and the features if the
  /// runtime has any.
  static String print(String header, RuntimeProbe probe) {
    String features = probe.features().orElse("");
    return MAGIC
        + header
        + probe.banner().length()
        + " "
        + (probe.features().isPresent() ? features.length() : -1)
        + "\n"
        + probe.banner()
        + features
        + END;
  }

  /// The answer in the text of a file; empty when it is another program's, or not whole.
  static Optional<RuntimeProbe> parse(String text, String header) {
    if (!text.startsWith(MAGIC + header)) {
      return Optional.empty();
    }
    int start = MAGIC.length() + header.length();
    int blank = text.indexOf(' ', start);
    int line = text.indexOf('\n', start);
    if (blank < 0 || line < blank) {
      return Optional.empty();
    }
    try {
      int banner = Integer.parseInt(text.substring(start, blank));
      int features = Integer.parseInt(text.substring(blank + 1, line));
      int from = line + 1;
      // Each below the text's length, so that their sum is a number.
      if (banner < 0 || banner > text.length() || features > text.length()) {
        return Optional.empty();
      }
      int end = from + banner + Math.max(features, 0);
      if (end > text.length() || !text.substring(end).equals(END)) {
        return Optional.empty();
      }
      return Optional.of(
          new RuntimeProbe(
              text.substring(from, from + banner),
              features < 0 ? Optional.empty() : Optional.of(text.substring(from + banner, end))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
