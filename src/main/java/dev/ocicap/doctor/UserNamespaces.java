package dev.ocicap.doctor;

import dev.ocicap.os.ProgramFile;
import dev.ocicap.os.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a user without privileges can have a user namespace (user_namespaces(7)), and map more
/// than its own id into it (newuidmap(1)).
///
/// @param ids how many user ids there are in the caller's own user namespace: [#ALL] in that of the
///   machine
/// @param max the value of `user.max_user_namespaces`; absent when it cannot be read
/// @param unprivileged whether `kernel.unprivileged_userns_clone`, which some distributions have,
///   allows it; absent where there is no such setting
/// @param apparmorRestricts whether `kernel.apparmor_restrict_unprivileged_userns` is on
/// @param tried whether unshare(1) got one just now; absent when it could not be asked
/// @param newuidmap the program that maps user ids
/// @param newgidmap the program that maps group ids
public record UserNamespaces(
    long ids,
    Optional<Long> max,
    Optional<Boolean> unprivileged,
    boolean apparmorRestricts,
    Optional<Boolean> tried,
    Optional<Mapper> newuidmap,
    Optional<Mapper> newgidmap) {

  /// Every id but the one that means none.
  static final long ALL = 0xffffffffL;

  /// Whether the caller is in a user namespace that the machine did not begin with, in which
  /// capabilities count for what belongs to it and not for the machine's limits.
  boolean isInner() {
    return ids != ALL;
  }

  /// A program that maps ids for others.
  ///
  /// @param path where it is
  /// @param privileged whether it has the right to: a set-user-ID bit or file capabilities
  public record Mapper(Path path, boolean privileged) {}

  static UserNamespaces read(Path root, Map<String, String> env) {
    Path settings = root.resolve("proc/sys");
    return new UserNamespaces(
        mapped(root.resolve("proc/self/uid_map")),
        number(settings.resolve("user/max_user_namespaces")),
        number(settings.resolve("kernel/unprivileged_userns_clone")).map(value -> value != 0),
        number(settings.resolve("kernel/apparmor_restrict_unprivileged_userns")).orElse(0L) != 0,
        Programs.find("unshare", env)
            .flatMap(unshare ->
                Programs.find("true", env)
                    .flatMap(nothing ->
                        Trial.of(List.of(unshare.toString(), "--user", nothing.toString())))),
        mapper("newuidmap", env),
        mapper("newgidmap", env));
  }

  /// The sizes of all ranges: the third number of each line.
  private static long mapped(Path map) {
    try {
      long ids = 0;
      for (String line : Files.readAllLines(map, StandardCharsets.ISO_8859_1)) {
        ids += Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
      }
      return ids;
    } catch (IOException | NumberFormatException e) {
      return ALL;
    }
  }

  private static Optional<Mapper> mapper(String name, Map<String, String> env) {
    return Programs.find(name, env).map(path -> new Mapper(path, isPrivileged(path)));
  }

  private static boolean isPrivileged(Path path) {
    try {
      return ProgramFile.read(path.toRealPath()).isPrivileged();
    } catch (IOException e) {
      return false;
    }
  }

  /// A number in a file of `/proc/sys`, which is whole only for who reads it at one go.
  static Optional<Long> number(Path file) {
    byte[] text = new byte[32];
    try (InputStream in = Files.newInputStream(file)) {
      int length = Math.max(0, in.read(text));
      return Optional.of(
          Long.parseLong(new String(text, 0, length, StandardCharsets.ISO_8859_1).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
