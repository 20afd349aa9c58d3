package dev.ocicap.image;

import dev.ocicap.report.OcicapException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens an image in a process of its own, for tests of what a signal leaves behind and of what the
/// environment says.
final class OpenImage {
  private OpenImage() {}

  /// Prints the root file system's path, or the problem.
  ///
  /// @param args the source, the cache, when to pull
  public static void main(String[] args) throws Exception {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    try {
      Image image =
          new ImageStore(
                  Path.of(args[1]),
                  ((Integer) uid).longValue(),
                  Platform.of("amd64"),
                  Limits.DEFAULT,
                  (step, _, _) -> System.err.println(step))
              .open(ImageSource.parse(args[0], Path.of("")), Pull.valueOf(args[2]));
      System.out.println(image.rootfs());
    } catch (OcicapException e) {
      System.out.println("refused: " + e.problems().getFirst().message());
      System.exit(e.status().code());
    }
  }
}
