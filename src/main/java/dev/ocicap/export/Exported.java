package dev.ocicap.export;

import java.util.ArrayList;
import java.util.List;

/// A configuration in another tool's terms.
///
/// @param text the command, manifest or unit
/// @param losses what could not be carried, or not exactly
public record Exported(String text, List<Loss> losses) {
  /// Copies the list.
  public Exported {
    losses = List.copyOf(losses);
  }

  /// The losses of capabilities only.
  static Exported ofCapabilities(String text, List<Loss> losses) {
    List<Loss> kept = new ArrayList<>(losses);
    kept.removeIf(loss -> !loss.property().startsWith("process.capabilities"));
    return new Exported(text, kept);
  }

  /// Something that the target cannot say.
  ///
  /// @param property where it stands in config.json: `process.scheduler`
  /// @param reason what becomes of it
  public record Loss(String property, String reason) {}
}
