package dev.ocicap.spec;

import java.util.Optional;

/// A release of the runtime specification, as `ociVersion` names it (SemVer 2.0). Pre-release and
/// build are not kept: `1.0.2-dev` counts as 1.0.2.
public record SpecVersion(int major, int minor, int patch) implements Comparable<SpecVersion> {

  /// What `1.2.3-dev+build` means; empty for what is not SemVer.
  public static Optional<SpecVersion> parse(String text) {
    int plus = text.indexOf('+');
    String core = plus < 0 ? text : text.substring(0, plus);
    int minus = core.indexOf('-');
    String release = minus < 0 ? core : core.substring(0, minus);
    if ((plus >= 0 && !areIdentifiers(text.substring(plus + 1), false))
        || (minus >= 0 && !areIdentifiers(core.substring(minus + 1), true))) {
      return Optional.empty();
    }
    int first = release.indexOf('.');
    int second = release.indexOf('.', first + 1);
    if (first < 0 || second < 0) {
      return Optional.empty();
    }
    int major = number(release.substring(0, first));
    int minor = number(release.substring(first + 1, second));
    int patch = number(release.substring(second + 1));
    return major < 0 || minor < 0 || patch < 0
        ? Optional.empty()
        : Optional.of(new SpecVersion(major, minor, patch));
  }

  /// A release that is written in the source.
  public static SpecVersion of(String text) {
    return parse(text).orElseThrow();
  }

  /// Whether this release is older than another.
  public boolean isBefore(SpecVersion other) {
    return compareTo(other) < 0;
  }

  /// The first release of the next minor line.
  public SpecVersion nextMinor() {
    return new SpecVersion(major, minor + 1, 0);
  }

  /// `1.2`.
  public String minorLine() {
    return major + "." + minor;
  }

  private static int number(String digits) {
    if (digits.isEmpty()
        || digits.length() > 9
        || (digits.length() > 1 && digits.startsWith("0"))) {
      return -1;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (!isDigit(digits.charAt(i))) {
        return -1;
      }
    }
    return Integer.parseInt(digits);
  }

  private static boolean areIdentifiers(String dotted, boolean prerelease) {
    int start = 0;
    while (start <= dotted.length()) {
      int dot = dotted.indexOf('.', start);
      int end = dot < 0 ? dotted.length() : dot;
      if (!isIdentifier(dotted, start, end, prerelease)) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  private static boolean isIdentifier(String text, int start, int end, boolean prerelease) {
    boolean digits = true;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      digits &= isDigit(c);
      if (!isDigit(c) && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
        return false;
      }
    }
    boolean leadingZero = prerelease && digits && end - start > 1 && text.charAt(start) == '0';
    return end > start && !leadingZero;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public int compareTo(SpecVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
