package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The arguments of a command whose positional parameter is followed by a command line of its own:
/// what stands before it is ocicap's, what stands behind it is not.
///
/// @param before the options and the positional parameter
/// @param behind what follows, without a `--` in front
record Trail(List<String> before, List<String> behind) {

  static Trail of(List<String> arguments, CommandSpec spec) {
    int at = 0;
    while (at < arguments.size()) {
      String word = arguments.get(at);
      if (word.equals("--")) {
        List<String> before = new ArrayList<>(arguments.subList(0, at));
        int behind = Math.min(at + 2, arguments.size());
        before.addAll(arguments.subList(at + 1, behind));
        return new Trail(before, arguments.subList(behind, arguments.size()));
      }
      if (!word.startsWith("-") || word.equals("-")) {
        int behind = at + 1;
        boolean dashes = behind < arguments.size() && arguments.get(behind).equals("--");
        return new Trail(
            arguments.subList(0, behind),
            arguments.subList(behind + (dashes ? 1 : 0), arguments.size()));
      }
      at += takesNext(word, spec) ? 2 : 1;
    }
    return new Trail(arguments, List.of());
  }

  /// Whether the value of an option, or of the last one in a group of letters, is the next word.
  private static boolean takesNext(String word, CommandSpec spec) {
    @Nullable OptionSpec whole = spec.find(word);
    if (whole != null) {
      return whole.needsValue();
    }
    if (word.startsWith("--")) {
      return false;
    }
    for (int i = 1; i < word.length(); i++) {
      @Nullable OptionSpec letter = spec.find("-" + word.charAt(i));
      if (letter == null) {
        return false;
      }
      if (letter.needsValue()) {
        return i == word.length() - 1;
      }
    }
    return false;
  }
}
