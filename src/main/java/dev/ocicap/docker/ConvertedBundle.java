package dev.ocicap.docker;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.image.Image;
import dev.ocicap.image.ImageSource;
import dev.ocicap.image.Progress;
import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.FileStream;
import dev.ocicap.os.Rootfs;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.spec.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Makes the bundle of a conversion on disk: the root file system, the files that Docker would have
/// bind-mounted, volumes, and config.json last. When something fails, everything that was made here
/// is removed again.
public final class ConvertedBundle {
  private static final String ROOTFS = "rootfs";
  private static final List<String> PROPAGATING = List.of("shared", "rshared", "slave", "rslave");
  private static final List<String> ATTRIBUTES = List.of("unix:uid", "unix:gid", "unix:mode");

  private final Path directory;
  private final Image image;
  private final Function<String, Image> images;
  private final NewVolumes volumes;
  private final Root root;
  private final Progress progress;
  private final List<Removal> made = new ArrayList<>();

  private ConvertedBundle(
      Path directory,
      Image image,
      Function<String, Image> images,
      NewVolumes volumes,
      Root root,
      Progress progress) {
    this.directory = directory;
    this.image = image;
    this.images = images;
    this.volumes = volumes;
    this.root = root;
    this.progress = progress;
  }

  /// How the container gets the image's files.
  public enum Root {
    /// They are copied into the bundle.
    COPIED,
    /// They are mounted when the container is started, with the bundle's [TemporaryBundles#CHANGES]
    /// above them.
    MOUNTED
  }

  /// How something that was made goes again.
  @FunctionalInterface
  private interface Removal {
    void remove() throws IOException;
  }

  /// `root.path` of a bundle with this image: a directory is used where it is, an image's files are
  /// copied into the bundle.
  public static String rootPath(Image image) {
    return image.source() instanceof ImageSource.Directory
        ? image.rootfs().toAbsolutePath().normalize().toString()
        : ROOTFS;
  }

  /// Makes the bundle in a directory, which may exist but holds no config.json.
  ///
  /// @param image the container's image
  /// @param images finds the images that are mounted, by name
  /// @param volumes those of the bundles that are made at the same time
  /// @param root how the container gets the image's files
  /// @throws OcicapException when there is a config.json, or something cannot be written
  public static Bundle make(
      Path directory,
      Converted converted,
      Image image,
      Function<String, Image> images,
      NewVolumes volumes,
      Root root,
      Progress progress) {
    Path config = directory.resolve(ConfigFile.NAME);
    if (Files.exists(config, LinkOption.NOFOLLOW_LINKS)) {
      throw OcicapException.input(
          Place.file(config.toString()), "exists already", "--bundle " + directory + "-2");
    }
    ConvertedBundle maker = new ConvertedBundle(directory, image, images, volumes, root, progress);
    try {
      maker.prepare(converted.preparations());
      Bundle bundle = new Bundle(directory);
      if (root == Root.MOUNTED) {
        bundle.file().createAlone(converted.config());
      } else {
        bundle.file().create(converted.config());
      }
      return bundle;
    } catch (RuntimeException e) {
      maker.undo(e);
      throw e;
    }
  }

  private void prepare(List<Preparation> preparations) {
    makeDirectories(directory);
    if (!(image.source() instanceof ImageSource.Directory)) {
      Path rootfs = directory.resolve(root == Root.MOUNTED ? TemporaryBundles.CHANGES : ROOTFS);
      made.add(() -> DirectoryTree.delete(rootfs));
      if (root == Root.MOUNTED) {
        makeLike(image.rootfs(), rootfs);
        makeDirectories(directory.resolve(TemporaryBundles.WORK));
      } else {
        image.copyTo(rootfs, progress);
      }
    }
    preparations.forEach(this::prepare);
  }

  /// Whether a container of a conversion works alike when its image is mounted: nothing of the root
  /// file system has to be made before, and no mount of it is to be seen outside, or one of the
  /// host's in it.
  ///
  /// @param image the container's image
  public static boolean canBeMounted(Converted converted, Image image) {
    if (image.source() instanceof ImageSource.Directory
        || converted.config().find("linux", "rootfsPropagation").isPresent()) {
      return false;
    }
    for (Mount mount : converted.config().mounts()) {
      for (String word : PROPAGATING) {
        if (mount.options().contains(word)) {
          return false;
        }
      }
    }
    for (Preparation preparation : converted.preparations()) {
      if (preparation instanceof Preparation.MakeWorkingDirectory working
          && !Files.isDirectory(place(image.rootfs(), working.path()))) {
        return false;
      }
    }
    return true;
  }

  /// Makes a directory with the owner and the mode of another one.
  private static void makeLike(Path model, Path directory) {
    try {
      Files.createDirectory(directory);
      for (String attribute : ATTRIBUTES) {
        Files.setAttribute(directory, attribute, Files.getAttribute(model, attribute));
      }
    } catch (IOException e) {
      throw cannotMake(directory, e);
    }
  }

  /// Not a switch: one over types is linked anew at each start.
  @SuppressWarnings("IfChainToSwitch")
  private void prepare(Preparation preparation) {
    if (preparation instanceof Preparation.WriteFile file) {
      write(directory.resolve(file.name()), file.text());
    } else if (preparation instanceof Preparation.CopyImage copy) {
      copyImage(copy);
    } else if (preparation instanceof Preparation.MakeHostDirectory host) {
      makeDirectories(Path.of(host.path()));
    } else if (preparation instanceof Preparation.MakeVolume volume) {
      makeVolume(volume);
    } else if (preparation instanceof Preparation.MakeWorkingDirectory working) {
      makeInside(working.path());
    } else {
      throw new IllegalStateException(preparation.toString());
    }
  }

  private void write(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (root == Root.MOUNTED) {
        // In a directory that goes as a whole.
        FileStream.create(file, text);
        return;
      }
      try {
        made.add(() -> Files.deleteIfExists(file));
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        made.removeLast();
        Files.write(file, bytes);
      }
    } catch (IOException e) {
      throw ConfigFile.failure(file, "cannot write", e);
    }
  }

  /// Copies an image that is mounted. Its author must not choose what of the host is mounted: a
  /// path in it that goes through a link is refused.
  private void copyImage(Preparation.CopyImage copy) {
    Path target = directory.resolve(copy.directory());
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      makeDirectories(directory.resolve("images"));
      made.add(() -> DirectoryTree.delete(target));
      images.apply(copy.image()).copyTo(target, progress);
    }
    Path mounted = target.resolve(copy.subpath()).normalize();
    if (!place(target, "/" + copy.subpath()).equals(mounted) || !Files.exists(mounted)) {
      throw OcicapException.input(
          null,
          "--mount: 'image-subpath="
              + copy.subpath()
              + "' is not in '"
              + copy.image()
              + "', or goes through a link",
          null);
    }
  }

  /// A volume that exists keeps what it has; a new one gets what the image has at that path.
  private void makeVolume(Preparation.MakeVolume volume) {
    Path path = Path.of(volume.directory()).toAbsolutePath().normalize();
    volumes.use(
        path,
        () -> {
          Path source = place(image.rootfs(), volume.destination());
          if (volume.copy() && Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
            new Image(image.source(), image.config(), source, List.of()).copyTo(path, progress);
          } else {
            makeVolume(path);
          }
        });
    made.add(() -> volumes.leave(path));
  }

  private static void makeVolume(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw cannotMake(path, e);
    }
  }

  /// The working directory, inside of the root file system whatever links it goes through.
  private void makeInside(String path) {
    makeDirectories(place(directory.resolve(rootPath(image)), path));
  }

  private static Path place(Path root, String path) {
    return new Rootfs(root, List.of()).place(path);
  }

  private void makeDirectories(Path path) {
    try {
      DirectoryTree.create(path, directory -> made.add(() -> DirectoryTree.deleteEmpty(directory)));
    } catch (IOException e) {
      throw cannotMake(path, e);
    }
  }

  static OcicapException cannotMake(Path path, IOException cause) {
    return ConfigFile.failure(path, "cannot make the directory", cause);
  }

  private void undo(RuntimeException cause) {
    for (Removal removal : made.reversed()) {
      try {
        removal.remove();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
