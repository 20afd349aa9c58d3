package dev.ocicap.export;

import java.util.List;

/// Values of unit files (systemd.syntax(7), systemd.service(5) "Command lines").
final class UnitWords {
  private UnitWords() {}

  /// Words of a command.
  static String command(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      // A lone dollar sign would begin a variable, and a lone semicolon another command.
      line.append(line.isEmpty() ? "" : " ").append(quoted(word).replace("$", "$$"));
    }
    return line.toString();
  }

  /// One word, in double quotes unless it is plain.
  static String quoted(String word) {
    boolean plain = !word.isEmpty();
    for (int i = 0; plain && i < word.length(); i++) {
      char c = word.charAt(i);
      plain = Character.isLetterOrDigit(c) || "-_=+:,./@$".indexOf(c) >= 0;
    }
    String escaped = escaped(word);
    return plain && !word.isEmpty()
        ? escaped
        : "\"" + escaped.replace("\\", "\\\\").replace("\"", "\\\"").replace("\\\\n", "\\n") + "\"";
  }

  /// A value without specifiers and line ends.
  static String escaped(String text) {
    return text.replace("%", "%%").replace("\n", "\\n").replace("\r", "\\r");
  }
}
