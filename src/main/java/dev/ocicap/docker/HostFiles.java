package dev.ocicap.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files of the machine on which the command is read: environment files, profiles, devices and
/// the sources of mounts.
public interface HostFiles {

  /// A device node.
  ///
  /// @param type `b` or `c`
  /// @param major the kernel's major number
  /// @param minor the kernel's minor number
  /// @param permissions the permission bits
  /// @param uid the owner
  /// @param gid the group
  record Node(String type, long major, long minor, int permissions, long uid, long gid) {}

  /// The content of a file.
  ///
  /// @throws IOException when it cannot be read
  byte[] read(String path) throws IOException;

  /// Whether there is something at a path; symbolic links are followed.
  boolean exists(String path);

  /// Whether there is a directory at a path; symbolic links are followed.
  boolean isDirectory(String path);

  /// Whether the path itself is a symbolic link.
  boolean isSymbolicLink(String path);

  /// The device node at a path, if it is one; symbolic links are followed.
  Optional<Node> node(String path);

  /// The names in a directory, sorted; none when it cannot be read.
  List<String> list(String path);

  /// All device nodes of the machine that a privileged container gets, by path.
  default Map<String, Node> devices() {
    return HostDevices.in(this);
  }

  /// The text of `/etc/resolv.conf`; empty where there is none.
  default String resolver() {
    try {
      return new String(read("/etc/resolv.conf"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /// The files of this machine.
  static HostFiles local() {
    return new LocalFiles();
  }
}
