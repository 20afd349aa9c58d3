package dev.ocicap.export;

import dev.ocicap.cap.Baseline;
import dev.ocicap.cap.CapabilitySet;
import java.util.Locale;

/// A container engine with docker's command line.
enum Engine {
  DOCKER(Baseline.DOCKER),
  PODMAN(Baseline.PODMAN),
  NERDCTL(Baseline.DOCKER);

  private final Baseline baseline;

  Engine(Baseline baseline) {
    this.baseline = baseline;
  }

  /// What a container has that asks for nothing.
  CapabilitySet defaults() {
    return baseline.granted();
  }

  /// Its program.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
