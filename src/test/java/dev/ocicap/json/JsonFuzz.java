package dev.ocicap.json;

import static dev.ocicap.fuzz.Refusal.require;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.report.OcicapException;
import java.nio.charset.StandardCharsets;

/// Any bytes as JSON: what is read is kept to the letter, and what is printed reads as the same.
public final class JsonFuzz {
  private static final String KEY = "fuzz\u00e9\n";

  private JsonFuzz() {}

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] data) {
    JsonText text;
    try {
      text = JsonText.parse("fuzz.json", data);
    } catch (OcicapException e) {
      return;
    }
    String read = new String(data, StandardCharsets.UTF_8);
    require(text.text().equals(read), "the text changed when it was read");
    for (String printed :
        new String[] {JsonText.compact(text.root()), JsonText.lines(text.root())}) {
      require(
          JsonText.parse("again.json", printed).root().equals(text.root()),
          "what is printed reads as something else");
    }
    if (text.root() instanceof ObjectNode object && !object.has(KEY)) {
      ObjectNode changed = object.deepCopy();
      changed.put(KEY, KEY);
      JsonText with = text.with(changed);
      require(with.root().equals(changed), "an added member changed another");
      require(with.with(object).root().equals(object), "a removed member changed another");
    }
  }
}
