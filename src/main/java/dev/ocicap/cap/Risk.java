package dev.ocicap.cap;

import java.util.Locale;

/// How far a capability is from full root on the host, the nearest first.
public enum Risk {
  /// It is full root, or becomes it by means that everybody knows.
  ROOT("is full root on the host, or becomes it by known means"),
  /// It becomes root where one more thing is open: a shared directory, namespace or kernel bug.
  HIGH("becomes root where a directory, a namespace or a kernel bug helps"),
  /// It harms other users, containers or the host without making root.
  MEDIUM("harms other users, containers or the host without making root"),
  /// It stays within the container, or does little.
  LOW("stays within the container, or does little");

  private final String meaning;

  Risk(String meaning) {
    this.meaning = meaning;
  }

  /// What the word means, for a legend.
  public String meaning() {
    return meaning;
  }

  /// The word in tables: `root`, `high`, `medium`, `low`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The capabilities of this risk.
  public CapabilitySet capabilities() {
    CapabilitySet set = CapabilitySet.NONE;
    for (Capability capability : Capability.all()) {
      if (CapabilityFacts.of(capability).risk() == this) {
        set = set.plus(capability);
      }
    }
    return set;
  }
}
