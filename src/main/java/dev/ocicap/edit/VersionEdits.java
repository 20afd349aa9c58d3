package dev.ocicap.edit;

import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.PropertyVersions;
import dev.ocicap.spec.SpecVersion;

/// Edits of `ociVersion` (config.md#specification-version) and of what depends on it.
public final class VersionEdits {
  /// The property.
  public static final String KEY = "ociVersion";

  private VersionEdits() {}

  /// Replaces the version.
  public static SpecEdit set(SpecVersion version) {
    return draft -> draft.set(JsonValues.string(version.toString()), KEY);
  }

  /// Replaces the version by the oldest one from 1.0.2 on that knows everything in the document.
  public static SpecEdit oldest() {
    return draft -> set(PropertyVersions.needed(draft.root())).accept(draft);
  }

  /// Replaces the version, and removes what it does not know.
  ///
  /// @param text the version as it is written, with a pre-release perhaps
  public static SpecEdit downgrade(SpecVersion version, String text) {
    return draft -> {
      PropertyVersions.drop(draft, version);
      draft.set(JsonValues.string(text), KEY);
    };
  }
}
