package dev.ocicap.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Image layouts with layers of the test's own.
final class TestLayout {
  static final String CONFIG =
      """
      {"architecture":"amd64","os":"linux","config":{"Cmd":["sh","-c","id"],"Env":["A=b"],\
      "User":"app:staff","WorkingDir":"/app"},"rootfs":{"type":"layers","diff_ids":[%s]}}\
      """;

  private TestLayout() {}

  /// A layout with one image, named `1`.
  static Path write(Path directory, byte[]... layers) throws IOException {
    return write(directory, CONFIG, List.of(), layers);
  }

  /// A layout with one image, named `1`.
  ///
  /// @param config with `%s` where the layers' digests go
  /// @param diffIds instead of the right ones
  static Path write(Path directory, String config, List<String> diffIds, byte[]... layers)
      throws IOException {
    List<String> descriptors = new ArrayList<>();
    List<String> ids = new ArrayList<>(diffIds);
    for (byte[] layer : layers) {
      descriptors.add(blob(directory, "application/vnd.oci.image.layer.v1.tar+gzip", gzip(layer)));
      if (diffIds.isEmpty()) {
        ids.add("sha256:" + Sha256.of(layer));
      }
    }
    String quoted = ids.isEmpty() ? "" : "\"" + String.join("\",\"", ids) + "\"";
    String configuration =
        blob(
            directory,
            "application/vnd.oci.image.config.v1+json",
            bytes(config.replace("%s", quoted)));
    String manifest =
        blob(
            directory,
            "application/vnd.oci.image.manifest.v1+json",
            bytes(
                "{\"schemaVersion\":2,\"config\":"
                    + configuration
                    + ",\"layers\":["
                    + String.join(",", descriptors)
                    + "]}"));
    Files.writeString(
        directory.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + manifest.substring(0, manifest.length() - 1)
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}}]}");
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    return directory;
  }

  /// A layout with an index of images for several platforms, which is named `many`.
  ///
  /// @param platforms each as `ARCH` or `ARCH/VARIANT`
  static Path writeIndex(Path directory, List<String> platforms) throws IOException {
    List<String> manifests = new ArrayList<>();
    for (String platform : platforms) {
      String[] parts = platform.split("/", -1);
      String config = CONFIG.replace("amd64", parts[0]);
      write(directory, config, List.of(), new Tar().file(platform.replace('/', '-'), "").end());
      String index = Files.readString(directory.resolve("index.json"));
      String manifest = index.substring(index.indexOf("[") + 1, index.indexOf(",\"annotations"));
      manifests.add(
          manifest
              + ",\"platform\":{\"os\":\"linux\",\"architecture\":\""
              + parts[0]
              + (parts.length == 1 ? "" : "\",\"variant\":\"" + parts[1])
              + "\"}}");
    }
    String list = "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", manifests) + "]}";
    String named = blob(directory, "application/vnd.oci.image.index.v1+json", bytes(list));
    Files.writeString(
        directory.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":["
            + named.substring(0, named.length() - 1)
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"many\"}}]}");
    return directory;
  }

  private static String blob(Path directory, String mediaType, byte[] content) throws IOException {
    String hex = Sha256.of(content);
    Path blobs = Files.createDirectories(directory.resolve("blobs").resolve("sha256"));
    Files.write(blobs.resolve(hex), content);
    return "{\"mediaType\":\""
        + mediaType
        + "\",\"digest\":\"sha256:"
        + hex
        + "\",\"size\":"
        + content.length
        + "}";
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
