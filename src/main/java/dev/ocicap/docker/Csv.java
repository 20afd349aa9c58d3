package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;

/// One line of comma-separated fields (RFC 4180): a field with a comma or a quote stands in double
/// quotes as a whole, and a quote in it is doubled.
final class Csv {
  private Csv() {}

  /// The fields of the first line.
  static List<String> parse(String text) {
    String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder field = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at = quoted(line, at + 1, field);
      } else {
        while (at < line.length() && line.charAt(at) != ',') {
          if (line.charAt(at) == '"') {
            throw new BadValue(
                "'" + line + "': a quote in a field that does not begin with one",
                "quote the whole field: \"KEY=VALUE\"");
          }
          field.append(line.charAt(at++));
        }
      }
      fields.add(field.toString());
      if (at >= line.length()) {
        return fields;
      }
      at++;
    }
  }

  /// Reads up to the closing quote; the result is the index of the comma after it, or the end.
  private static int quoted(String line, int start, StringBuilder field) {
    int at = start;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c != '"') {
        field.append(c);
      } else if (at < line.length() && line.charAt(at) == '"') {
        field.append('"');
        at++;
      } else if (at < line.length() && line.charAt(at) != ',') {
        throw new BadValue("'" + line + "': text after a closing quote");
      } else {
        return at;
      }
    }
    throw new BadValue("'" + line + "': a quote is not closed");
  }

  /// The fields as one line.
  static String print(List<String> fields) {
    StringBuilder line = new StringBuilder();
    for (String field : fields) {
      line.append(line.isEmpty() ? "" : ",");
      boolean quote = field.indexOf(',') >= 0 || field.indexOf('"') >= 0;
      line.append(quote ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    return line.toString();
  }
}
