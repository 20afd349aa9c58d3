package dev.ocicap.validate;

import java.util.StringTokenizer;

/// A release of a runtime, as its `--version` says: `runc version 1.1.5+ds1`, `youki version:
/// 0.7.0`.
///
/// @param name `runc`, `crun`, `youki` or another word; "" when it did not say
/// @param major the first number; -1 when it did not say
/// @param minor the second number
/// @param patch the third number
public record RuntimeRelease(String name, int major, int minor, int patch) {
  private static final int NUMBERS = 3;

  /// The release in the output of `--version`.
  public static RuntimeRelease parse(String output) {
    // Not split(…) with a pattern, which links lambdas: this stands before each start.
    StringTokenizer tokens = new StringTokenizer(output);
    String[] words = {"", "", ""};
    for (int i = 0; i < words.length && tokens.hasMoreTokens(); i++) {
      words[i] = tokens.nextToken();
    }
    int[] numbers = {-1, 0, 0};
    if (words[1].equals("version") || words[1].equals("version:")) {
      String text = words[2];
      int start = 0;
      for (int i = 0; i < NUMBERS; i++) {
        int end = digitsEnd(text, start);
        if (end == start || end - start > 6) {
          break;
        }
        numbers[i] = Integer.parseInt(text.substring(start, end));
        if (end == text.length() || text.charAt(end) != '.') {
          break;
        }
        start = end + 1;
      }
    }
    return new RuntimeRelease(words[0], numbers[0], numbers[1], numbers[2]);
  }

  private static int digitsEnd(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  /// Whether it said which release it is.
  public boolean isKnown() {
    return major >= 0;
  }

  /// Whether it is that runtime, of a known release.
  public boolean is(String runtime) {
    return name.equals(runtime) && isKnown();
  }

  /// Whether it is older than a release.
  public boolean isBefore(int otherMajor, int otherMinor) {
    return isBefore(otherMajor, otherMinor, 0);
  }

  boolean isBefore(int otherMajor, int otherMinor, int otherPatch) {
    if (major != otherMajor) {
      return major < otherMajor;
    }
    return minor < otherMinor || (minor == otherMinor && patch < otherPatch);
  }

  @Override
  public String toString() {
    return isKnown() ? name + " " + major + "." + minor + "." + patch : name;
  }
}
