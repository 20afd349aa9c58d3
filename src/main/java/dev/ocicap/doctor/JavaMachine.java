package dev.ocicap.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The Java that runs ocicap, and what makes it start fast.
///
/// @param version its version
/// @param home where it is
/// @param launched whether the launcher script started it
/// @param cache the ahead-of-time cache that it was started with
public record JavaMachine(String version, String home, boolean launched, Optional<Path> cache) {
  private static final String CACHE = "-XX:AOTCache=";

  static JavaMachine self(Path root) {
    return new JavaMachine(
        System.getProperty("java.version", ""),
        System.getProperty("java.home", ""),
        System.getProperty("ocicap.launcher") != null,
        cache(root));
  }

  private static Optional<Path> cache(Path root) {
    String commandLine;
    try {
      commandLine =
          Files.readString(root.resolve("proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    for (String word : commandLine.split("\0", -1)) {
      if (word.startsWith(CACHE)) {
        return Optional.of(Path.of(word.substring(CACHE.length())).toAbsolutePath());
      }
    }
    return Optional.empty();
  }
}
