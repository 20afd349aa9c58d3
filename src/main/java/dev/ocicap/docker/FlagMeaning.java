package dev.ocicap.docker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of a flag in a bundle.
public sealed interface FlagMeaning {

  /// All of it is written.
  ///
  /// @param properties the members of config.json, or the files of the bundle, that it decides
  record Applied(List<String> properties) implements FlagMeaning {
    /// Copies the properties.
    public Applied {
      properties = List.copyOf(properties);
    }
  }

  /// Some of it is written.
  ///
  /// @param properties the members of config.json, or the files of the bundle, that it decides
  /// @param reason what is lost
  /// @param hint what to do about it, or null
  record Partial(List<String> properties, String reason, @Nullable String hint)
      implements FlagMeaning {
    /// Copies the properties.
    public Partial {
      properties = List.copyOf(properties);
    }
  }

  /// Nothing is written, and the container is the same with it and without.
  ///
  /// @param reason why
  record Ignored(String reason) implements FlagMeaning {}

  /// No runtime acts on it; an annotation of a bundle keeps it.
  ///
  /// @param harmless whether the container is the same without it
  /// @param reason who acts on it instead
  /// @param hint what to do about it, or null
  record Kept(boolean harmless, String reason, @Nullable String hint) implements FlagMeaning {
    /// What becomes of it where no annotation is written.
    FlagMeaning dropped() {
      return harmless ? new Ignored(reason) : new Unsupported(reason, hint);
    }
  }

  /// A bundle cannot say it.
  ///
  /// @param reason whose work it is instead
  /// @param hint what to do about it, or null
  record Unsupported(String reason, @Nullable String hint) implements FlagMeaning {}

  /// All of it is written to these properties.
  static FlagMeaning applied(String... properties) {
    return new Applied(List.of(properties));
  }

  /// Whether something that was asked for is not in the bundle.
  default boolean isLost() {
    // Not a switch: one over types is linked anew at each start.
    return this instanceof Partial
        || this instanceof Unsupported
        || (this instanceof Kept kept && !kept.harmless());
  }
}
