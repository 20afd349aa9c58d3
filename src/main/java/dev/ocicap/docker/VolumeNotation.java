package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The value of `--volume`: `[SOURCE:]TARGET[:OPTION,…]`. A source that is a path is bound; any
/// other is the name of a volume; without a source the volume has no name.
///
/// @param kind what is mounted
/// @param source the path on the host as it was typed, or the volume's name; "" for an anonymous
///   volume
/// @param target the path in the container
/// @param options as typed, without empty ones
record VolumeNotation(Kind kind, String source, String target, List<String> options) {

  /// What is mounted.
  enum Kind {
    /// A path of the host.
    BIND,
    /// A volume with a name.
    NAMED,
    /// A volume of this container.
    ANONYMOUS
  }

  VolumeNotation {
    options = List.copyOf(options);
  }

  /// Reads a value.
  ///
  /// @param client where a source that begins with `.` is found
  static VolumeNotation parse(String text, ClientEnvironment client) {
    if (text.isEmpty()) {
      throw new BadValue("'' is not [SOURCE:]TARGET[:OPTIONS]");
    }
    List<String> parts = text.length() <= 2 ? List.of(text) : parts(text);
    if (parts.size() == 1) {
      return new VolumeNotation(Kind.ANONYMOUS, "", text, List.of());
    }
    String source = parts.getFirst();
    String raw = text;
    if (source.startsWith(".")) {
      int colon = text.indexOf(':');
      raw = client.absolute(text.substring(0, colon)) + text.substring(colon);
    }
    return engineParse(raw, text);
  }

  /// The parts as docker's client sees them: a single letter before a colon is a drive of Windows.
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length();
      if (!end && text.charAt(i) != ':') {
        continue;
      }
      if (!end && i == start + 1 && Character.isLetter(text.charAt(start))) {
        continue;
      }
      if (i == start) {
        throw new BadValue("'" + text + "': nothing between two colons");
      }
      parts.add(text.substring(start, i));
      start = i + 1;
      if (parts.size() == 3 && !end) {
        throw new BadValue("'" + text + "': too many colons");
      }
    }
    return parts;
  }

  private static VolumeNotation engineParse(String raw, String text) {
    List<String> parts = Texts.split(raw, ':', 4);
    if (parts.size() == 1 || parts.size() == 4 || parts.getFirst().isEmpty()) {
      throw new BadValue("'" + text + "' is not [SOURCE:]TARGET[:OPTIONS]");
    }
    String source = parts.getFirst();
    String target = parts.get(1);
    String mode = parts.size() == 3 ? parts.get(2) : "";
    if (parts.size() == 2 && isMode(target)) {
      throw new BadValue("'" + text + "': a volume without a source takes no options");
    }
    if (!isMode(mode)) {
      throw new BadValue(
          "'"
              + text
              + "': '"
              + mode
              + "' is not at most one each of 'ro' or 'rw', 'z' or 'Z', a propagation, 'nocopy',"
              + " 'cached'");
    }
    checkTarget(target, text);
    List<String> options = mode.isEmpty() ? List.of() : Texts.split(mode, ',');
    return source.startsWith("/")
        ? bind(source, target, options, text)
        : named(source, target, options, text);
  }

  private static VolumeNotation bind(
      String source, String target, List<String> options, String text) {
    if (options.contains("nocopy")) {
      throw new BadValue("'" + text + "': 'nocopy' is for volumes, not for a path of the host");
    }
    return new VolumeNotation(Kind.BIND, source, Texts.cleanPath(target), options);
  }

  private static VolumeNotation named(
      String source, String target, List<String> options, String text) {
    if (!Texts.isRestrictedName(source) || source.length() > 255) {
      throw new BadValue(
          "'"
              + text
              + "': '"
              + source
              + "' is neither an absolute path nor a volume's name (two or more letters, digits,"
              + " '_', '.', '-')",
          source.startsWith("~") ? "write the home directory out: docker does not know '~'" : null);
    }
    for (String option : options) {
      if (isPropagation(option)) {
        throw new BadValue("'" + text + "': '" + option + "' is for a path of the host");
      }
    }
    return new VolumeNotation(Kind.NAMED, source, Texts.cleanPath(target), options);
  }

  /// Refuses a target that is not an absolute path below `/`.
  static void checkTarget(String target, String text) {
    if (!target.startsWith("/")) {
      throw new BadValue("'" + text + "': the target '" + target + "' is not an absolute path");
    }
    if (Texts.cleanPath(target).equals("/")) {
      throw new BadValue("'" + text + "': the target is the root directory");
    }
  }

  /// Whether docker takes the options: at most one of each kind.
  static boolean isMode(String mode) {
    if (mode.isEmpty()) {
      return true;
    }
    int seen = 0;
    for (String option : Texts.split(mode, ',')) {
      int kind =
          switch (option) {
            case "rw", "ro" -> 1;
            case "z", "Z" -> 2;
            case "nocopy" -> 4;
            case "consistent", "cached", "delegated" -> 8;
            default -> isPropagation(option) ? 16 : 0;
          };
      if (kind == 0 || (seen & kind) != 0) {
        return false;
      }
      seen |= kind;
    }
    return true;
  }

  static boolean isPropagation(String option) {
    return switch (option) {
      case "private", "rprivate", "shared", "rshared", "slave", "rslave" -> true;
      default -> false;
    };
  }

  /// The path on the host.
  String path() {
    return Texts.cleanPath(source);
  }

  boolean isReadonly() {
    return options.contains("ro");
  }

  /// The propagation that was asked for, or null.
  @Nullable String propagation() {
    for (String option : options) {
      if (isPropagation(option)) {
        return option;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    String shown = kind == Kind.BIND ? path() : source;
    return (shown.isEmpty() ? "" : shown + ":")
        + target
        + (options.isEmpty() ? "" : ":" + String.join(",", options));
  }
}
