package dev.ocicap;

import dev.ocicap.export.Exported;
import dev.ocicap.export.Exporter;
import dev.ocicap.export.Exporters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A configuration in another tool's terms. What the target cannot limit as the configuration does
/// is left out and reported, never widened.
///
/// @param text the command, manifest or unit
/// @param losses what could not be carried, or not exactly
public record Export(String text, List<Problem> losses) {
  /// Copies the list.
  public Export {
    losses = List.copyOf(losses);
  }

  /// Whose terms.
  public enum Target {
    /// A `docker run` command.
    DOCKER,
    /// A `podman run` command.
    PODMAN,
    /// A `nerdctl run` command.
    NERDCTL,
    /// A Compose file.
    COMPOSE,
    /// A Kubernetes pod.
    KUBERNETES,
    /// A systemd service.
    SYSTEMD,
    /// A Quadlet unit.
    QUADLET;

    Exporter exporter() {
      return Exporters.find(name().toLowerCase(Locale.ROOT)).orElseThrow();
    }
  }

  static Export of(Exported exported) {
    List<Problem> losses = new ArrayList<>();
    for (Exported.Loss loss : exported.losses()) {
      losses.add(new Problem(loss.property() + ": " + loss.reason(), null, null, 0, 0));
    }
    return new Export(exported.text(), losses);
  }
}
