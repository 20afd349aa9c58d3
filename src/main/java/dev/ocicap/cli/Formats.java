package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;

/// Words that stand for one of a few choices.
final class Formats {
  private Formats() {}

  /// The format that an option names, the first offered one when it is not given.
  static Format choose(Invocation invocation, String option, Format... offered) {
    List<String> words = new ArrayList<>();
    for (Format format : offered) {
      words.add(format.word());
    }
    String word = invocation.value(option).orElse(words.getFirst());
    int index = words.indexOf(word);
    if (index < 0) {
      throw none(option, word, words);
    }
    return offered[index];
  }

  /// The error of a word that is none of the choices.
  static OcicapException none(String option, String word, List<String> words) {
    return OcicapException.usage(
        option + ": '" + word + "' is none of " + String.join(", ", words),
        option + " " + Suggestion.nearest(word, words).orElse(words.getFirst()));
  }
}
