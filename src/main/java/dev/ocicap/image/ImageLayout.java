package dev.ocicap.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.FileStream;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// An image layout on disk (image-spec image-layout.md).
///
/// @param directory the layout
/// @param name how errors name it
record ImageLayout(Path directory, String name) {
  /// Larger documents are refused; registries have the same limit for manifests.
  private static final int MAX_DOCUMENT = 4 << 20;

  /// An index may point to an index; deeper nesting is refused.
  private static final int MAX_NESTING = 4;

  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  /// One image of a layout.
  ///
  /// @param manifest the descriptor of its manifest
  /// @param config its configuration
  /// @param diffIds the digests of its layers without compression
  /// @param layers its layers, the lowest first
  record Found(
      Descriptor manifest, JsonText config, List<String> diffIds, List<Descriptor> layers) {
    Found {
      diffIds = List.copyOf(diffIds);
      layers = List.copyOf(layers);
    }

    /// Whether umoci knows the form of every layer.
    boolean isForUmoci() {
      for (Descriptor layer : layers) {
        if (!layer.isOciLayer()) {
          return false;
        }
      }
      return true;
    }
  }

  /// The descriptor of the manifest of a tag.
  ///
  /// @param tag the image's name; "" for the only image, or else the one named `latest`
  /// @param wanted what to choose where an image exists for several
  /// @throws OcicapException when there is none, or more than one
  Descriptor manifest(String tag, Platform wanted) {
    JsonText index = JsonText.parse(directory.resolve("index.json").toString(), indexBytes());
    List<Descriptor> all = new ArrayList<>();
    List<Descriptor> named = new ArrayList<>();
    TreeSet<String> tags = new TreeSet<>();
    JsonNode manifests = index.root().path("manifests");
    for (int i = 0; i < manifests.size(); i++) {
      String pointer = "/manifests/" + i;
      Descriptor descriptor = Descriptor.of(index, manifests.get(i), pointer);
      String ref = manifests.get(i).path("annotations").path(REF_NAME).asText();
      if (!ref.isEmpty()) {
        tags.add(ref);
      }
      if (fits(manifests.get(i).path("platform"), wanted)) {
        all.add(descriptor);
        if (ref.equals(tag.isEmpty() ? "latest" : tag)) {
          named.add(descriptor);
        }
      }
    }
    List<Descriptor> candidates = tag.isEmpty() && all.size() == 1 ? all : named;
    if (candidates.isEmpty()) {
      String known = tags.isEmpty() ? "it names none" : "it has " + String.join(", ", tags);
      throw OcicapException.input(
          Place.file(name),
          tag.isEmpty()
              ? "the layout has " + all.size() + " images: name one (" + known + ")"
              : "the layout has no image '" + tag + "' for " + wanted + ": " + known,
          null);
    }
    return resolve(candidates.getFirst(), wanted, 0);
  }

  private Descriptor resolve(Descriptor descriptor, Platform wanted, int nesting) {
    if (!descriptor.mediaType().equals(Descriptor.INDEX)) {
      return descriptor;
    }
    JsonText index = document(descriptor);
    JsonNode manifests = index.root().path("manifests");
    for (int i = 0; i < manifests.size() && nesting < MAX_NESTING; i++) {
      if (manifests.get(i).has("platform") && fits(manifests.get(i).path("platform"), wanted)) {
        return resolve(
            Descriptor.of(index, manifests.get(i), "/manifests/" + i), wanted, nesting + 1);
      }
    }
    throw OcicapException.input(
        Place.file(name), "the image does not exist for linux/" + wanted, null);
  }

  private static boolean fits(JsonNode platform, Platform wanted) {
    return platform.isMissingNode()
        || wanted.takes(
            platform.path("os").asText(),
            platform.path("architecture").asText(),
            platform.path("variant").asText());
  }

  /// The image of a manifest.
  ///
  /// @throws OcicapException when something in it does not fit together
  Found image(Descriptor manifest) {
    JsonText text = document(manifest);
    Descriptor config = Descriptor.of(text, text.root().path("config"), "/config");
    List<Descriptor> layers = new ArrayList<>();
    JsonNode array = text.root().path("layers");
    for (int i = 0; i < array.size(); i++) {
      layers.add(Descriptor.of(text, array.get(i), "/layers/" + i));
    }
    JsonText configuration = document(config);
    List<String> diffIds = new ArrayList<>();
    for (JsonNode id : configuration.root().path("rootfs").path("diff_ids")) {
      diffIds.add(id.asText());
    }
    if (diffIds.size() != layers.size()) {
      throw OcicapException.input(
          Place.file(name),
          "the manifest has "
              + layers.size()
              + " layers, and the configuration speaks of "
              + diffIds.size(),
          null);
    }
    return new Found(manifest, configuration, diffIds, layers);
  }

  /// A JSON document, whose digest is right.
  JsonText document(Descriptor descriptor) {
    if (descriptor.size() > MAX_DOCUMENT) {
      throw OcicapException.input(
          Place.file(name), "'" + descriptor.digest() + "' is larger than 4 MiB", null);
    }
    byte[] bytes = read(blob(descriptor));
    if (bytes.length != descriptor.size() || !Sha256.of(bytes).equals(descriptor.hex())) {
      throw OcicapException.input(
          Place.file(name),
          "the content of '" + descriptor.digest() + "' has another digest",
          null);
    }
    return JsonText.parse(blob(descriptor).toString(), bytes);
  }

  /// The file of a blob.
  ///
  /// @throws OcicapException when it is missing, or no regular file
  Path blob(Descriptor descriptor) {
    Path file = directory.resolve("blobs").resolve("sha256").resolve(descriptor.hex());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw OcicapException.input(
          Place.file(name), "the layout lacks the blob '" + descriptor.digest() + "'", null);
    }
    return file;
  }

  private byte[] indexBytes() {
    Path index = directory.resolve("index.json");
    if (!Files.isRegularFile(index)) {
      throw OcicapException.input(Place.file(name), "the layout lacks its index.json", null);
    }
    return read(index);
  }

  private byte[] read(Path file) {
    try (InputStream in = FileStream.open(file)) {
      byte[] bytes = in.readNBytes(MAX_DOCUMENT + 1);
      if (bytes.length > MAX_DOCUMENT) {
        throw OcicapException.input(Place.file(file.toString()), "is larger than 4 MiB", null);
      }
      return bytes;
    } catch (IOException e) {
      throw OcicapException.input(
          Place.file(file.toString()), "cannot read: " + e.getMessage(), null, e);
    }
  }
}
