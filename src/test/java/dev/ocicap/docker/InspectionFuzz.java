package dev.ocicap.docker;

import dev.ocicap.fuzz.Refusal;
import dev.ocicap.json.JsonText;

/// Any JSON as what `docker inspect` prints.
public final class InspectionFuzz {
  private InspectionFuzz() {}

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] data) {
    Refusal.allow(() -> ContainerInspection.parse(JsonText.parse("inspect.json", data)));
  }
}
