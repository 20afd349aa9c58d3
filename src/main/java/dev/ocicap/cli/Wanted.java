package dev.ocicap.cli;

import java.util.List;

/// Which options a command line may mean. To declare an option costs more than to use it, so a
/// command with hundreds of them declares those alone.
final class Wanted {
  /// Every option, as help and suggestions need them.
  static final Wanted ALL = new Wanted(List.of("-"), true);

  private final List<String> words;
  private final boolean all;

  private Wanted(List<String> words, boolean all) {
    this.words = words;
    this.all = all;
  }

  /// The options that the words of a command line may mean.
  static Wanted of(List<String> words) {
    return new Wanted(words, false);
  }

  /// Whether one of an option's names may stand on the command line: a long name as a whole word or
  /// before `=`, a short one anywhere in a word that begins with one dash.
  boolean any(List<String> names) {
    if (all) {
      return true;
    }
    for (String word : words) {
      if (word.startsWith("-")) {
        for (String name : names) {
          if (isMeant(word, name)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// [#any(List)].
  boolean any(String... names) {
    return any(List.of(names));
  }

  private static boolean isMeant(String word, String name) {
    if (name.length() == 2) {
      return !word.startsWith("--") && word.indexOf(name.charAt(1), 1) > 0;
    }
    return word.startsWith(name)
        && (word.length() == name.length() || word.charAt(name.length()) == '=');
  }
}
