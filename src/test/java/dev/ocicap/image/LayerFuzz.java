package dev.ocicap.image;

import dev.ocicap.fuzz.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Any bytes as a layer: it passes the check, or is refused.
public final class LayerFuzz {
  private static final Limits LIMITS = new Limits(1 << 20, 1000, 200, 64 << 10);

  private LayerFuzz() {}

  /// Runs one input: 0 for a plain layer, 1 for a compressed one, then the layer.
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    if (data.length == 0) {
      return;
    }
    Path layer = Files.createTempFile("layer", "");
    try {
      try (var out = Files.newOutputStream(layer)) {
        out.write(data, 1, data.length - 1);
      }
      Refusal.allow(() ->
          new LayerCheck("fuzz", LIMITS, true, Progress.NONE)
              .check(layer, (data[0] & 1) == 1, data.length - 1L, 0, "layer"));
    } finally {
      Files.delete(layer);
    }
  }
}
