package dev.ocicap.validate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A root file system as the container will see it: symbolic links never lead out of it.
///
/// @param root the directory
/// @param covered the paths that something is mounted over, which cannot be looked into
record RootFilesystem(Path root, Set<String> covered) {
  /// The kernel follows no more links (path_resolution(7)).
  private static final int MAX_LINKS = 40;

  private static final int ANY_EXECUTE = 0111;

  private static final long MAX_LINES_BYTES = 1024 * 1024;

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /// What stands at a path.
  enum Sight {
    EXECUTABLE,
    FILE,
    NOTHING,
    /// Something is mounted there, or the caller may not look there.
    UNKNOWN
  }

  /// The paths that a name stands for along the `PATH` of an environment.
  static List<String> candidates(String name, List<String> env) {
    String path = DEFAULT_PATH;
    for (String entry : env) {
      if (entry.startsWith("PATH=")) {
        path = entry.substring("PATH=".length());
      }
    }
    List<String> candidates = new ArrayList<>();
    for (String directory : path.split(":", -1)) {
      if (directory.startsWith("/")) {
        candidates.add(directory + "/" + name);
      }
    }
    return candidates;
  }

  /// What stands at a path.
  Sight look(String path) {
    return see(path).sight();
  }

  /// What stands at a path, and which file of the host that is.
  Found see(String path) {
    Found found = find(path);
    return found.sight() == Sight.FILE && anybodyExecutes(found.file())
        ? new Found(Sight.EXECUTABLE, found.file())
        : found;
  }

  /// The directory of the host that stands at a path; null when there is none.
  @Nullable Path directory(String path) {
    Found found = find(path);
    // What is not known has the root for its file.
    boolean known = !found.file().equals(root) || Forms.clean(path).equals("/");
    return known
            && found.sight() == Sight.NOTHING
            && Files.isDirectory(found.file(), LinkOption.NOFOLLOW_LINKS)
        ? found.file()
        : null;
  }

  /// Who starts the container may be somebody else than who runs in it.
  private static boolean anybodyExecutes(Path file) {
    try {
      return Files.getAttribute(file, "unix:mode") instanceof Integer mode
          && (mode & ANY_EXECUTE) != 0;
    } catch (IOException e) {
      return true;
    }
  }

  /// The lines of a small file; empty when there is none that can be read.
  Optional<List<String>> lines(String path) {
    Found found = find(path);
    try {
      return found.sight() != Sight.FILE || Files.size(found.file()) > MAX_LINES_BYTES
          ? Optional.empty()
          : Optional.of(
              Files.readString(found.file(), StandardCharsets.ISO_8859_1).lines().toList());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// A device or a pipe, or another file.
  ///
  /// @param type `c`, `b`, `p`, or "" for another file
  record Node(String type, long major, long minor) {}

  /// What stands at a path; empty for nothing, and where something is mounted.
  Optional<Node> node(String path) {
    Found found = find(path);
    if (found.sight() == Sight.UNKNOWN || !Files.exists(found.file(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      int mode = (Integer) Files.getAttribute(found.file(), "unix:mode", LinkOption.NOFOLLOW_LINKS);
      long device = (Long) Files.getAttribute(found.file(), "unix:rdev", LinkOption.NOFOLLOW_LINKS);
      return Optional.of(new Node(type(mode), major(device), minor(device)));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// The type bits of st_mode (inode(7)).
  private static String type(int mode) {
    return switch (mode & 0xf000) {
      case 0x2000 -> "c";
      case 0x6000 -> "b";
      case 0x1000 -> "p";
      default -> "";
    };
  }

  /// makedev(3).
  private static long major(long device) {
    return (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >> 12 & ~0xffL);
  }

  /// What stands at a path.
  ///
  /// @param file the file of the host, behind all links; means nothing of what is not known
  record Found(Sight sight, Path file) {}

  /// Follows links inside of the root.
  private Found find(String path) {
    Deque<String> left = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      left.addLast(part);
    }
    String at = "";
    int links = 0;
    while (!left.isEmpty()) {
      String part = left.pop();
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      String next = at + "/" + part;
      if (covered.contains(next)) {
        return new Found(Sight.UNKNOWN, root);
      }
      try {
        Path file = root.resolve(next.substring(1));
        if (!Files.isExecutable(root.resolve(at.isEmpty() ? "" : at.substring(1)))
            && Files.exists(root.resolve(at.isEmpty() ? "" : at.substring(1)))) {
          return new Found(Sight.UNKNOWN, root);
        }
        if (!Files.isSymbolicLink(file)) {
          at = next;
        } else if (++links > MAX_LINKS) {
          return new Found(Sight.NOTHING, root);
        } else {
          String target = Files.readSymbolicLink(file).toString();
          at = target.startsWith("/") ? "" : at;
          String[] parts = target.split("/", -1);
          for (int i = parts.length - 1; i >= 0; i--) {
            left.push(parts[i]);
          }
        }
      } catch (IOException | InvalidPathException e) {
        return new Found(Sight.NOTHING, root);
      }
    }
    Path file = root.resolve(at.isEmpty() ? "" : at.substring(1));
    return new Found(
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Sight.FILE : Sight.NOTHING, file);
  }
}
