package dev.ocicap.learn;

import dev.ocicap.os.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether the kernel would report capability checks to this process.
public final class Tracing {
  private Tracing() {}

  /// Why it would not; empty when it would. Where nothing has mounted the tracing file system, it
  /// is mounted for a moment where nobody looks, as learning does.
  public static String obstacle() {
    Path mountPoint;
    try {
      mountPoint = Files.createTempDirectory("ocicap-tracing");
    } catch (IOException e) {
      return "no temporary directory can be made";
    }
    try {
      return Tracefs.open(mountPoint).reason();
    } finally {
      try {
        if (!Mounts.below(mountPoint).isEmpty()) {
          Mounts.unmount(mountPoint);
        }
        Files.delete(mountPoint);
      } catch (IOException e) {
        // An empty directory stays behind in the place for temporary ones.
      }
    }
  }
}
