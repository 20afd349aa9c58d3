package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.report.Escape;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes trees as text in one style.
///
/// @param newline what ends a line; "" writes everything on one line
/// @param indent one level of indentation
/// @param colon what stands between key and value
/// @param comma what stands between items on one line
record JsonPrinter(String newline, String indent, String colon, String comma) {

  /// The style of `runc spec`: one item a line, indented by tabs.
  static final JsonPrinter LINES = new JsonPrinter("\n", "\t", ": ", ", ");

  /// Everything on one line, without a blank.
  static final JsonPrinter COMPACT = new JsonPrinter("", "", ":", ",");

  /// The room that most configurations need, so that the text is hardly ever moved.
  private static final int ROOM = 1 << 14;

  /// The value as text; its first line is not indented, the others stand at the margin.
  String print(JsonNode value, String margin) {
    return print(value, margin, "");
  }

  /// The same with an end behind it.
  String print(JsonNode value, String margin, String end) {
    StringBuilder out = new StringBuilder(value.isContainerNode() && !value.isEmpty() ? ROOM : 16);
    write(value, newline.isEmpty() ? "" : newline + margin, out);
    return out.append(end).toString();
  }

  /// Writes a value whose last line begins with `line`.
  private void write(JsonNode value, String line, StringBuilder out) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        String inner = line + indent;
        boolean first = true;
        out.append('{');
        for (Map.Entry<String, JsonNode> member : value.properties()) {
          separate(first, inner, out);
          first = false;
          quote(member.getKey(), out);
          out.append(colon);
          write(member.getValue(), inner, out);
        }
        out.append(first ? "" : line).append('}');
      }
      case ARRAY -> {
        if (value instanceof FixedStrings fixed && isLines()) {
          out.append(fixed.text(line));
        } else {
          array(value, line, out);
        }
      }
      case STRING -> quote(value.textValue(), out);
      default -> out.append(value.asText());
    }
  }

  private boolean isLines() {
    return newline.equals(LINES.newline)
        && indent.equals(LINES.indent)
        && colon.equals(LINES.colon);
  }

  private void array(JsonNode value, String line, StringBuilder out) {
    String inner = line + indent;
    boolean first = true;
    out.append('[');
    for (JsonNode element : value) {
      separate(first, inner, out);
      first = false;
      write(element, inner, out);
    }
    out.append(first ? "" : line).append(']');
  }

  /// A long array of strings: where none of them has anything to be escaped, one call joins them.
  String strings(JsonNode value, String line) {
    String[] texts = new String[value.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = value.get(i).textValue();
    }
    String all = String.join("", texts);
    if (plain(all) < all.length() || texts.length == 0) {
      StringBuilder out = new StringBuilder();
      array(value, line, out);
      return out.toString();
    }
    String inner = line + indent;
    String between = "\"" + (newline.isEmpty() ? comma : ",") + inner + "\"";
    return "[" + inner + "\"" + String.join(between, texts) + "\"" + line + "]";
  }

  private void separate(boolean first, String inner, StringBuilder out) {
    if (!first) {
      out.append(newline.isEmpty() ? comma : ",");
    }
    out.append(inner);
  }

  /// A key or string in double quotes; only what JSON demands is escaped, and control and format
  /// characters, which a terminal would obey and readers do not see.
  static void quote(String text, StringBuilder out) {
    out.append('"');
    int shown = 0;
    for (int i = plain(text); i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '"' && c != '\\' && (!Escape.hides(c) || Character.isSurrogate(c))) {
        continue;
      }
      out.append(text, shown, i);
      shown = i + 1;
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          String hex = Integer.toHexString(c);
          out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
        }
      }
    }
    out.append(text, shown, text.length()).append('"');
  }

  /// How much comes before the first character that might be escaped: nearly always everything.
  /// (Before it is compiled, to look at a byte takes a tenth of the time that a character takes.)
  private static int plain(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int end = 0;
    while (end < bytes.length) {
      byte b = bytes[end];
      if (b < ' ' || b > '~' || b == '"' || b == '\\') {
        break;
      }
      // What ISO 8859-1 has not became a question mark, a pair of surrogates a single one.
      if (b == '?' && text.charAt(end) != '?') {
        break;
      }
      end++;
    }
    return end;
  }
}
