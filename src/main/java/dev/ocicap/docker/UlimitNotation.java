package dev.ocicap.docker;

import dev.ocicap.spec.Rlimit;
import java.util.List;
import java.util.Locale;

/// The value of `--ulimit`: `NAME=SOFT[:HARD]`, -1 for unlimited.
///
/// @param name the resource in lower case: `nofile`
/// @param soft the limit in force, or -1
/// @param hard the ceiling, or -1
record UlimitNotation(String name, long soft, long hard) {
  private static final List<String> NAMES =
      List.of(
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  static UlimitNotation parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new BadValue("'" + text + "' is not NAME=SOFT[:HARD]");
    }
    String name = text.substring(0, equals);
    if (!NAMES.contains(name)) {
      throw new BadValue(
          "'" + name + "' is not one of " + String.join(", ", NAMES),
          lowered(name) + text.substring(equals));
    }
    List<String> limits = Texts.split(text.substring(equals + 1), ':');
    if (limits.size() > 2) {
      throw new BadValue("'" + text + "' has more than a soft and a hard limit");
    }
    long soft = GoSyntax.parseDecimal(limits.getFirst());
    long hard = GoSyntax.parseDecimal(limits.getLast());
    if (hard != -1 && (soft == -1 || soft > hard)) {
      throw new BadValue("'" + text + "': the soft limit is above the hard limit");
    }
    return new UlimitNotation(name, soft, hard);
  }

  private static String lowered(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String bare = lower.startsWith("rlimit_") ? lower.substring("rlimit_".length()) : lower;
    return NAMES.contains(bare) ? bare : "nofile";
  }

  Rlimit rlimit() {
    return new Rlimit("RLIMIT_" + name.toUpperCase(Locale.ROOT), soft, hard);
  }

  @Override
  public String toString() {
    return name + "=" + soft + (hard == soft ? "" : ":" + hard);
  }
}
