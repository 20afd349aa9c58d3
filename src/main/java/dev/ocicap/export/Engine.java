package dev.ocicap.export;

import dev.ocicap.cap.Baseline;
import dev.ocicap.cap.CapabilitySet;
import java.util.Locale;

/// A container engine with docker's command line.
enum Engine {
  DOCKER(Baseline.DOCKER, "/var/lib/docker/volumes/"),
  PODMAN(Baseline.PODMAN, "/var/lib/containers/storage/volumes/"),
  // Its volumes are below a hash of the daemon's address.
  NERDCTL(Baseline.DOCKER, "");

  private static final String DATA = "/_data";

  private final Baseline baseline;
  private final String volumes;

  Engine(Baseline baseline, String volumes) {
    this.baseline = baseline;
    this.volumes = volumes;
  }

  /// The name of the engine's own volume that has its files in a directory; "" for any other
  /// directory.
  String volume(String directory) {
    String name = volumeName(directory);
    return directory.equals(volumes + name + DATA) ? name : "";
  }

  /// The name of the volume that a directory belongs to, the engine's or not: `NAME/_data` below
  /// some folder; "" for any other directory.
  static String volumeName(String directory) {
    int end = (directory + "/").indexOf(DATA + "/");
    if (end < 0) {
      return "";
    }
    String volume = directory.substring(0, end);
    String name = volume.substring(volume.lastIndexOf('/') + 1);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!word && (i == 0 || "_.-".indexOf(c) < 0)) {
        return "";
      }
    }
    // An engine takes one letter for a folder of Windows.
    return name.length() < 2 ? "" : name;
  }

  /// What a container has that asks for nothing.
  CapabilitySet defaults() {
    return baseline.granted();
  }

  /// Its program.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
