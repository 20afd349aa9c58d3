package dev.ocicap.docker;

import dev.ocicap.os.Rootfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The files that the container's image has, as far as the conversion looks into them.
@FunctionalInterface
public interface ImageFiles {
  /// No files.
  static ImageFiles none() {
    return path -> Optional.empty();
  }

  /// The text of a file, if there is one.
  ///
  /// @param path an absolute path in the container
  Optional<String> read(String path);

  /// Whether there is a file, not a directory, at a path.
  default boolean isFile(String path) {
    return read(path).isPresent();
  }

  /// The files in a directory, each of which is read once. Symbolic links are followed inside of
  /// it: none leads out.
  static ImageFiles in(Path directory) {
    Rootfs rootfs = new Rootfs(directory, List.of());
    return new ImageFiles() {
      // Many commands of one call may ask for the same.
      private final Map<String, Optional<String>> texts = new ConcurrentHashMap<>();

      @Override
      public Optional<String> read(String path) {
        return texts.computeIfAbsent(path, this::text);
      }

      private Optional<String> text(String path) {
        Path file = rootfs.place(path);
        try {
          if (!isFile(path) || Files.size(file) > LocalFiles.MAX_FILE) {
            return Optional.empty();
          }
          return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
          return Optional.empty();
        }
      }

      @Override
      public boolean isFile(String path) {
        return Files.isRegularFile(rootfs.place(path), LinkOption.NOFOLLOW_LINKS);
      }
    };
  }
}
