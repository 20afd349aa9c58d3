package dev.ocicap.cli;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;

/// The words of a command in one text, quoted as for a shell; no shell ever sees it.
final class CommandWords {
  private static final String SHELL_ONLY = "|&;<>()$`*?[#~\n";

  private CommandWords() {}

  /// Splits a command at blanks; quotes and backslashes keep them, as in POSIX.
  ///
  /// @param option where the text came from
  /// @throws OcicapException when it is empty, a quote is open, or only a shell would understand it
  static List<String> split(String option, String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean started = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == '\'' ? c != '\'' : c == '\\' && i + 1 < text.length()) {
        word.append(quote == '\'' ? c : text.charAt(++i));
        started = true;
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        started = true;
      } else if (quote == 0 && (c == ' ' || c == '\t')) {
        if (started) {
          words.add(word.toString());
          word.setLength(0);
          started = false;
        }
      } else {
        boolean expands = c == '$' || c == '`';
        if (expands || (quote == 0 && SHELL_ONLY.indexOf(c) >= 0)) {
          throw OcicapException.usage(
              option + ": '" + c + "' is for a shell, and there is none",
              option + " \"sh -c '…'\"");
        }
        word.append(c);
        started = true;
      }
    }
    if (started) {
      words.add(word.toString());
    }
    if (quote != 0 || words.isEmpty()) {
      throw OcicapException.usage(
          option + ": " + (quote != 0 ? "a quote is open in '" + text + "'" : "no command"),
          option + " 'wget -q -O - http://localhost/'");
    }
    return words;
  }
}
