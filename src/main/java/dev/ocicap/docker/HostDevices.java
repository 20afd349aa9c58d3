package dev.ocicap.docker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The devices of the machine as Docker Engine looks for them.
final class HostDevices {
  private static final int MAX_DEPTH = 16;
  private static final List<String> SKIPPED =
      List.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev");

  private HostDevices() {}

  /// All nodes below `/dev`, in the order of their paths; symbolic links are not followed.
  static Map<String, HostFiles.Node> in(HostFiles files) {
    Map<String, HostFiles.Node> devices = new LinkedHashMap<>();
    collect(files, "/dev", 0, devices);
    return devices;
  }

  private static void collect(
      HostFiles files, String directory, int depth, Map<String, HostFiles.Node> devices) {
    for (String name : files.list(directory)) {
      String path = directory + "/" + name;
      if (files.isSymbolicLink(path)) {
        continue;
      }
      if (files.isDirectory(path)) {
        if (!SKIPPED.contains(name) && depth < MAX_DEPTH) {
          collect(files, path, depth + 1, devices);
        }
      } else if (!name.equals("console")) {
        files.node(path).ifPresent(node -> devices.put(path, node));
      }
    }
  }
}
