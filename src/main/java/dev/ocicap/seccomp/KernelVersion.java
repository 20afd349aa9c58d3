package dev.ocicap.seccomp;

import dev.ocicap.report.OcicapException;
import java.util.Optional;

/// The version of a Linux kernel as far as profiles look at it: what follows the second number
/// (`6.18.44-generic`) says nothing about the system calls that a kernel has.
///
/// @param major the first number, 0 … 65535
/// @param minor the second number, 0 … 65535
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {

  /// The version in a kernel release, as `uname -r` prints it.
  ///
  /// @throws OcicapException when the text does not begin with two numbers and a dot between them
  public static KernelVersion parse(String release) {
    return find(release)
        .orElseThrow(() ->
            OcicapException.usage(
                "'" + release + "' is not a kernel version such as '6.18' or '6.18.4-generic'",
                null));
  }

  /// The version in a kernel release, if the text begins with one.
  public static Optional<KernelVersion> find(String release) {
    int dot = numberEnd(release, 0);
    if (dot == release.length() || release.charAt(dot) != '.') {
      return Optional.empty();
    }
    int end = numberEnd(release, dot + 1);
    int major = number(release, 0, dot);
    int minor = number(release, dot + 1, end);
    return major < 0 || minor < 0 ? Optional.empty() : Optional.of(new KernelVersion(major, minor));
  }

  /// The version in a text that is two numbers and a dot and nothing else: `4.8`.
  static Optional<KernelVersion> exactly(String text) {
    Optional<KernelVersion> version = find(text);
    return version.isPresent() && numberEnd(text, text.indexOf('.') + 1) == text.length()
        ? version
        : Optional.empty();
  }

  /// Whether this kernel is the other or a later one.
  public boolean isAtLeast(KernelVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(KernelVersion other) {
    int byMajor = Integer.compare(major, other.major);
    return byMajor == 0 ? Integer.compare(minor, other.minor) : byMajor;
  }

  /// The two numbers with a dot: `6.18`.
  @Override
  public String toString() {
    return major + "." + minor;
  }

  private static int numberEnd(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static int number(String text, int start, int end) {
    if (end == start || end - start > 5) {
      return -1;
    }
    int number = Integer.parseInt(text, start, end, 10);
    return number > 0xffff ? -1 : number;
  }
}
