package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;

/// The value of `--tmpfs`: `TARGET[:OPTION,…]` with options of mount(8).
///
/// @param target the path in the container, as typed
/// @param options as typed, or ""
record TmpfsNotation(String target, String options) {
  private static final List<String> DEFAULTS = List.of("noexec", "nosuid", "nodev", "rprivate");

  static TmpfsNotation parse(String text) {
    int colon = text.indexOf(':');
    String target = colon < 0 ? text : text.substring(0, colon);
    VolumeNotation.checkTarget(target, text);
    return new TmpfsNotation(target, colon < 0 ? "" : text.substring(colon + 1));
  }

  /// Docker's default options with the given ones; of options that contradict each other the last
  /// one stays.
  List<String> merged() {
    List<String> all = new ArrayList<>(DEFAULTS);
    if (!options.isEmpty()) {
      all.addAll(Texts.split(options, ','));
    }
    List<String> kept = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      String option = all.get(i);
      String decides = decides(option);
      if (!decides.isEmpty() && !taken.contains(decides)) {
        taken.add(decides);
        kept.addFirst(option);
      }
    }
    return kept;
  }

  /// What an option decides; "" when it decides nothing.
  private static String decides(String option) {
    return switch (option) {
      case "defaults" -> "";
      case "ro", "rw" -> "ro";
      case "suid", "nosuid" -> "suid";
      case "dev", "nodev" -> "dev";
      case "exec", "noexec" -> "exec";
      case "sync", "async" -> "sync";
      case "dirsync" -> "dirsync";
      case "remount" -> "remount";
      case "mand", "nomand" -> "mand";
      case "atime", "noatime" -> "atime";
      case "diratime", "nodiratime" -> "diratime";
      case "relatime", "norelatime" -> "relatime";
      case "strictatime", "nostrictatime" -> "strictatime";
      case "bind",
          "rbind",
          "unbindable",
          "runbindable",
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave" ->
          "propagation";
      default -> data(option);
    };
  }

  private static String data(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    boolean known =
        switch (name) {
          case "", "size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol" -> true;
          default -> false;
        };
    if (equals < 0 || !known) {
      throw new BadValue("'" + option + "' is not an option of a tmpfs");
    }
    return name + "=";
  }

  @Override
  public String toString() {
    return options.isEmpty() ? target : target + ":" + options;
  }
}
