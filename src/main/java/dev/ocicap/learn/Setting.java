package dev.ocicap.learn;

import dev.ocicap.runtime.OciRuntime;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What stays the same over all runs.
///
/// @param subject what is learned about
/// @param runtime what runs it
/// @param success when a run counts as working
/// @param timeout how long a run may take
/// @param bufferKilobytes the trace buffer on each processor; 0 for one that fits
/// @param terminal whether the standard streams are a terminal that a single run may have
/// @param isRoot whether ocicap runs as root
/// @param parent where learning keeps its files
/// @param copy what gets the container's output of a single run, or null
public record Setting(
    Subject subject,
    OciRuntime runtime,
    Success success,
    Duration timeout,
    long bufferKilobytes,
    boolean terminal,
    boolean isRoot,
    Path parent,
    @Nullable OutputStream copy) {

  /// Where learning keeps its files: on a disk, since root file systems may have to be copied.
  ///
  /// @param cache the user's directory for such things, which root does not use
  public static Path parent(boolean isRoot, Path cache) {
    return isRoot ? Path.of("/var/lib/ocicap/learn") : cache.resolve("ocicap/learn");
  }
}
