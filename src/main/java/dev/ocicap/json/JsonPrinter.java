package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.report.Escape;
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

  /// The value as text; its first line is not indented, the others stand at the margin.
  String print(JsonNode value, String margin) {
    StringBuilder out = new StringBuilder();
    write(value, margin, out);
    return out.toString();
  }

  private void write(JsonNode value, String margin, StringBuilder out) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        boolean first = true;
        out.append('{');
        for (Map.Entry<String, JsonNode> member : value.properties()) {
          separate(first, margin, out);
          first = false;
          quote(member.getKey(), out);
          out.append(colon);
          write(member.getValue(), margin + indent, out);
        }
        close(first, margin, out).append('}');
      }
      case ARRAY -> {
        boolean first = true;
        out.append('[');
        for (JsonNode element : value) {
          separate(first, margin, out);
          first = false;
          write(element, margin + indent, out);
        }
        close(first, margin, out).append(']');
      }
      case STRING -> quote(value.textValue(), out);
      default -> out.append(value.asText());
    }
  }

  private void separate(boolean first, String margin, StringBuilder out) {
    if (newline.isEmpty()) {
      out.append(first ? "" : comma);
    } else {
      out.append(first ? "" : ",").append(newline).append(margin).append(indent);
    }
  }

  private StringBuilder close(boolean empty, String margin, StringBuilder out) {
    return empty || newline.isEmpty() ? out : out.append(newline).append(margin);
  }

  /// A key or string in double quotes; only what JSON demands is escaped, and control and format
  /// characters, which a terminal would obey and readers do not see.
  static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (Escape.hides(c) && !Character.isSurrogate(c)) {
            String hex = Integer.toHexString(c);
            out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
