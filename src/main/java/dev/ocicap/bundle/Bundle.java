package dev.ocicap.bundle;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
  /// @throws OcicapException when there is a config.json, or something cannot be written
  public static Bundle create(Path directory, RuntimeConfig config) {
    Bundle bundle = new Bundle(directory);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw ConfigFile.failure(directory, "cannot make the directory", e);
    }
    bundle.file().create(config);
    return bundle;
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
