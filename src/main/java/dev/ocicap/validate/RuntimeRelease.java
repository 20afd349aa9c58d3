package dev.ocicap.validate;

/// A release of a runtime, as its `--version` says: `runc version 1.1.5+ds1`.
///
/// @param name `runc`, `crun`, `youki` or another word; "" when it did not say
/// @param major the first number; -1 when it did not say
/// @param minor the second number
public record RuntimeRelease(String name, int major, int minor) {

  /// The release in the output of `--version`.
  public static RuntimeRelease parse(String output) {
    String[] words = output.strip().split("\\s+", 4);
    if (words.length < 3 || !words[1].equals("version")) {
      return new RuntimeRelease(words[0], -1, 0);
    }
    int dot = words[2].indexOf('.');
    return dot < 0
        ? new RuntimeRelease(words[0], number(words[2]), 0)
        : new RuntimeRelease(
            words[0], number(words[2].substring(0, dot)), number(words[2].substring(dot + 1)));
  }

  /// The number that a text begins with.
  private static int number(String text) {
    int number = 0;
    int digits = 0;
    while (digits < text.length() && digits < 6 && Character.digit(text.charAt(digits), 10) >= 0) {
      number = number * 10 + Character.digit(text.charAt(digits), 10);
      digits++;
    }
    return digits == 0 ? -1 : number;
  }

  /// Whether it is that runtime, of a known release.
  public boolean is(String runtime) {
    return name.equals(runtime) && major >= 0;
  }

  /// Whether it is older than a release.
  public boolean isBefore(int otherMajor, int otherMinor) {
    return major < otherMajor || (major == otherMajor && minor < otherMinor);
  }

  @Override
  public String toString() {
    return major < 0 ? name : name + " " + major + "." + minor;
  }
}
