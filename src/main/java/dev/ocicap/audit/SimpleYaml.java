package dev.ocicap.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;

/// The YAML that an allow-list needs: keys with lists of words, on one line in brackets or below
/// each other behind `- `, and comments. Everything else is refused, not guessed at.
final class SimpleYaml {
  private SimpleYaml() {}

  static JsonNode parse(String file, String text) {
    ObjectNode root = JsonValues.object();
    ArrayNode current = null;
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      int comment = raw.startsWith("#") ? 0 : raw.indexOf(" #");
      String line = (comment < 0 ? raw : raw.substring(0, comment)).stripTrailing();
      String bare = line.strip();
      if (bare.isEmpty() || bare.equals("---")) {
        continue;
      }
      if (bare.startsWith("- ") && current != null) {
        current.add(word(bare.substring(2), file, number));
        continue;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
        throw bad(file, number, "expected a key with a list: 'capabilities: [kill]'");
      }
      String key = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if (root.has(key)) {
        throw bad(file, number, "'" + key + "' stands here twice");
      }
      current = JsonValues.array();
      root.set(key, current);
      if (value.startsWith("[") && value.endsWith("]")) {
        String inner = value.substring(1, value.length() - 1);
        for (String item : inner.split(",", -1)) {
          if (!item.isBlank()) {
            current.add(word(item, file, number));
          }
        }
        current = null;
      } else if (!value.isEmpty()) {
        throw bad(file, number, "'" + key + "' needs a list: '" + key + ": [" + value + "]'");
      }
    }
    return root;
  }

  private static JsonNode word(String text, String file, int line) {
    String word = text.strip();
    boolean quoted =
        word.length() >= 2
            && (word.charAt(0) == '"' || word.charAt(0) == '\'')
            && word.charAt(word.length() - 1) == word.charAt(0);
    if (quoted) {
      word = word.substring(1, word.length() - 1);
    }
    if (!quoted
        && (word.indexOf(": ") >= 0 || "[{&*!|>%@`\"'".indexOf(word.charAt(0)) >= 0)
        && !word.equals("*")
        && !word.equals("**")) {
      throw bad(file, line, "'" + word + "' is not a plain word");
    }
    return JsonValues.string(word);
  }

  private static OcicapException bad(String file, int line, String message) {
    return OcicapException.input(new Place(file, line, 1), message, null);
  }
}
