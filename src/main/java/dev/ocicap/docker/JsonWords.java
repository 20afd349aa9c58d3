package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;

/// Words that may be written as a list in JSON: podman's `--entrypoint` and `--health-cmd`.
final class JsonWords {
  private JsonWords() {}

  /// The strings of the list, or the text as the only word.
  static List<String> of(String text) {
    if (!text.startsWith("[")) {
      return List.of(text);
    }
    try {
      List<String> words = new ArrayList<>();
      for (JsonNode word : JsonText.parse("--entrypoint", text).root()) {
        if (!word.isTextual()) {
          return List.of(text);
        }
        words.add(word.textValue());
      }
      return words;
    } catch (OcicapException e) {
      return List.of(text);
    }
  }
}
