package dev.ocicap.docker;

import dev.ocicap.image.ImageConfig;
import java.util.List;
import java.util.Locale;

/// The value of `--platform`: `OS[/ARCH[/VARIANT]]`, or `ARCH`.
///
/// @param os the operating system, or ""
/// @param architecture Go's name of the processor, or ""
/// @param variant or ""
record PlatformNotation(String os, String architecture, String variant) {
  private static final List<String> SYSTEMS =
      List.of(
          "linux",
          "windows",
          "darwin",
          "freebsd",
          "netbsd",
          "openbsd",
          "solaris",
          "aix",
          "android",
          "wasip1",
          "js",
          "plan9",
          "illumos",
          "dragonfly",
          "ios");
  private static final List<String> ARCHITECTURES =
      List.of(
          "386",
          "amd64",
          "arm",
          "arm64",
          "loong64",
          "mips",
          "mipsle",
          "mips64",
          "mips64le",
          "ppc64",
          "ppc64le",
          "riscv64",
          "s390x",
          "wasm");

  static PlatformNotation parse(String text) {
    List<String> parts = Texts.split(text.toLowerCase(Locale.ROOT), '/');
    for (String part : parts) {
      if (part.isEmpty() || !isWord(part)) {
        throw invalid(text);
      }
    }
    String first = parts.getFirst();
    return switch (parts.size()) {
      case 1 -> {
        if (SYSTEMS.contains(first)) {
          yield new PlatformNotation(first, "", "");
        }
        if (ARCHITECTURES.contains(normal(first))) {
          yield new PlatformNotation("", normal(first), "");
        }
        throw invalid(text);
      }
      case 2 -> new PlatformNotation(first, normal(parts.get(1)), "");
      case 3 -> new PlatformNotation(first, normal(parts.get(1)), parts.get(2));
      default -> throw invalid(text);
    };
  }

  private static BadValue invalid(String text) {
    return new BadValue("'" + text + "' is not OS[/ARCH[/VARIANT]]");
  }

  private static boolean isWord(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!plain && "_.-()".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String normal(String architecture) {
    return switch (architecture) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386" -> "386";
      case "armhf", "armel" -> "arm";
      default -> architecture;
    };
  }

  /// Refuses an image that is for another platform.
  void check(ImageConfig image) {
    boolean otherSystem = !os.isEmpty() && !image.os().isEmpty() && !os.equals(image.os());
    boolean otherProcessor =
        !architecture.isEmpty()
            && !image.architecture().isEmpty()
            && !architecture.equals(normal(image.architecture()));
    if (otherSystem || otherProcessor) {
      throw new BadValue(
          "'" + this + "': the image is for " + image.os() + "/" + image.architecture());
    }
  }

  @Override
  public String toString() {
    String front = os.isEmpty() ? architecture : os;
    return os.isEmpty() || architecture.isEmpty()
        ? front
        : front + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
