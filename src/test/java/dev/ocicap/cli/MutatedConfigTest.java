package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Configurations with a few values of another kind, removed or doubled: each is validated without
/// a failure, and an edit that is taken back gives the same text. `-Docicap.mutations=10000` makes
/// 10,000 of them.
class MutatedConfigTest {
  private static final int MUTATIONS = Integer.getInteger("ocicap.mutations", 1000);

  @Test
  void a_mutated_configuration_is_validated_and_edited_and_comes_back() throws IOException {
    List<JsonNode> originals = originals();
    Random random = new Random(3);
    int found = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      ObjectNode config = originals.get(random.nextInt(originals.size())).deepCopy();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        mutate(config, random);
      }
      String text = random.nextBoolean() ? JsonText.lines(config) : JsonText.compact(config);
      found += validate(text);
      editAndBack(text);
    }
    assertTrue(found > MUTATIONS / 2, found + " of " + MUTATIONS + " had findings");
  }

  private static List<JsonNode> originals() throws IOException {
    try (Stream<Path> bundles = Files.list(Path.of("bundles")).sorted()) {
      List<JsonNode> originals = new ArrayList<>();
      for (Path bundle : bundles.toList()) {
        Path config = bundle.resolve("config.json");
        originals.add(JsonText.parse(config.toString(), Files.readAllBytes(config)).root());
      }
      return originals;
    }
  }

  /// Whether there are findings.
  private static int validate(String text) {
    InProcess.Outcome outcome = InProcess.PLAIN.run(text, "validate", "--format", "json", "-");
    assertTrue(outcome.status() <= 1, () -> outcome + "\n" + text);
    JsonNode paths = JsonText.parse("report.json", outcome.out()).root().get("paths");
    assertEquals(1, paths.size());
    return paths.get(0).get("findings").isEmpty() ? 0 : 1;
  }

  private static void editAndBack(String text) {
    InProcess.Outcome there =
        InProcess.PLAIN.run(text, "edit", "--set", "/mutated={\"a\": [1e2]}", "--output", "-", "-");
    assertEquals(0, there.status(), () -> there.err() + "\n" + text);
    InProcess.Outcome back =
        InProcess.PLAIN.run(there.out(), "edit", "--unset", "/mutated", "--output", "-", "-");
    assertEquals(0, back.status(), back.err());
    assertEquals(text, back.out());
  }

  private static void mutate(JsonNode root, Random random) {
    JsonNode container = root;
    while (true) {
      List<JsonNode> inner = new ArrayList<>();
      container.forEach(child -> {
        if (child.isContainerNode() && !child.isEmpty()) {
          inner.add(child);
        }
      });
      if (inner.isEmpty() || random.nextInt(4) == 0) {
        break;
      }
      container = inner.get(random.nextInt(inner.size()));
    }
    if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      mutate(object, keys.get(random.nextInt(keys.size())), random);
    } else if (container instanceof ArrayNode array && !array.isEmpty()) {
      mutate(array, random.nextInt(array.size()), random);
    }
  }

  private static void mutate(ObjectNode object, String key, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(key.toUpperCase(java.util.Locale.ROOT), object.get(key).deepCopy());
      default -> object.set(key, value(random));
    }
  }

  private static void mutate(ArrayNode array, int index, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> array.remove(index);
      case 1 -> array.add(array.get(index).deepCopy());
      default -> array.set(index, value(random));
    }
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> JsonValues.string("");
      case 1 -> JsonValues.string("\u001b[31mred\u0000\ud83d\ude00");
      case 2 -> JsonValues.number(-1);
      case 3 -> JsonValues.number(BigInteger.TWO.pow(random.nextInt(200)));
      case 4 -> JsonValues.bool(true);
      case 5 -> JsonValues.object();
      case 6 -> JsonValues.array();
      case 7 -> JsonText.parse("value.json", "[null, 1.5, \"CAP_SYS_ADMIN\"]").root();
      default -> JsonText.parse("value.json", "{\"path\": \"/a/../b\", \"type\": null}").root();
    };
  }
}
