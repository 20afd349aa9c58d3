package dev.ocicap.report;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Words for a POSIX shell.
public final class ShellWords {
  private static final String PLAIN = "-_=+:,./@%";

  private ShellWords() {}

  /// The words of a command on one line, quoted where a shell would touch them; every byte stands
  /// as it is, as a program reads it.
  public static String command(List<String> words) {
    return line(words, false);
  }

  /// The same for a terminal, which would obey control characters: a word with any is written with
  /// escapes, `$'\033'`, as bash, zsh and POSIX.1-2024 have it.
  public static String shown(List<String> words) {
    return line(words, true);
  }

  /// The same for a file or a terminal alike, and any POSIX shell: a control or format character
  /// but a line's end and a tab is made by printf(1).
  public static String pasted(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(Escape.text(word).equals(word) ? quoted(word) : printed(word));
    }
    return line.toString();
  }

  private static String printed(String word) {
    StringBuilder out = new StringBuilder("'");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '\'') {
        out.append("'\\''");
      } else if (Escape.isControl(c) && c != '\n' && c != '\t') {
        out.append("'\"$(printf '");
        for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
          out.append('\\').append((b >> 6) & 3).append((b >> 3) & 7).append(b & 7);
        }
        out.append("')\"'");
      } else {
        out.append(c);
      }
    }
    return out.append('\'').toString();
  }

  private static String line(List<String> words, boolean shown) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      line.append(line.isEmpty() ? "" : " ");
      line.append(shown && !Escape.text(word).equals(word) ? escaped(word) : quoted(word));
    }
    return line.toString();
  }

  private static String quoted(String word) {
    boolean plain = !word.isEmpty();
    for (int i = 0; plain && i < word.length(); i++) {
      char c = word.charAt(i);
      plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || PLAIN.indexOf(c) >= 0;
    }
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String escaped(String word) {
    StringBuilder escaped = new StringBuilder("$'");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      if (b == '\'' || b == '\\') {
        escaped.append('\\').append((char) b);
      } else if (b >= ' ' && b < 0x7f) {
        escaped.append((char) b);
      } else {
        String octal = Integer.toOctalString(b & 0xff);
        escaped.append('\\').append("0".repeat(3 - octal.length())).append(octal);
      }
    }
    return escaped.append('\'').toString();
  }
}
