package dev.ocicap.os;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// A root file system that is mounted for its container alone, on an empty directory that all such
/// containers share: whoever looks there from outside sees nothing. The bundle says which image is
/// below it.
public final class MountedRoot {
  /// The directory beside the bundles, which stays empty: no container has such a name.
  public static final String PLACE = ".root";

  /// In a bundle: who becomes the runtime, a [ProcessIdentity] in the first line.
  public static final String OWNER = "owner";

  /// In a bundle: the directory of the image's files.
  private static final String IMAGE = "image";

  private MountedRoot() {}

  /// Says in a bundle which image its container sees.
  ///
  /// @throws OcicapException when that cannot be written
  public static void record(Path bundle, Path image) {
    try {
      FileStream.create(bundle.resolve(IMAGE), image.toAbsolutePath().toString());
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(bundle.toString()), "cannot write: " + e.getMessage(), null, e);
    }
  }

  /// Where the files of a root file system can be read: what its container sees, as long as its
  /// runtime waits for it, or else its image without what the container has changed; and the root
  /// itself where it is no such one.
  ///
  /// @param bundle the bundle's directory
  /// @param root `root.path`, made absolute
  public static Path seen(Path bundle, Path root) {
    if (!root.endsWith(PLACE) || !root.equals(bundle.resolveSibling(PLACE))) {
      return root;
    }
    try {
      Optional<ProcessIdentity> owner =
          ProcessIdentity.parse(
              firstLine(FileStream.text(bundle.resolve(OWNER), StandardCharsets.UTF_8)));
      if (owner.isPresent() && owner.get().isAlive()) {
        Path inside =
            Path.of("/proc", Long.toString(owner.get().pid()), "root").resolve("." + root);
        String[] names = inside.toFile().list();
        if (names != null && names.length > 0) {
          return inside;
        }
      }
      Path image = Path.of(FileStream.text(bundle.resolve(IMAGE), StandardCharsets.UTF_8));
      return Files.isDirectory(image, LinkOption.NOFOLLOW_LINKS) ? image : root;
    } catch (IOException | InvalidPathException e) {
      return root;
    }
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
