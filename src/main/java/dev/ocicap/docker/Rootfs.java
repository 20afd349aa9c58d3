package dev.ocicap.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The root file system that the container will have, as far as the conversion looks into it.
@FunctionalInterface
public interface Rootfs {
  /// A root file system without files.
  static Rootfs empty() {
    return path -> Optional.empty();
  }

  /// The text of a file, if there is one.
  ///
  /// @param path an absolute path in the container
  Optional<String> read(String path);

  /// Whether there is a file, not a directory, at a path.
  default boolean isFile(String path) {
    return read(path).isPresent();
  }

  /// The root file system in a directory. Symbolic links are followed inside of it: none leads out.
  static Rootfs directory(Path root) {
    return path -> {
      Path file = resolve(root, path);
      try {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            || Files.size(file) > LocalFiles.MAX_FILE) {
          return Optional.empty();
        }
        return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      } catch (IOException e) {
        return Optional.empty();
      }
    };
  }

  /// The file that a path inside of a root file system means. Symbolic links are followed inside of
  /// it: none leads out.
  ///
  /// @param root the root file system
  /// @param path an absolute path in the container
  static Path resolve(Path root, String path) {
    Deque<String> rest = new ArrayDeque<>();
    push(rest, path);
    Path at = root;
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.equals("..")) {
        at = at.equals(root) ? root : parent(at, root);
        continue;
      }
      Path next = at.resolve(name);
      if (!Files.isSymbolicLink(next)) {
        at = next;
        continue;
      }
      if (++links > 40) {
        return next;
      }
      try {
        String target = Files.readSymbolicLink(next).toString();
        at = target.startsWith("/") ? root : at;
        push(rest, target);
      } catch (IOException e) {
        return next;
      }
    }
    return at;
  }

  private static Path parent(Path at, Path root) {
    Path parent = at.getParent();
    return parent == null ? root : parent;
  }

  private static void push(Deque<String> rest, String path) {
    int end = path.length();
    while (end > 0) {
      int slash = path.lastIndexOf('/', end - 1);
      String name = path.substring(slash + 1, end);
      if (!name.isEmpty() && !name.equals(".")) {
        rest.push(name);
      }
      end = slash;
    }
  }
}
