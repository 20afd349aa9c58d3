package dev.ocicap.bundle;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bundle: a directory with a config.json (bundle.md).
///
/// @param directory the directory as the user named it
public record Bundle(Path directory) {

  /// The bundle in a directory.
  ///
  /// @throws OcicapException when the directory does not exist or holds no config.json
  public static Bundle open(Path directory) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw OcicapException.input(
          Place.file(directory.toString()), "not a bundle: it is not a directory", null);
    }
    ConfigFile.find(directory);
    return new Bundle(directory);
  }

  /// Makes a bundle: the directory, if it is missing, and its config.json, which must be missing.
  ///
  /// @throws OcicapException when there is a config.json, or something cannot be written; no
  ///   directory is left then that was not there
  public static Bundle create(Path directory, RuntimeConfig config) {
    Bundle bundle = new Bundle(directory);
    List<Path> missing = missing(directory);
    try {
      Files.createDirectories(directory);
      bundle.file().create(config);
    } catch (IOException e) {
      removeEmpty(missing);
      throw ConfigFile.failure(directory, "cannot make the directory", e);
    } catch (OcicapException e) {
      removeEmpty(missing);
      throw e;
    }
    return bundle;
  }

  /// The directory and those above it that do not exist, the deepest first.
  private static List<Path> missing(Path directory) {
    List<Path> missing = new ArrayList<>();
    @Nullable Path at = directory.toAbsolutePath();
    while (at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      missing.add(at);
      at = at.getParent();
    }
    return missing;
  }

  private static void removeEmpty(List<Path> directories) {
    try {
      for (Path directory : directories) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      // Somebody else has put something into it.
    }
  }

  /// Its config.json.
  public ConfigFile file() {
    return new ConfigFile(directory.resolve(ConfigFile.NAME));
  }

  /// Reads its configuration.
  public RuntimeConfig config() {
    return file().read();
  }

  /// Replaces its configuration atomically; one that is the same is not written.
  public void replaceConfig(RuntimeConfig config) {
    file().replace(config);
  }

  /// The root file system of a configuration in this bundle.
  public Path rootfs(RuntimeConfig config) {
    return directory.resolve(config.rootPath());
  }
}
