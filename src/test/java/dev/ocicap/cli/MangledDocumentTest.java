package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever stands where a configuration should have something else, an edit is made or refused
/// with one line; it never crashes, and what it writes can be read again.
class MangledDocumentTest {
  private static final Path TABLE = Path.of("src/test/resources/cases/cli/options.table");
  private static final int ROUNDS = 600;

  @TempDir Path directory;
  private final Random random = new Random(11);

  private static List<List<String>> options() throws IOException {
    List<List<String>> options = new ArrayList<>();
    for (String line : Files.readAllLines(TABLE)) {
      String row = line.startsWith("*") ? line.substring(1) : line;
      if (!row.isBlank() && !row.startsWith("#")) {
        List<String> words = Transcript.words(row.split(" \\| ", -1)[0].strip());
        boolean file = words.contains("--merge") || words.contains("--patch");
        boolean fresh = words.contains("--from") || words.contains("--rootfs");
        if (!file && !fresh && !words.contains("--env-file") && !words.contains("--seccomp")) {
          options.add(words);
        }
      }
    }
    return options;
  }

  @Test
  void no_document_makes_an_edit_crash() throws IOException {
    List<List<String>> options = options();
    InProcess ocicap = InProcess.with(Map.of("OCICAP_DEBUG", "1")).in(directory);
    String good = docker(ocicap);
    int made = 0;
    for (int round = 0; round < ROUNDS; round++) {
      JsonNode root = JsonText.parse("good", good).root().deepCopy();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mangle(root);
      }
      String text = JsonText.lines(root);
      List<String> words = new ArrayList<>(List.of("edit", "-"));
      words.addAll(options.get(random.nextInt(options.size())));
      InProcess.Outcome outcome = ocicap.run(text, words);
      assertTrue(
          Set.of(0, 2, 3).contains(outcome.status()), () -> words + "\n" + outcome.err() + text);
      if (outcome.status() == 0) {
        made++;
        JsonText.parse("edited", outcome.out());
      }
    }
    assertTrue(made > ROUNDS / 4, "edits made: " + made);
  }

  private static String docker(InProcess ocicap) {
    return ocicap.output(
        "generate",
        "--from",
        "docker",
        "--rlimit",
        "core=1",
        "--device",
        "c:1:3:/dev/x",
        "--hook",
        "prestart=/x",
        "--uidmap",
        "0:1:1",
        "--seccomp-errno",
        "chmod:0:1:2:EQ");
  }

  /// Puts an odd value in the place of a random one.
  private void mangle(JsonNode root) {
    JsonNode node = root;
    while (true) {
      List<JsonNode> inner = new ArrayList<>();
      for (JsonNode value : node) {
        if (value.isContainerNode() && !value.isEmpty()) {
          inner.add(value);
        }
      }
      if (inner.isEmpty() || random.nextInt(4) == 0) {
        break;
      }
      node = inner.get(random.nextInt(inner.size()));
    }
    if (node instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), odd());
    } else if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      object.set(keys.get(random.nextInt(keys.size())), odd());
    }
  }

  private JsonNode odd() {
    return switch (random.nextInt(8)) {
      case 0 -> JsonText.parse("null", "null").root();
      case 1 -> JsonValues.number(-1);
      case 2 -> JsonText.parse("number", "1e400").root();
      case 3 -> JsonValues.string("");
      case 4 -> JsonValues.bool(true);
      case 5 -> JsonValues.array();
      case 6 -> JsonText.parse("array", "[null, {\"x\": [1]}, \"CAP_KILL\", 5]").root();
      default -> JsonValues.object();
    };
  }
}
