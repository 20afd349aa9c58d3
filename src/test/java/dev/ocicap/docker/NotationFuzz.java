package dev.ocicap.docker;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any text as a value of docker's flags: what is read prints as a text that reads as the same.
public final class NotationFuzz {
  private static final List<String> KINDS =
      List.of(
          "size",
          "int",
          "duration",
          "cpus",
          "list",
          "image",
          "ulimit",
          "device",
          "rule",
          "volume",
          "mount",
          "tmpfs",
          "port",
          "network",
          "platform");

  /// From here on what is printed is a value of the same notation.
  private static final int TEXTS = KINDS.indexOf("ulimit");

  private NotationFuzz() {}

  /// Runs one input: the notation, a colon, the value.
  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    int kind = colon < 0 ? -1 : KINDS.indexOf(text.substring(0, colon));
    if (kind < 0) {
      return;
    }
    String printed = NotationTest.printed(KINDS.get(kind), text.substring(colon + 1));
    if (kind >= TEXTS && !printed.startsWith("! ")) {
      String again = NotationTest.printed(KINDS.get(kind), printed);
      if (!again.equals(printed)) {
        throw new IllegalStateException("'" + printed + "' is read as '" + again + "'");
      }
    }
  }
}
