package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import java.util.Locale;
import java.util.Map;

/// A tree as YAML 1.2 in block style; every string that could be read as something else is in
/// double quotes, as in JSON.
final class Yaml {
  private Yaml() {}

  static String print(JsonNode node) {
    StringBuilder out = new StringBuilder();
    block(node, "", out);
    return out.toString();
  }

  private static void block(JsonNode node, String margin, StringBuilder out) {
    if (node.isObject()) {
      boolean first = true;
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        out.append(first && out.length() > 0 && out.charAt(out.length() - 1) != '\n' ? "" : margin);
        first = false;
        out.append(scalar(member.getKey())).append(':');
        value(member.getValue(), margin + "  ", out);
      }
    } else {
      for (JsonNode element : node) {
        out.append(margin).append("-");
        if (element.isObject() && !element.isEmpty()) {
          out.append(' ');
          block(element, margin + "  ", out);
        } else {
          value(element, margin + "  ", out);
        }
      }
    }
  }

  private static void value(JsonNode value, String margin, StringBuilder out) {
    if (value.isContainerNode() && !value.isEmpty()) {
      out.append('\n');
      block(value, margin, out);
    } else if (value.isContainerNode()) {
      out.append(value.isObject() ? " {}\n" : " []\n");
    } else {
      out.append(' ')
          .append(value.isTextual() ? scalar(value.textValue()) : value.asText())
          .append('\n');
    }
  }

  private static String scalar(String text) {
    boolean plain = !text.isEmpty() && isLetter(text.charAt(0)) && !isWord(text);
    for (int i = 0; plain && i < text.length(); i++) {
      char c = text.charAt(i);
      plain = isLetter(c) || (c >= '0' && c <= '9') || "-_./".indexOf(c) >= 0;
    }
    return plain ? text : inQuotes(text);
  }

  /// As JSON does, and what YAML takes for a line's end or cannot hold besides (YAML 1.2, 5.1 and
  /// 5.4), a terminal would obey, or a reader be fooled by.
  private static String inQuotes(String text) {
    String json = JsonText.compact(JsonValues.string(text));
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (Escape.isControl(c) || c >= 0xfffe) {
        String hex = Integer.toHexString(c);
        out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /// Words that YAML 1.1 reads as booleans or null.
  private static boolean isWord(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "false", "yes", "no", "on", "off", "y", "n", "null" -> true;
      default -> false;
    };
  }
}
