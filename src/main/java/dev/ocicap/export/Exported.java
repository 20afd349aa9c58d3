package dev.ocicap.export;

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

  /// Something that the target cannot say.
  ///
  /// @param property where it stands in config.json: `process.scheduler`
  /// @param reason what becomes of it
  public record Loss(String property, String reason) {}
}
