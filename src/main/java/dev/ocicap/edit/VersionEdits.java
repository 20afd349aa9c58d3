package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.PropertyVersions;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.SpecVersion;
import java.util.List;
import java.util.Optional;

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

  /// A version that something needs which an edit has added.
  ///
  /// @param from the version before
  /// @param to the oldest version that knows it
  /// @param reason what needs it
  public record Rise(SpecVersion from, SpecVersion to, PropertyVersions.Unknown reason) {}

  /// What an edit makes of the version. What the document had before without its version knowing is
  /// not looked at.
  public static Optional<Rise> rise(RuntimeConfig before, RuntimeConfig after) {
    Optional<SpecVersion> old = after.find(KEY).map(JsonNode::asText).flatMap(SpecVersion::parse);
    if (old.isEmpty() || after == before) {
      return Optional.empty();
    }
    SpecVersion needed = old.get();
    PropertyVersions.Unknown reason = null;
    List<PropertyVersions.Unknown> known =
        PropertyVersions.unknown(before.json().root(), old.get());
    for (PropertyVersions.Unknown one : PropertyVersions.unknown(after.json().root(), old.get())) {
      if (needed.isBefore(one.since()) && !known.contains(one)) {
        needed = one.since();
        reason = one;
      }
    }
    return reason == null ? Optional.empty() : Optional.of(new Rise(old.get(), needed, reason));
  }
}
