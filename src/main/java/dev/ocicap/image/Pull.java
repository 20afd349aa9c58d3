package dev.ocicap.image;

/// When to ask a registry (`docker run --pull`).
public enum Pull {
  /// When the cache does not have an image of that name.
  MISSING,
  /// Every time.
  ALWAYS,
  /// Never: an image that the cache does not have is an error.
  NEVER
}
