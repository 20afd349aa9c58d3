package dev.ocicap.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Texts of the machine on which the command is read.
final class HostText {
  private HostText() {}

  /// The text of a file; "" when it cannot be read.
  static String of(Conversion c, String path) {
    try {
      return new String(c.client.files().read(path), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
