package dev.ocicap.image;

/// The processor that an image is chosen for; the operating system is always Linux (image-spec
/// image-index.md).
///
/// @param architecture Go's name of it: `amd64`, `arm`
/// @param variant such as `v7`, or "" for any
public record Platform(String architecture, String variant) {

  /// Any variant of an architecture.
  public static Platform of(String architecture) {
    return new Platform(architecture, "");
  }

  /// Whether an image for this one can be taken. An image that names no variant fits every one.
  boolean takes(String os, String itsArchitecture, String itsVariant) {
    return os.equals("linux")
        && itsArchitecture.equals(architecture)
        && (variant.isEmpty() || itsVariant.isEmpty() || itsVariant.equals(variant));
  }

  @Override
  public String toString() {
    return variant.isEmpty() ? architecture : architecture + "/" + variant;
  }
}
