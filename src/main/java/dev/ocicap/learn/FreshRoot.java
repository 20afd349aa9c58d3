package dev.ocicap.learn;

import dev.ocicap.os.Mounts;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives every run the root file system as it was: an overlay over it where the kernel permits one,
/// else a copy, which shares the data blocks where the file system can.
final class FreshRoot {
  private static final long COPY_MINUTES = 30;

  private final Path original;
  private @Nullable Boolean overlay;

  /// @param original the bundle's root file system
  FreshRoot(Path original) {
    this.original = original;
  }

  /// How it is done, in words; empty before the first run.
  String way() {
    Boolean known = overlay;
    return known == null ? "" : known ? "overlay" : "copy";
  }

  /// The root file system for one run.
  ///
  /// @param run the directory of the run
  Path make(Path run) throws IOException, InterruptedException {
    if (!Files.isDirectory(original)) {
      throw OcicapException.input(
          Place.file(original.toString()), "the root file system is missing", null);
    }
    Path root = Files.createDirectory(run.resolve("rootfs"));
    if (!Boolean.FALSE.equals(overlay)) {
      try {
        Mounts.overlay(
            original,
            likeOriginal(run.resolve("upper")),
            Files.createDirectory(run.resolve("work")),
            root);
        overlay = true;
        return root;
      } catch (IOException e) {
        if (Boolean.TRUE.equals(overlay)) {
          throw e;
        }
        overlay = false;
      }
    }
    copy(root);
    return root;
  }

  /// The root directory of an overlay has the mode and owners of its upper directory.
  private Path likeOriginal(Path upper) throws IOException {
    Files.createDirectory(upper);
    for (String attribute : new String[] {"unix:uid", "unix:gid", "unix:mode"}) {
      Files.setAttribute(upper, attribute, Files.getAttribute(original, attribute));
    }
    return upper;
  }

  private void copy(Path root) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("cp", "-a", "--reflink=auto", "--", original + "/.", root.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8).strip();
    if (!process.waitFor(COPY_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      int end = said.indexOf('\n');
      throw OcicapException.input(
          Place.file(original.toString()),
          "cannot copy the root file system: " + (end < 0 ? said : said.substring(0, end)),
          null);
    }
  }
}
