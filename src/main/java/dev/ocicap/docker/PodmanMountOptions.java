package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;

/// The options of a bind mount, a volume or a tmpfs, as podman checks and completes them: one of
/// each kind, and its defaults for the kinds that were not named.
final class PodmanMountOptions {
  private PodmanMountOptions() {}

  /// What is mounted.
  enum Kind {
    /// A path of the host.
    BIND,
    /// A directory of podman's.
    VOLUME,
    /// A new file system in memory.
    TMPFS
  }

  /// The options of `-v` and of `--mount type=bind`, checked before anything is known of the
  /// source.
  static void check(List<String> options) {
    List<String> seen = new ArrayList<>();
    for (String option : options) {
      once(seen, kindOf(option), option);
    }
  }

  /// The options for the runtime, in podman's order.
  static List<String> complete(List<String> options, Kind kind) {
    List<String> complete = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    boolean recursive = true;
    for (String option : options) {
      String decides = kindOf(option);
      once(seen, decides, option);
      check(option, decides, kind);
      recursive &= !option.equals("bind");
      if (!option.equals("notmpcopyup") && !option.startsWith("consistency")) {
        complete.add(option);
      }
    }
    if (!seen.contains("propagation")) {
      complete.add(recursive ? "rprivate" : "private");
    }
    if (kind != Kind.BIND) {
      addUnless(seen.contains("suid"), "nosuid", complete);
      addUnless(seen.contains("dev"), "nodev", complete);
    }
    addUnless(kind != Kind.TMPFS || seen.contains("copyup"), "tmpcopyup", complete);
    addUnless(kind == Kind.TMPFS || seen.contains("bind"), "rbind", complete);
    return complete;
  }

  private static void addUnless(boolean given, String option, List<String> options) {
    if (!given) {
      options.add(option);
    }
  }

  private static void once(List<String> seen, String kind, String option) {
    if (seen.contains(kind) && !kind.equals("consistency")) {
      throw new BadValue("'" + option + "' is the second word about the same");
    }
    seen.add(kind);
  }

  /// What an option decides.
  private static String kindOf(String option) {
    int equals = option.indexOf('=');
    String key = equals < 0 ? option : option.substring(0, equals);
    return switch (key) {
      case "exec", "noexec" -> "exec";
      case "suid", "nosuid" -> "suid";
      case "dev", "nodev" -> "dev";
      case "ro", "rw" -> "ro";
      case "private",
          "rprivate",
          "slave",
          "rslave",
          "shared",
          "rshared",
          "unbindable",
          "runbindable" ->
          "propagation";
      case "copy", "nocopy" -> "copy";
      case "tmpcopyup", "notmpcopyup" -> "copyup";
      case "bind", "rbind" -> "bind";
      case "z", "Z" -> "z";
      case "O", "U", "size", "mode", "noswap", "no-dereference", "noatime", "consistency" -> key;
      default -> {
        if (key.startsWith("idmap") || key.equals("upperdir") || key.equals("workdir")) {
          yield key;
        }
        throw new BadValue("'" + option + "' is not an option of a mount");
      }
    };
  }

  private static void check(String option, String decides, Kind kind) {
    boolean fits =
        switch (decides) {
          case "size", "mode", "copyup", "noswap", "noatime" -> kind == Kind.TMPFS;
          case "bind", "z" -> kind != Kind.TMPFS;
          default -> true;
        };
    if (!fits) {
      throw new BadValue(
          "'" + option + "' is " + (kind == Kind.TMPFS ? "not for a tmpfs" : "for a tmpfs only"));
    }
  }
}
