package dev.ocicap.image;

import dev.ocicap.report.OcicapException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/// Where an image or a root file system comes from:
///
/// | text | source |
/// |---|---|
/// | `oci:DIR[:TAG]`, or a directory with a file `oci-layout` | an image layout (image-spec) |
/// | `oci-archive:FILE[:TAG]` | the tar of one (`podman save --format oci-archive`) |
/// | `docker-archive:FILE[:NAME]` | what `docker save` writes |
/// | `rootfs-archive:FILE` | what `docker export` writes: a root file system, nothing else |
/// | `docker://NAME` | a registry |
/// | `containers-storage:NAME`, `docker-daemon:NAME` | what podman or Docker has on this machine |
/// | any other directory | a root file system |
public sealed interface ImageSource {

  /// The text that the user gave.
  String text();

  /// A root file system.
  record Directory(String text, Path directory) implements ImageSource {}

  /// An image layout.
  ///
  /// @param tag the image's name in it, or "" for the only one
  record Layout(String text, Path directory, String tag) implements ImageSource {}

  /// A tar archive of one or more images.
  ///
  /// @param transport skopeo's name of the format: `oci-archive`, `docker-archive`
  /// @param name the image's name in it, or "" for the only one
  record Archive(String text, String transport, Path file, String name) implements ImageSource {
    /// Whether links in the archive are ordinary: `docker save` writes them for layers that are the
    /// same, and skopeo does not unpack this kind into files.
    boolean mayHaveLinks() {
      return transport.equals("docker-archive");
    }
  }

  /// A tar archive of a root file system.
  record RootfsArchive(String text, Path file) implements ImageSource {}

  /// An image that skopeo finds by name.
  ///
  /// @param transport `docker://`, `containers-storage:`, `docker-daemon:`
  /// @param daemon where Docker's daemon listens (`DOCKER_HOST`), or "" for its usual socket
  record Named(String text, String transport, String name, String daemon) implements ImageSource {
    /// The same of another daemon, when it is one of a daemon's at all.
    public Named at(String host) {
      return transport.equals("docker-daemon:") ? new Named(text, transport, name, host) : this;
    }

    boolean isRegistry() {
      return transport.equals("docker://");
    }

    /// Whether it is a registry on this machine, which needs no certificate, as for Docker: one
    /// that listens on `localhost`, 127.0.0.0/8 or `::1`.
    boolean isLocalRegistry() {
      int slash = name.indexOf('/');
      String host = name.substring(0, Math.max(0, slash));
      int colon = host.lastIndexOf(':');
      host = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
      boolean address = host.startsWith("127.") && host.chars().allMatch(c -> c == '.' || c <= '9');
      return isRegistry() && (address || host.equals("localhost") || host.equals("[::1]"));
    }
  }

  /// The source that a text names.
  ///
  /// @param directory what relative paths start from
  /// @throws OcicapException when the text names none, or the file or directory does not exist
  static ImageSource parse(String text, Path directory) {
    for (String transport : List.of("docker://", "containers-storage:", "docker-daemon:")) {
      if (text.startsWith(transport)) {
        String name = text.substring(transport.length());
        if (name.isEmpty()) {
          throw OcicapException.usage(
              "'" + text + "': a name is expected after '" + transport + "'", null);
        }
        return new Named(text, transport, name, "");
      }
    }
    if (text.startsWith("oci:")) {
      Split split = split(text, "oci:", directory);
      return new Layout(text, layout(text, split.path()), split.rest());
    }
    for (String transport : List.of("oci-archive", "docker-archive")) {
      if (text.startsWith(transport + ":")) {
        Split split = split(text, transport + ":", directory);
        return new Archive(text, transport, file(text, split.path()), split.rest());
      }
    }
    if (text.startsWith("rootfs-archive:")) {
      String name = text.substring("rootfs-archive:".length());
      return new RootfsArchive(text, file(text, path(text, name, directory)));
    }
    Path path = path(text, text, directory);
    if (!Files.isDirectory(path)) {
      throw OcicapException.usage(
          Files.exists(path)
              ? "'" + text + "' is a file: say what it holds"
              : "'" + text + "' is neither a directory nor an image's source",
          Files.exists(path)
              ? "docker-archive:" + text + ", oci-archive:" + text + " or rootfs-archive:" + text
              : "docker://" + text);
    }
    return Files.exists(path.resolve("oci-layout"))
        ? new Layout(text, path, "")
        : new Directory(text, path);
  }

  /// A path, and what follows the colon behind it.
  record Split(Path path, String rest) {}

  private static Split split(String text, String prefix, Path directory) {
    String both = text.substring(prefix.length());
    int colon = both.indexOf(':');
    while (colon >= 0) {
      Path path = path(text, both.substring(0, colon), directory);
      if (Files.exists(path)) {
        return new Split(path, both.substring(colon + 1));
      }
      colon = both.indexOf(':', colon + 1);
    }
    return new Split(path(text, both, directory), "");
  }

  private static Path path(String text, String name, Path directory) {
    if (name.isEmpty()) {
      throw OcicapException.usage("'" + text + "': a path is missing", null);
    }
    try {
      return directory.resolve(name);
    } catch (InvalidPathException e) {
      throw OcicapException.usage("'" + text + "' is not a path: " + e.getReason(), null);
    }
  }

  private static Path layout(String text, Path path) {
    if (!Files.exists(path.resolve("oci-layout"))) {
      throw OcicapException.usage(
          "'" + text + "': '" + path + "' is not an image layout: it has no file 'oci-layout'",
          null);
    }
    return path;
  }

  private static Path file(String text, Path path) {
    if (!Files.isRegularFile(path)) {
      throw OcicapException.usage(
          "'"
              + text
              + "': '"
              + path
              + (Files.exists(path) ? "' is not a file" : "' does not exist"),
          null);
    }
    return path;
  }
}
