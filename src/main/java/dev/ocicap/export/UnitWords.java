package dev.ocicap.export;

import dev.ocicap.report.Escape;
import java.util.List;

/// Words in the values of unit files (systemd.syntax(7), systemd.service(5) "Command lines").
final class UnitWords {
  private static final String PLAIN = "-_=+,./@:";

  private UnitWords() {}

  /// The words of a command: a dollar sign begins a variable, and a semicolon that stands alone
  /// another command.
  ///
  /// @param program whether the first one is the program's path, in which nothing is a variable
  static String command(List<String> words, boolean program) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      boolean path = program && line.isEmpty();
      line.append(line.isEmpty() ? "" : " ");
      line.append(path ? quoted(word) : quoted(word).replace("$", "$$"));
    }
    return line.toString();
  }

  /// Why systemd refuses a unit with this program, quoted or not; "" when it takes it.
  static String refusedProgram(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c < ' ' || c == 0x7f || "\\\"'".indexOf(c) >= 0) {
        return "systemd refuses control characters, quotes and backslashes in a program's path";
      }
    }
    boolean directory = path.endsWith("/") || path.equals(".") || path.equals("..");
    return directory ? "the path of a directory" : "";
  }

  /// One word, in double quotes unless it is plain; a percent sign begins a specifier.
  static String quoted(String word) {
    if (isPlain(word, PLAIN)) {
      return word;
    }
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '%' -> out.append("%%");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (Escape.isControl(c)) {
            String hex = Integer.toHexString(c);
            out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /// A path in a list whose members have colons between them.
  static String quotedPath(String path) {
    return isPlain(path, "-_=+,./@") ? path : "\"" + inQuotes(path) + "\"";
  }

  private static String inQuotes(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%");
  }

  private static boolean isPlain(String word, String marks) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || marks.indexOf(c) >= 0;
      if (!plain) {
        return false;
      }
    }
    return !word.isEmpty();
  }

  /// Whether a value without quotes can be this: a control character would end it or reach a
  /// terminal, a backslash at the end join it to the next line, and blanks around it are cut off.
  static boolean fitsLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Escape.isControl(text.charAt(i))) {
        return false;
      }
    }
    return !text.endsWith("\\") && !text.isEmpty() && text.equals(text.strip());
  }

  /// Whether it can stand in quotes: everything but NUL, which no program's argument holds.
  static boolean isText(String text) {
    return text.indexOf('\0') < 0;
  }
}
