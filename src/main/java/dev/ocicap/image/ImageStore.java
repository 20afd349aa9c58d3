package dev.ocicap.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.os.DirectoryTree;
import dev.ocicap.os.FileStream;
import dev.ocicap.report.Escape;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Unpacked images, in a directory that only the user may enter: each under the digest of its
/// manifest, so that the second conversion of an image has nothing left to unpack.
///
/// umoci unpacks, skopeo fetches and converts; what they are given was checked before.
public final class ImageStore {
  private static final String LAYOUT = "layout";
  private static final String ROOTFS = "rootfs";
  private static final String CONFIG = "config.json";
  private static final String NOTES = "notes";
  private static final String INPUT = "input";
  private static final String ARCHIVE = "archive.tar";
  private static final String TAG = "image";

  /// The write bits of the group and of all others (inode(7)).
  private static final int WRITABLE_BY_OTHERS = 022;

  /// Shorter than the name of a file may be.
  private static final int LONGEST_REFERENCE = 200;

  private static final ConcurrentMap<String, Object> LOCKS = new ConcurrentHashMap<>();

  private final Path directory;
  private final long uid;
  private final Platform platform;
  private final Limits limits;
  private final Progress progress;

  /// A store.
  ///
  /// @param cacheHome the user's directory for what can be made again: `$XDG_CACHE_HOME`, or
  ///   `$HOME/.cache`
  /// @param uid the user: root unpacks with owners, device nodes and file capabilities
  /// @param platform what to choose where an image exists for several
  /// @param limits what an image may cost
  /// @param progress hears how far the work has come
  public ImageStore(Path cacheHome, long uid, Platform platform, Limits limits, Progress progress) {
    this.directory = cacheHome.resolve("ocicap").toAbsolutePath();
    this.uid = uid;
    this.platform = platform;
    this.limits = limits;
    this.progress = progress;
  }

  /// The image of a source, unpacked and checked. A plain directory is what it is: it is neither
  /// copied nor checked.
  ///
  /// @throws OcicapException when it cannot be had, or is refused; nothing is left behind then
  public Image open(ImageSource source, Pull pull) {
    // Not a switch: one over types is linked anew at each start.
    if (source instanceof ImageSource.Directory plain) {
      return new Image(source, ImageConfig.EMPTY, plain.directory(), List.of());
    }
    if (source instanceof ImageSource.Layout layout) {
      return open(layout);
    }
    if (source instanceof ImageSource.RootfsArchive archive) {
      return open(archive);
    }
    if (source instanceof ImageSource.Archive archive) {
      return open(archive);
    }
    if (source instanceof ImageSource.Named named) {
      return named.isRegistry() ? pull(named, pull) : fetch(source, named.text());
    }
    throw new IllegalStateException(source.toString());
  }

  /// The image in a layout: read where it is when umoci can, and copied by skopeo when it has media
  /// types that umoci does not know, such as Docker's or layers compressed with zstd.
  private Image open(ImageSource.Layout source) {
    ImageLayout layout = new ImageLayout(source.directory(), source.text());
    Descriptor manifest = layout.manifest(source.tag(), platform);
    return once(source, manifest.hex(), stage -> unpack(source, layout, manifest, stage));
  }

  private Image unpack(
      ImageSource.Layout source, ImageLayout layout, Descriptor manifest, Stage stage)
      throws IOException {
    ImageLayout.Found image = layout.image(manifest);
    boolean direct = manifest.mediaType().equals(Descriptor.MANIFEST) && image.isForUmoci();
    Path staged = Files.createDirectory(stage.directory().resolve(direct ? LAYOUT : INPUT));
    Files.createSymbolicLink(
        staged.resolve("blobs"), source.directory().resolve("blobs").toRealPath());
    writeIndex(staged, manifest, direct);
    return direct
        ? unpack(source, stage, manifest.hex(), image.config())
        : copy(source, stage, "oci:" + INPUT, manifest.hex());
  }

  /// The image in an archive, which skopeo is shown without compression: it cannot read every
  /// compressed one.
  private Image open(ImageSource.Archive source) {
    return byDigest(
        source,
        source.file(),
        digest -> {
          String key =
              Sha256.of(
                  (digest + " " + platform + " " + source.name()).getBytes(StandardCharsets.UTF_8));
          return once(source, key, stage -> copy(source, stage, key));
        });
  }

  /// The image that is named after the digest of a file, which is read for it when it has changed.
  private Image byDigest(ImageSource source, Path file, Function<String, Image> opener) {
    ArchiveStamps stamps = new ArchiveStamps(directory);
    ArchiveStamps.@Nullable Stamp stamp = ArchiveStamps.of(file);
    Optional<String> known = stamps.find(file, stamp);
    if (known.isPresent()) {
      return opener.apply(known.get());
    }
    String digest = digest(source, file);
    Image image = opener.apply(digest);
    stamps.keep(file, stamp, digest);
    return image;
  }

  private Image copy(ImageSource.Archive source, Stage stage, String key) throws IOException {
    Path archive = stage.directory().resolve(ARCHIVE);
    LayerCheck check = new LayerCheck(source.text(), limits, true, progress);
    if (isGzip(source.file(), source.text())) {
      try (OutputStream plain = Files.newOutputStream(archive)) {
        check.checkOuter(source.file(), true, source.mayHaveLinks(), plain);
      }
    } else {
      check.checkOuter(
          source.file(), false, source.mayHaveLinks(), OutputStream.nullOutputStream());
      Files.createSymbolicLink(archive, source.file().toRealPath());
    }
    String name = source.name().isEmpty() ? "" : ":" + source.name();
    return copy(source, stage, source.transport() + ":" + ARCHIVE + name, key);
  }

  private String digest(ImageSource source, Path file) {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      long total = Files.size(file);
      long done = 0;
      int read = in.read(buffer);
      while (read >= 0) {
        digest.update(buffer, 0, read);
        done += read;
        if (done % (64L << 20) < read) {
          progress.report("reading " + source.text(), done, total);
        }
        read = in.read(buffer);
      }
    } catch (IOException e) {
      throw unreadable(source, e);
    }
    return Sha256.hex(digest);
  }

  /// Makes an image of one layer from a root file system in a tar archive.
  private Image open(ImageSource.RootfsArchive source) {
    return byDigest(
        source,
        source.file(),
        digest -> once(source, digest, stage -> unpack(source, stage, digest)));
  }

  private Image unpack(ImageSource.RootfsArchive source, Stage stage, String key)
      throws IOException {
    Path layout = Files.createDirectory(stage.directory().resolve(LAYOUT));
    Path blobs = Files.createDirectories(layout.resolve("blobs").resolve("sha256"));
    Path archive = Files.copy(source.file(), blobs.resolve(ARCHIVE));
    boolean gzip = isGzip(archive, source.text());
    long size = Files.size(archive);
    LayerCheck.Digests digests =
        new LayerCheck(source.text(), limits, isRoot(), progress)
            .check(archive, gzip, size, 0, "the archive");
    Files.move(archive, blobs.resolve(digests.packed()));
    JsonText config = rootfsConfig(digests.unpacked());
    Descriptor layer =
        new Descriptor(
            gzip ? Descriptor.LAYER_GZIP : Descriptor.LAYER, "sha256:" + digests.packed(), size);
    String manifest =
        manifest(
            writeBlob(blobs, "application/vnd.oci.image.config.v1+json", config.text()), layer);
    writeIndex(layout, writeBlob(blobs, Descriptor.MANIFEST, manifest), true);
    return unpack(source, stage, key, config);
  }

  private JsonText rootfsConfig(String diffId) {
    ObjectNode rootfs = JsonValues.object();
    rootfs.set("type", JsonValues.string("layers"));
    rootfs.set("diff_ids", JsonValues.strings(List.of("sha256:" + diffId)));
    ObjectNode config = JsonValues.object();
    config.set("architecture", JsonValues.string(platform.architecture()));
    config.set("os", JsonValues.string("linux"));
    config.set("rootfs", rootfs);
    return JsonText.of(CONFIG, config);
  }

  private static String manifest(Descriptor config, Descriptor layer) {
    ObjectNode manifest = JsonValues.object();
    manifest.set("schemaVersion", JsonValues.number(2));
    manifest.set("mediaType", JsonValues.string(Descriptor.MANIFEST));
    manifest.set("config", json(config));
    manifest.set("layers", JsonValues.array().add(json(layer)));
    return JsonText.compact(manifest);
  }

  private static ObjectNode json(Descriptor descriptor) {
    ObjectNode node = JsonValues.object();
    node.set("mediaType", JsonValues.string(descriptor.mediaType()));
    node.set("digest", JsonValues.string(descriptor.digest()));
    node.set("size", JsonValues.number(descriptor.size()));
    return node;
  }

  private static Descriptor writeBlob(Path blobs, String mediaType, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String hex = Sha256.of(bytes);
    Files.write(blobs.resolve(hex), bytes);
    return new Descriptor(mediaType, "sha256:" + hex, bytes.length);
  }

  /// Makes a layout of one image.
  ///
  /// @param named whether by name: umoci wants one, and skopeo does not find Docker's by theirs
  private static void writeIndex(Path layout, Descriptor manifest, boolean named)
      throws IOException {
    ObjectNode entry = json(manifest);
    if (named) {
      ObjectNode annotations = JsonValues.object();
      annotations.set("org.opencontainers.image.ref.name", JsonValues.string(TAG));
      entry.set("annotations", annotations);
    }
    ArrayNode manifests = JsonValues.array().add(entry);
    ObjectNode index = JsonValues.object();
    index.set("schemaVersion", JsonValues.number(2));
    index.set("manifests", manifests);
    Files.writeString(layout.resolve("index.json"), JsonText.compact(index));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
  }

  /// An image of a registry: by its name from the cache, as `docker run` takes the image that the
  /// machine has.
  private Image pull(ImageSource.Named source, Pull pull) {
    Path reference = directory.resolve(reference(source.name(), platform));
    if (pull != Pull.ALWAYS && Files.isRegularFile(reference)) {
      try {
        Optional<Image> known =
            cached(source, FileStream.text(reference, StandardCharsets.UTF_8).strip());
        if (known.isPresent()) {
          return known.get();
        }
      } catch (IOException e) {
        throw unreadable(source, e);
      }
    }
    if (pull == Pull.NEVER) {
      throw OcicapException.input(
          Place.file(source.text()), "is not in the cache, and may not be pulled", null);
    }
    byte[] raw = inspect(source, null, "docker://" + withoutIdleTag(source.name()), "--raw");
    String key = key(raw);
    Image image =
        once(
            source,
            key,
            stage -> copy(source, stage, "docker://" + pinned(source.name(), raw), key));
    try {
      Directories.makePrivate(directory.resolve("references"));
      Files.writeString(reference, key);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
    return image;
  }

  /// The file that says which image of a store has a name, from the store's directory. It is named
  /// after the image where that can be: for the first digest Java looks for who computes such,
  /// which takes a third of a start.
  ///
  /// @param name as a registry knows it
  public static String reference(String name, Platform platform) {
    String text = name + " " + platform;
    boolean plain = text.length() <= LONGEST_REFERENCE;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &=
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "._:@/- ".indexOf(c) >= 0;
    }
    return "references/"
        + (plain ? text.replace('/', '!') : Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The name with the digest of the manifest instead of a tag, so that all questions about the
  /// image are about the same one.
  private static String pinned(String name, byte[] manifest) {
    return name.indexOf('@') >= 0
        ? withoutIdleTag(name)
        : withoutTag(name) + "@sha256:" + Sha256.of(manifest);
  }

  /// The name without a tag that stands before a digest: docker does not look at it, and skopeo
  /// takes no such name.
  private static String withoutIdleTag(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : withoutTag(name.substring(0, at)) + name.substring(at);
  }

  private static String withoutTag(String name) {
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  private Image fetch(ImageSource source, String skopeoName) {
    String key = key(inspect(source, null, skopeoName, "--raw"));
    return once(source, key, stage -> copy(source, stage, skopeoName, key));
  }

  /// Makes an image out of what a source has.
  @FunctionalInterface
  private interface Making {
    Image in(Stage stage) throws IOException;
  }

  /// The image of a key from the store, or made now: by one thread at a time, so that many
  /// conversions of one image unpack it once. Another process may do the same work; whichever ends
  /// first is right.
  private Image once(ImageSource source, String key, Making making) {
    Optional<Image> known = cached(source, key);
    if (known.isPresent()) {
      return known.get();
    }
    synchronized (LOCKS.computeIfAbsent(key, _ -> new Object())) {
      known = cached(source, key);
      if (known.isPresent()) {
        return known.get();
      }
      try (Stage stage = stage(key)) {
        try {
          return making.in(stage);
        } catch (IOException e) {
          throw stage.failure(e);
        }
      }
    }
  }

  /// Copies an image into a layout in the stage, checks it and unpacks it.
  ///
  /// @param skopeoName the image; relative paths start from the stage, since skopeo and umoci take
  ///   what follows a colon in a path for a tag
  private Image copy(ImageSource source, Stage stage, String skopeoName, String key)
      throws IOException {
    progress.report("copying " + source.text(), 0, 0);
    // skopeo drops what only Docker knows, such as health checks, when it converts to OCI.
    byte[] config = inspect(source, stage.directory(), skopeoName, "--config", "--raw");
    List<String> arguments = overrides();
    arguments.addAll(List.of("copy", "--quiet", "--dest-compress-format", "gzip"));
    daemon(source, "--src-daemon-host", arguments);
    registry(source, "--src-tls-verify=false", arguments);
    arguments.addAll(List.of(skopeoName, "oci:" + LAYOUT + ":" + TAG));
    Tool.SKOPEO.run(source.text(), stage.directory(), arguments);
    return unpack(source, stage, key, JsonText.parse(source.text(), config));
  }

  private byte[] inspect(
      ImageSource source, @Nullable Path from, String skopeoName, String... options) {
    List<String> arguments = overrides();
    arguments.add("inspect");
    daemon(source, "--daemon-host", arguments);
    registry(source, "--tls-verify=false", arguments);
    arguments.addAll(List.of(options));
    arguments.add(skopeoName);
    return Tool.SKOPEO.run(source.text(), from, arguments);
  }

  /// skopeo itself does not look at DOCKER_HOST.
  private static void daemon(ImageSource source, String option, List<String> arguments) {
    if (source instanceof ImageSource.Named named && !named.daemon().isEmpty()) {
      arguments.addAll(List.of(option, named.daemon()));
    }
  }

  /// skopeo itself wants a certificate of every registry.
  private static void registry(ImageSource source, String option, List<String> arguments) {
    if (source instanceof ImageSource.Named named && named.isLocalRegistry()) {
      arguments.add(option);
    }
  }

  private List<String> overrides() {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--override-os", "linux", "--override-arch", platform.architecture()));
    if (!platform.variant().isEmpty()) {
      options.addAll(List.of("--override-variant", platform.variant()));
    }
    return options;
  }

  private String key(byte[] manifest) {
    return Sha256.of((Sha256.of(manifest) + " " + platform).getBytes(StandardCharsets.UTF_8));
  }

  /// Checks the layout of a stage, unpacks it, and puts the result into the store.
  private Image unpack(ImageSource source, Stage stage, String key, JsonText config)
      throws IOException {
    ImageLayout layout = new ImageLayout(stage.directory().resolve(LAYOUT), source.text());
    ImageLayout.Found found = layout.image(layout.manifest(TAG, platform));
    ImageConfig image = ImageConfig.parse(config);
    if (!image.os().isEmpty() && !image.os().equals("linux")) {
      throw OcicapException.input(
          Place.file(source.text()), "is an image for '" + image.os() + "', not for linux", null);
    }
    if (!found.isForUmoci()) {
      throw OcicapException.input(
          Place.file(source.text()), "has layers in a form that umoci cannot read", null);
    }
    LayerCheck check = new LayerCheck(source.text(), limits, isRoot(), progress);
    check.check(layout, found);
    long free = Files.getFileStore(stage.directory()).getUsableSpace();
    if (check.size() > free) {
      throw OcicapException.input(
          Place.file(source.text()),
          "needs about "
              + (check.size() >> 20)
              + " MiB, and '"
              + directory
              + "' has "
              + (free >> 20)
              + " MiB left",
          null);
    }
    progress.report("unpacking", 0, 0);
    Path rootfs = stage.directory().resolve(ROOTFS);
    List<String> arguments = new ArrayList<>(List.of("raw", "unpack"));
    if (!isRoot()) {
      arguments.add("--rootless");
    }
    arguments.addAll(List.of("--image", LAYOUT + ":" + TAG, ROOTFS));
    Tool.UMOCI.run(source.text(), stage.directory(), arguments);
    if (!isRoot()) {
      Directories.makeReadable(rootfs);
    }
    DirectoryTree.delete(stage.directory().resolve(LAYOUT));
    DirectoryTree.delete(stage.directory().resolve(INPUT));
    Files.deleteIfExists(stage.directory().resolve(ARCHIVE));
    Files.writeString(stage.directory().resolve(CONFIG), config.text());
    Files.write(stage.directory().resolve(NOTES), notes(image, check));
    stage.finish(stage.directory());
    return cached(source, key)
        .orElseThrow(() -> new IllegalStateException("the image is not where it was put"));
  }

  private List<String> notes(ImageConfig image, LayerCheck check) {
    List<String> notes = new ArrayList<>();
    if (!image.architecture().isEmpty() && !image.architecture().equals(platform.architecture())) {
      notes.add(
          "the image is for "
              + Escape.text(image.architecture())
              + ", not for "
              + platform.architecture());
    }
    if (!isRoot()) {
      notes.add("without root all files belong to the caller, whatever owner the image says");
      for (String file : check.withFileCapabilities()) {
        notes.add(
            "'" + Escape.text(file) + "' loses its file capabilities, which only root can set");
      }
    }
    return notes;
  }

  private Optional<Image> cached(ImageSource source, String key) {
    Path entry = entry(key);
    if (!Files.isDirectory(entry.resolve(ROOTFS), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    checkOwner();
    try {
      List<Problem> notes = new ArrayList<>();
      for (String note :
          FileStream.text(entry.resolve(NOTES), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!note.isEmpty()) {
          notes.add(new Problem(Place.file(source.text()), note, null));
        }
      }
      return Optional.of(
          new Image(source, Image.readConfig(entry.resolve(CONFIG)), entry.resolve(ROOTFS), notes));
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private Path entry(String key) {
    return directory.resolve("images").resolve(key + (isRoot() ? "-root" : "-user"));
  }

  private Stage stage(String key) {
    Path entry = entry(key);
    try {
      Directories.makePrivate(directory.resolve("images"));
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(directory.toString()),
          "cannot make the cache: " + e.getMessage(),
          "XDG_CACHE_HOME=DIR ocicap …",
          e);
    }
    checkOwner();
    return new Stage(entry);
  }

  /// Refuses a store that another user could change: root must not start a container from files
  /// that somebody else may have put there.
  private void checkOwner() {
    try {
      int owner = (int) Files.getAttribute(directory, "unix:uid");
      int mode = (int) Files.getAttribute(directory, "unix:mode");
      if (owner != uid || (mode & WRITABLE_BY_OTHERS) != 0) {
        throw OcicapException.input(
            Place.file(directory.toString()),
            "the cache belongs to another user, or others may write into it",
            "XDG_CACHE_HOME=DIR ocicap …");
      }
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(directory.toString()), "cannot read: " + e.getMessage(), null, e);
    }
  }

  private boolean isRoot() {
    return uid == 0;
  }

  private static boolean isGzip(Path file, String name) throws IOException {
    byte[] magic;
    try (InputStream in = Files.newInputStream(file)) {
      magic = in.readNBytes(6);
    }
    if (begins(magic, 0x28, 0xb5, 0x2f, 0xfd)
        || begins(magic, 'B', 'Z', 'h')
        || begins(magic, 0xfd, '7', 'z', 'X', 'Z')) {
      throw OcicapException.input(
          Place.file(name), "is compressed, but not with gzip: unpack it first", null);
    }
    return begins(magic, 0x1f, 0x8b);
  }

  private static boolean begins(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || bytes[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static OcicapException unreadable(ImageSource source, IOException e) {
    return OcicapException.input(
        Place.file(source.text()), "cannot read: " + e.getMessage(), null, e);
  }
}
