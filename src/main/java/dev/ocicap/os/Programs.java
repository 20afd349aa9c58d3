package dev.ocicap.os;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looking for programs by name.
public final class Programs {
  /// Where administrators' programs are, which a user's `PATH` often leaves out.
  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Programs() {}

  /// Where a program of that name may be: along `PATH`, and then where administrators' programs
  /// are. An empty or relative element of `PATH` is passed over: it would look in the directory
  /// that the user happens to be in.
  ///
  /// @param env the user's environment
  public static List<Path> candidates(String name, Map<String, String> env) {
    String path = env.getOrDefault("PATH", "") + ":" + USUAL_PATH;
    List<Path> candidates = new ArrayList<>();
    int start = 0;
    while (start < path.length()) {
      int colon = path.indexOf(':', start);
      int end = colon < 0 ? path.length() : colon;
      if (path.startsWith("/", start)) {
        try {
          candidates.add(Path.of(path.substring(start, end), name));
        } catch (InvalidPathException e) {
          // No file has such a name.
        }
      }
      start = end + 1;
    }
    return candidates;
  }

  /// The first that the user may execute.
  ///
  /// @param env the user's environment
  public static Optional<Path> find(String name, Map<String, String> env) {
    for (Path candidate : candidates(name, env)) {
      if (isProgram(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /// Whether it is a file that the user may execute.
  public static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }
}
