package dev.ocicap.seccomp;

import dev.ocicap.data.Texts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A profile of system calls as a table.
///
/// A line that is not indented begins a rule: what happens, then the conditions between commas. The
/// indented lines below it are the system calls.
///
/// | words | meaning |
/// |---|---|
/// | `allow`, `errno N` | let the call pass; let it fail with error number N |
/// | `argument I != V`, `== V`, `& M == 0` | only when argument I is so |
/// | `since K` | only for kernel K and later |
/// | `on A B`, `not on A B` | only on one of the architectures; on none of them |
/// | `with C`, `without C` | only when the capability is in the bounding set; when it is not |
final class ProfileTable {
  private ProfileTable() {}

  /// An architecture and those whose programs its kernel runs too.
  static Architecture.Family family(String main, String... others) {
    List<String> names = new ArrayList<>(others.length);
    for (String other : others) {
      names.add("SCMP_ARCH_" + other);
    }
    return new Architecture.Family("SCMP_ARCH_" + main, names);
  }

  /// The rules of a table.
  static List<ProfileRule> read(String table) {
    List<ProfileRule> rules = new ArrayList<>();
    List<String> names = new ArrayList<>();
    String head = "";
    for (int start = 0, end; start < table.length(); start = end + 1) {
      end = table.indexOf('\n', start);
      String line = table.substring(start, end);
      if (line.charAt(0) == ' ') {
        names.addAll(Texts.words(line));
      } else {
        if (!names.isEmpty()) {
          rules.add(rule(head, names));
          names.clear();
        }
        head = line;
      }
    }
    rules.add(rule(head, names));
    return rules;
  }

  private static ProfileRule rule(String head, List<String> names) {
    String action = ProfileRule.ALLOW;
    Long errnoRet = null;
    List<ProfileRule.Argument> arguments = new ArrayList<>();
    List<String> on = List.of();
    List<String> notOn = List.of();
    List<String> with = List.of();
    List<String> without = List.of();
    KernelVersion since = null;
    for (int start = 0, end; start < head.length(); start = end + 1) {
      end = head.indexOf(',', start);
      end = end < 0 ? head.length() : end;
      List<String> words = Texts.words(head.substring(start, end));
      switch (words.getFirst()) {
        case "allow" -> {}
        case "errno" -> {
          action = "SCMP_ACT_ERRNO";
          errnoRet = Long.valueOf(words.getLast());
        }
        case "argument" -> arguments.add(argument(words));
        case "since" -> since = KernelVersion.parse(words.getLast());
        case "on" -> on = words.subList(1, words.size());
        case "not" -> notOn = words.subList(2, words.size());
        case "with" -> with = capabilities(words);
        case "without" -> without = capabilities(words);
        default -> throw new IllegalStateException("not a condition: " + words);
      }
    }
    return new ProfileRule(
        names,
        action,
        errnoRet,
        arguments,
        new Condition(with, on, since),
        new Condition(without, notOn, null));
  }

  private static ProfileRule.Argument argument(List<String> words) {
    BigInteger value = BigInteger.valueOf(Long.decode(words.get(3)));
    String operator =
        switch (words.get(2)) {
          case "!=" -> "SCMP_CMP_NE";
          case "==" -> "SCMP_CMP_EQ";
          case "&" -> "SCMP_CMP_MASKED_EQ";
          default -> throw new IllegalStateException("not a comparison: " + words);
        };
    return new ProfileRule.Argument(Long.parseLong(words.get(1)), value, BigInteger.ZERO, operator);
  }

  private static List<String> capabilities(List<String> words) {
    List<String> names = new ArrayList<>(words.size());
    for (String word : words.subList(1, words.size())) {
      names.add("CAP_" + word);
    }
    return names;
  }
}
