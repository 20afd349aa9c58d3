package dev.ocicap.seccomp;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Where a profile came from.
sealed interface ProfileSource {

  /// ocicap's own table.
  record BuiltIn(String name) implements ProfileSource {}

  /// A file, at an absolute path.
  ///
  /// @param sha256 the digest of its text in 64 hexadecimal digits
  record OfFile(Path file, String sha256) implements ProfileSource {}

  /// A text that is in no file, or in one that is not known: it cannot be read again.
  record Text(JsonText text) implements ProfileSource {}

  /// Larger files are no profiles: Docker's own has 17 kB.
  int MAX_SIZE = 4 << 20;

  static OfFile of(Path file, JsonText text) {
    return new OfFile(file.toAbsolutePath().normalize(), sha256(text.text()));
  }

  /// The content of a profile's file.
  ///
  /// @throws OcicapException when it is no regular file, too large, or cannot be read
  static byte[] bytes(Path file) {
    Place place = Place.file(file.toString());
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw OcicapException.input(place, "is not a regular file", null);
    }
    try {
      // The files of /proc have no size, and reading one may wait for ever.
      if (Files.size(file) == 0) {
        throw OcicapException.input(place, "is empty", null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_SIZE + 1);
        if (bytes.length > MAX_SIZE) {
          throw OcicapException.input(
              place, "is larger than 4 MiB, which is no seccomp profile", null);
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw OcicapException.input(place, "cannot read: no such file or directory", null, e);
    } catch (IOException e) {
      throw OcicapException.input(place, "cannot read: " + e.getMessage(), null, e);
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
