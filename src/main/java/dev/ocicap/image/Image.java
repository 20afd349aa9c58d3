package dev.ocicap.image;

import dev.ocicap.json.JsonText;
import dev.ocicap.os.FileStream;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An image that was checked and unpacked, or a root file system.
///
/// @param source where it came from
/// @param config what it says about its containers
/// @param rootfs its files: to look into, not to change
/// @param notes what is not as the image says, to be shown
public record Image(ImageSource source, ImageConfig config, Path rootfs, List<Problem> notes) {

  /// Copies the list.
  public Image {
    notes = List.copyOf(notes);
  }

  /// Copies the files to a directory that does not exist yet, with owners, modes, times, extended
  /// attributes and hard links; without reading them where the file system can share blocks. Either
  /// everything is there, or nothing.
  ///
  /// @throws OcicapException when the directory exists, or something cannot be written
  public void copyTo(Path target, Progress progress) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw OcicapException.input(Place.file(target.toString()), "exists already", null);
    }
    progress.report("copying the root file system", 0, 0);
    try (Stage stage = new Stage(target)) {
      Path copy = stage.directory().resolve("rootfs");
      Tool.CP.run(
          target.toString(),
          List.of(
              "-a",
              "--reflink=auto",
              "--no-target-directory",
              "--",
              rootfs.toAbsolutePath().toString(),
              copy.toAbsolutePath().toString()));
      if (!stage.finish(copy)) {
        throw OcicapException.input(Place.file(target.toString()), "exists already", null);
      }
    }
  }

  /// The same with something more to be shown.
  public Image withNote(String note) {
    List<Problem> more = new ArrayList<>(notes);
    more.add(new Problem(Place.file(source.text()), note, null));
    return new Image(source, config, rootfs, more);
  }

  /// Reads a configuration from a file: an image's configuration, or what `docker image inspect`
  /// prints.
  ///
  /// @throws OcicapException when it cannot be read, or is none
  public static ImageConfig readConfig(Path file) {
    try (InputStream in = FileStream.open(file)) {
      return ImageConfig.parse(JsonText.parse(file.toString(), in.readAllBytes()));
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(file.toString()), "cannot read: " + e.getMessage(), null, e);
    }
  }
}
