package dev.ocicap.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;

/// What one document of an image says of another (image-spec descriptor.md).
///
/// @param mediaType the form of the content
/// @param digest `sha256:` and 64 hexadecimal digits
/// @param size the content's size in bytes
record Descriptor(String mediaType, String digest, long size) {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  static final String LAYER_GZIP = LAYER + "+gzip";

  private static final String SHA256 = "sha256:";

  /// The descriptor at a pointer.
  ///
  /// @throws OcicapException when it is none
  static Descriptor of(JsonText text, JsonNode node, String pointer) {
    String digest = node.path("digest").asText();
    if (!isDigest(digest)) {
      throw OcicapException.input(
          text.place(pointer + "/digest"),
          "the digest '" + digest + "' is not 'sha256:' and 64 hexadecimal digits",
          null);
    }
    JsonNode size = node.path("size");
    if (!size.canConvertToLong() || size.longValue() < 0) {
      throw OcicapException.input(
          text.place(pointer + "/size"), "the size of '" + digest + "' is not a number", null);
    }
    return new Descriptor(node.path("mediaType").asText(), digest, size.longValue());
  }

  static boolean isDigest(String text) {
    if (!text.startsWith(SHA256) || text.length() != SHA256.length() + 64) {
      return false;
    }
    for (int i = SHA256.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /// The hexadecimal digits.
  String hex() {
    return digest.substring(SHA256.length());
  }

  /// Whether it is a layer in one of the forms that umoci knows: without compression, or with gzip.
  boolean isOciLayer() {
    return mediaType.equals(LAYER) || mediaType.equals(LAYER_GZIP);
  }
}
