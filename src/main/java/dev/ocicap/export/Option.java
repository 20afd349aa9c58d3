package dev.ocicap.export;

/// One option of `docker run`.
///
/// @param name with its dashes: `--cap-add`
/// @param value its value; "" for a switch
record Option(String name, String value) {

  /// Whether it grants or takes capabilities.
  boolean isCapability() {
    return name.equals("--cap-add") || name.equals("--cap-drop") || name.equals("--privileged");
  }

  static Option flag(String name) {
    return new Option(name, "");
  }
}
