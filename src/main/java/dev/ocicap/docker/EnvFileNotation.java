package dev.ocicap.docker;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A file of `--env-file` or `--label-file`: a `NAME=value` on each line. Leading blanks, empty
/// lines and lines that begin with `#` do not count; everything after the `=` is the value, quotes
/// and trailing blanks too. A name without `=` takes its value from the client.
final class EnvFileNotation {
  private static final int MAX_LINE = 64 * 1024;

  private EnvFileNotation() {}

  /// The variables in a file, in order; names without a value that the client has not set either
  /// are left out.
  static List<String> parse(byte[] content, ClientEnvironment.Variables variables) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new BadValue("not text in UTF-8");
    }
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    List<String> found = new ArrayList<>();
    int number = 0;
    for (String line : Texts.split(text, '\n')) {
      number++;
      if (line.length() >= MAX_LINE) {
        throw new BadValue("line " + number + " is longer than 64 KiB");
      }
      line(
          line.endsWith("\r") ? line.substring(0, line.length() - 1) : line,
          number,
          variables,
          found);
    }
    return found;
  }

  private static void line(
      String raw, int number, ClientEnvironment.Variables variables, List<String> found) {
    int start = 0;
    while (start < raw.length() && isSpace(raw.charAt(start))) {
      start++;
    }
    String line = raw.substring(start);
    if (line.isEmpty() || line.charAt(0) == '#') {
      return;
    }
    int equals = line.indexOf('=');
    String name = equals < 0 ? line : line.substring(0, equals);
    if (name.isEmpty()) {
      throw new BadValue("line " + number + ": no name before '='");
    }
    if (name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
      throw new BadValue("line " + number + ": the name '" + name + "' contains a blank");
    }
    if (equals >= 0) {
      found.add(line);
    } else {
      String value = variables.value(name);
      if (value != null) {
        found.add(name + "=" + value);
      }
    }
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || c == '\u0085' || c == '\u00a0' || Character.isSpaceChar(c);
  }
}
