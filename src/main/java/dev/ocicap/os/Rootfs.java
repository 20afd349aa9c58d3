package dev.ocicap.os;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A container's file system as it will be, seen from outside: the root directory with the mounts
/// over it. Symbolic links are followed as they lead inside the container and never out of it.
public final class Rootfs {
  private static final int MAX_LINKS = 40;
  private static final int MAX_INTERPRETERS = 5;
  private static final int FIRST_BYTES = 256;

  /// A mount.
  ///
  /// @param destination the path in the container
  /// @param source the file or directory on the host, or null when its content is not known here
  /// @param noSetId whether set-id bits and file capabilities do not count on it (`nosuid`)
  public record Mounted(String destination, @Nullable Path source, boolean noSetId) {}

  /// What a path leads to.
  public sealed interface Entry {}

  /// A file.
  ///
  /// @param path where it is in the container, without links
  /// @param host where it is on the host
  /// @param noSetId whether it lies on a mount with `nosuid`
  public record Found(String path, Path host, boolean noSetId) implements Entry {}

  /// Nothing.
  ///
  /// @param reason why
  /// @param isUnknown whether there may be something once the container has started
  public record Absent(String reason, boolean isUnknown) implements Entry {
    Absent(String reason) {
      this(reason, false);
    }
  }

  private record Mount(List<String> destination, @Nullable Path source, boolean noSetId) {}

  private final Path root;
  private final List<Mount> mounts = new ArrayList<>();

  /// A root directory with mounts over it, in their order.
  public Rootfs(Path root, List<Mounted> mounts) {
    this.root = root;
    for (Mounted mounted : mounts) {
      this.mounts.add(
          new Mount(normalized(mounted.destination()), real(mounted.source()), mounted.noSetId()));
    }
  }

  private static @Nullable Path real(@Nullable Path source) {
    try {
      return source == null ? null : source.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  /// The directory on the host.
  public Path root() {
    return root;
  }

  /// Whether there is a directory with anything in it.
  public boolean isFilled() {
    List<String> names = DirectoryTree.names(root);
    return names != null && !names.isEmpty();
  }

  /// The components of a path. (The constructor that copies a list links a lambda.)
  private static Deque<String> queue(String path) {
    Deque<String> queue = new ArrayDeque<>();
    for (String component : components(path)) {
      queue.addLast(component);
    }
    return queue;
  }

  /// Where an absolute path in the container leads to.
  public Entry resolve(String path) {
    Deque<String> todo = queue(path);
    List<String> done = new ArrayList<>();
    int links = 0;
    while (true) {
      Mount mount = mountOf(done);
      Path host = host(mount, done);
      if (host == null) {
        return new Absent(
            "'" + path + "' lies on a mount whose content is not known before the start", true);
      }
      BasicFileAttributes attributes;
      try {
        attributes =
            Files.readAttributes(host, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink() && !isMountPoint(mount, done)) {
          if (++links > MAX_LINKS) {
            return new Absent("'" + path + "' has too many levels of symbolic links");
          }
          follow(Files.readSymbolicLink(host).toString(), todo, done);
        } else if (todo.isEmpty()) {
          return new Found("/" + String.join("/", done), host, mount != null && mount.noSetId());
        } else if (!attributes.isDirectory()) {
          return new Absent("'/" + String.join("/", done) + "' is not a directory");
        }
      } catch (IOException e) {
        return new Absent("there is no '/" + String.join("/", done) + "'");
      }
      if (!step(todo, done)) {
        // Only dots were left: what stands in done is looked at once more.
        todo.clear();
      }
    }
  }

  /// Where a path in the container is on the host, or would be: links are followed as far as there
  /// are any. A path below a mount whose content is not known here counts as the root directory's.
  public Path place(String path) {
    Deque<String> todo = queue(path);
    List<String> done = new ArrayList<>();
    Path host = root;
    int links = 0;
    while (step(todo, done)) {
      Mount mount = mountOf(done);
      host = placed(mount, done);
      if (Files.isSymbolicLink(host) && !isMountPoint(mount, done) && ++links <= MAX_LINKS) {
        try {
          follow(Files.readSymbolicLink(host).toString(), todo, done);
        } catch (IOException e) {
          return host;
        }
      }
    }
    return placed(mountOf(done), done);
  }

  private Path placed(@Nullable Mount mount, List<String> path) {
    Path host = host(mount, path);
    if (host != null) {
      return host;
    }
    Path below = host(null, path);
    return below == null ? root : below;
  }

  /// Puts a link's target in the place of the link, which is the last of `done`.
  private static void follow(String target, Deque<String> todo, List<String> done) {
    done.removeLast();
    if (target.startsWith("/")) {
      done.clear();
    }
    List<String> further = components(target);
    for (int i = further.size() - 1; i >= 0; i--) {
      todo.push(further.get(i));
    }
  }

  /// Moves the next component that names something from `todo` to `done`.
  private static boolean step(Deque<String> todo, List<String> done) {
    while (!todo.isEmpty()) {
      String name = todo.pop();
      if (!name.equals("..")) {
        done.add(name);
        return true;
      }
      if (!done.isEmpty()) {
        done.removeLast();
      }
    }
    return false;
  }

  private @Nullable Mount mountOf(List<String> path) {
    Mount best = null;
    for (Mount mount : mounts) {
      int length = mount.destination().size();
      if (length <= path.size()
          && path.subList(0, length).equals(mount.destination())
          && (best == null || length >= best.destination().size())) {
        best = mount;
      }
    }
    return best;
  }

  private static boolean isMountPoint(@Nullable Mount mount, List<String> path) {
    return path.size() == (mount == null ? 0 : mount.destination().size());
  }

  private @Nullable Path host(@Nullable Mount mount, List<String> path) {
    Path host = mount == null ? root : mount.source();
    int start = mount == null ? 0 : mount.destination().size();
    try {
      for (String name : path.subList(start, path.size())) {
        host = host == null ? null : host.resolve(name);
      }
      return host;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static List<String> components(String path) {
    List<String> components = new ArrayList<>();
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String name = path.substring(start, end);
      if (!name.isEmpty() && !name.equals(".")) {
        components.add(name);
      }
      start = end + 1;
    }
    return components;
  }

  private static List<String> normalized(String path) {
    List<String> done = new ArrayList<>();
    for (String name : components(path)) {
      if (!name.equals("..")) {
        done.add(name);
      } else if (!done.isEmpty()) {
        done.removeLast();
      }
    }
    return List.copyOf(done);
  }

  /// The program that a command means: a path, or a name to look for along `PATH`. The interpreter
  /// of a script stands for the script, since execve looks at its bits.
  ///
  /// @param command the first argument
  /// @param directory the working directory in the container
  /// @param searchPath the value of `PATH`
  public Entry program(String command, String directory, String searchPath) {
    Entry entry = command(command, directory, searchPath);
    for (int i = 0; i < MAX_INTERPRETERS && entry instanceof Found found; i++) {
      String interpreter = interpreter(found.host());
      if (interpreter.isEmpty()) {
        return entry;
      }
      Entry next =
          resolve(interpreter.startsWith("/") ? interpreter : directory + "/" + interpreter);
      if (next instanceof Absent absent) {
        return new Absent(
            "the interpreter of '" + found.path() + "': " + absent.reason(), absent.isUnknown());
      }
      entry = next;
    }
    return entry;
  }

  private Entry command(String command, String directory, String searchPath) {
    if (command.indexOf('/') >= 0) {
      return executable(resolve(command.startsWith("/") ? command : directory + "/" + command));
    }
    int start = 0;
    while (start <= searchPath.length()) {
      int colon = searchPath.indexOf(':', start);
      int end = colon < 0 ? searchPath.length() : colon;
      String folder = searchPath.substring(start, end);
      start = end + 1;
      if (folder.startsWith("/")) {
        Entry entry = executable(resolve(folder + "/" + command));
        if (entry instanceof Found) {
          return entry;
        }
      }
    }
    return new Absent("there is no program '" + command + "' along PATH '" + searchPath + "'");
  }

  private static Entry executable(Entry entry) {
    if (!(entry instanceof Found found)) {
      return entry;
    }
    try {
      if (!Files.isRegularFile(found.host(), LinkOption.NOFOLLOW_LINKS)) {
        return new Absent("'" + found.path() + "' is not a regular file");
      }
      return ProgramFile.mode(found.host()).isExecutable()
          ? entry
          : new Absent("'" + found.path() + "' is not executable");
    } catch (IOException e) {
      return new Absent("'" + found.path() + "' cannot be read");
    }
  }

  /// The path behind `#!`, or "".
  private static String interpreter(Path file) {
    byte[] first;
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      first = in.readNBytes(FIRST_BYTES);
    } catch (IOException e) {
      return "";
    }
    if (first.length < 2 || first[0] != '#' || first[1] != '!') {
      return "";
    }
    String line = new String(first, 2, first.length - 2, StandardCharsets.UTF_8);
    int end = line.indexOf('\n');
    line = (end < 0 ? line : line.substring(0, end)).strip();
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == ' ' || line.charAt(i) == '\t') {
        return line.substring(0, i);
      }
    }
    return line;
  }

  /// Calls for every regular file with set-id bits or file capabilities in the root directory,
  /// which mounts do not cover. Links are not followed; what cannot be read is passed over.
  ///
  /// @param limit how many files are looked at
  /// @return whether all were
  public boolean scan(int limit, BiConsumer<String, ProgramFile> privileged) throws IOException {
    int[] seen = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            List<String> path = components(root.relativize(folder).toString());
            return mountOf(path) == null ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (++seen[0] > limit) {
              return FileVisitResult.TERMINATE;
            }
            if (attributes.isRegularFile()) {
              look(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          private void look(Path file) {
            try {
              ProgramFile program = ProgramFile.read(file);
              if (program.isPrivileged()) {
                privileged.accept("/" + root.relativize(file), program);
              }
            } catch (IOException e) {
              // It went away, or may not be looked at: nothing is known of it.
            }
          }
        });
    return seen[0] <= limit;
  }

  /// Whether a directory of the host lies on a mount with `nosuid` (proc_pid_mountinfo(5)).
  public static boolean isNoSetId(Path directory) {
    try {
      return MountTable.self()
          .at(directory.toRealPath())
          .map(mount -> mount.options().contains("nosuid"))
          .orElse(false);
    } catch (IOException e) {
      return false;
    }
  }
}
