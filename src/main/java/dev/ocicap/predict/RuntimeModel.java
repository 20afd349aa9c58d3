package dev.ocicap.predict;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What differs between runtimes before execve: how they read names of capabilities, and what they
/// do where `process.capabilities` is absent. Measured with runc 1.1.5 and crun 1.8.1; later
/// behaviour is from their sources.
///
/// @param kind which runtime
/// @param version its version
public record RuntimeModel(Kind kind, Version version) {

  /// The runtimes whose behaviour is known.
  public enum Kind {
    /// The reference implementation.
    RUNC,
    /// The one in C.
    CRUN;

    /// Its program's name.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A version as far as it matters.
  public record Version(int major, int minor) implements Comparable<Version> {
    /// Newer than every known change.
    public static final Version NEWEST = new Version(999, 0);

    @Override
    public int compareTo(Version other) {
      return major == other.major
          ? Integer.compare(minor, other.minor)
          : Integer.compare(major, other.major);
    }

    /// The first two numbers in a text such as `runc version 1.1.5+ds1`.
    public static Optional<Version> find(String text) {
      for (int i = 0; i < text.length(); i++) {
        int dot = digits(text, i);
        if (dot > i && dot < text.length() && text.charAt(dot) == '.') {
          int end = digits(text, dot + 1);
          if (end > dot + 1 && dot - i < 5 && end - dot < 6) {
            return Optional.of(
                new Version(
                    Integer.parseInt(text, i, dot, 10), Integer.parseInt(text, dot + 1, end, 10)));
          }
        }
      }
      return Optional.empty();
    }

    private static int digits(String text, int start) {
      int end = start;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      return end;
    }
  }

  private static final Version RUNC_KEEPS_ALL = new Version(1, 3);
  private static final Version CRUN_REFUSES_UNKNOWN = new Version(1, 29);
  private static final int LIBCAP_BITS = 64;

  /// The names of one set as the runtime understands them.
  ///
  /// @param set the capabilities
  /// @param ignored the names that it leaves out
  /// @param odd the names that it understands though the specification does not spell them so
  public record Names(CapabilitySet set, List<String> ignored, List<String> odd) {
    /// Copies the lists.
    public Names {
      ignored = List.copyOf(ignored);
      odd = List.copyOf(odd);
    }
  }

  /// Whether a container with an unknown name does not start.
  public boolean refusesUnknownNames() {
    return kind == Kind.CRUN && version.compareTo(CRUN_REFUSES_UNKNOWN) >= 0;
  }

  /// Whether a process without `process.capabilities` keeps what the host gives it; otherwise it
  /// has nothing at all, an empty bounding set included.
  public boolean keepsAllWhereAbsent() {
    return kind == Kind.RUNC && version.compareTo(RUNC_KEEPS_ALL) >= 0;
  }

  /// The highest user or group id that it sets.
  public long maxId() {
    return kind == Kind.RUNC && version.compareTo(RUNC_KEEPS_ALL) < 0
        ? Integer.MAX_VALUE
        : User.MAX_ID;
  }

  /// Whether a user or group id of -1, 4294967295, leaves the process what it is, root; others
  /// refuse it (setresuid(2) takes it for "as it is", setuid(2) for nobody's).
  public boolean staysRoot() {
    return kind == Kind.CRUN;
  }

  /// Whether a root file system from a `nosuid` mount stays without set-id bits.
  public boolean keepsNoSetId() {
    return kind == Kind.RUNC;
  }

  /// What the runtime makes of the names of one set.
  public Names read(List<String> names) {
    CapabilitySet set = CapabilitySet.NONE;
    List<String> ignored = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    for (String name : names) {
      Optional<Capability> spelt = Capability.spelt(name);
      if (spelt.isPresent()) {
        set = set.plus(spelt.get());
        continue;
      }
      int number = kind == Kind.CRUN ? libcap(name) : -1;
      if (number < 0) {
        ignored.add(name);
      } else {
        odd.add(name);
        if (number < Capability.all().size()) {
          set = set.plus(Capability.all().get(number));
        }
      }
    }
    return new Names(set, ignored, odd);
  }

  /// The number of a name as libcap's cap_from_name(3), which crun asks, reads it: a number in C's
  /// notation, or a name with `cap_` in any case; whatever follows is not looked at. -1 for others.
  static int libcap(String name) {
    if (name.isEmpty()) {
      return -1;
    }
    if (isDigit(name.charAt(0))) {
      return number(name);
    }
    int end = 0;
    while (end < name.length() && isNameCharacter(name.charAt(end))) {
      end++;
    }
    String word = name.substring(0, end).toUpperCase(Locale.ROOT);
    return Capability.spelt(word).map(Capability::number).orElse(-1);
  }

  /// As strtoul(3) with base 0, as far as the number is a capability.
  private static int number(String text) {
    int base = 10;
    int start = 0;
    if (text.charAt(0) == '0') {
      boolean hex =
          text.length() > 2
              && (text.charAt(1) == 'x' || text.charAt(1) == 'X')
              && digit(text.charAt(2), 16) >= 0;
      base = hex ? 16 : 8;
      start = hex ? 2 : 0;
    }
    long value = 0;
    for (int i = start; i < text.length() && digit(text.charAt(i), base) >= 0; i++) {
      value = Math.min(LIBCAP_BITS, value * base + digit(text.charAt(i), base));
    }
    return value < LIBCAP_BITS ? (int) value : -1;
  }

  private static int digit(char c, int base) {
    return c < 0x80 ? Character.digit(c, base) : -1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
