package dev.ocicap.cli;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Capability names as people type them: `setuid`, `CAP_KILL,net_raw`, `ALL`.
final class CapabilityNames {
  private CapabilityNames() {}

  /// The request that the values of two options make.
  ///
  /// @throws OcicapException with every unknown name
  static CapabilityRequest request(
      String addOption, List<String> adds, String dropOption, List<String> drops) {
    List<Problem> problems = new ArrayList<>();
    Names added = names(addOption, adds, problems);
    Names dropped = names(dropOption, drops, problems);
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
    return new CapabilityRequest(added.all(), added.set(), dropped.all(), dropped.set());
  }

  private record Names(boolean all, CapabilitySet set) {}

  private static Names names(String option, List<String> values, List<Problem> problems) {
    boolean all = false;
    CapabilitySet set = CapabilitySet.NONE;
    for (String value : values) {
      int start = 0;
      while (start <= value.length()) {
        int comma = value.indexOf(',', start);
        int end = comma < 0 ? value.length() : comma;
        String name = value.substring(start, end).strip();
        start = end + 1;
        if (name.equalsIgnoreCase("ALL")) {
          all = true;
          continue;
        }
        Optional<Capability> capability = Capability.find(name);
        if (capability.isPresent()) {
          set = set.plus(capability.get());
        } else {
          problems.add(unknown(option, name));
        }
      }
    }
    return new Names(all, set);
  }

  private static Problem unknown(String option, String name) {
    if (name.isEmpty()) {
      return Problem.of(option + ": an empty capability name", option + " net_bind_service,kill");
    }
    Optional<String> nearest = nearest(name);
    return Problem.of(
        option + ": unknown capability '" + name + "'",
        nearest.map(found -> "did you mean '" + found + "'?").orElse("man 7 capabilities"));
  }

  /// `full`, `none`, the names, or what is missing where nearly all are there.
  static String brief(CapabilitySet set) {
    if (set.containsAll(CapabilitySet.ALL)) {
      return "full";
    }
    CapabilitySet missing = CapabilitySet.ALL.minus(set);
    return missing.size() <= 5 ? "full but " + missing : set.toString();
  }

  /// The known name, or `all`, that was probably meant.
  static Optional<String> nearest(String name) {
    String bare = name.toLowerCase(Locale.ROOT);
    List<String> known = new ArrayList<>();
    for (Capability capability : Capability.all()) {
      known.add(capability.shortName());
    }
    known.add("all");
    return Suggestion.nearest(bare.startsWith("cap_") ? bare.substring(4) : bare, known);
  }

  /// A set given as a mask of hexadecimal digits, with or without `0x`, or as names.
  static CapabilitySet maskOrNames(String option, String word) {
    String digits = word.startsWith("0x") || word.startsWith("0X") ? word.substring(2) : word;
    boolean hex = !digits.isEmpty() && digits.length() <= 16;
    for (int i = 0; i < digits.length(); i++) {
      hex &= digits.charAt(i) < 0x80 && Character.digit(digits.charAt(i), 16) >= 0;
    }
    if (hex) {
      return CapabilitySet.parseHex(digits).intersect(CapabilitySet.ALL);
    }
    if (word.equalsIgnoreCase("none")) {
      return CapabilitySet.NONE;
    }
    return request(option, List.of(word), option, List.of()).granted(CapabilitySet.ALL);
  }
}
