package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.spec.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every property of the specification, of every platform, as the schema lists them: it can be set
/// and removed by a pointer, raises `ociVersion` to the release that brought it, and is refused or
/// dropped for the release before.
class EveryPropertyTest {
  private static final SpecVersion OLDEST = SpecVersion.of("1.0.2");
  private static final List<SpecVersion> RELEASES =
      List.of(
          OLDEST,
          SpecVersion.of("1.1.0"),
          SpecVersion.of("1.2.0"),
          SpecVersion.of("1.2.1"),
          SpecVersion.of("1.3.0"));

  private final JsonNode schema;

  /// The release that brought each property, by its pointer, and a value that it may have.
  private final Map<String, SpecVersion> since = new TreeMap<>();

  private final Map<String, String> samples = new TreeMap<>();

  EveryPropertyTest() throws IOException {
    schema =
        JsonText.parse("schema", Files.readAllBytes(Path.of("schemas/1.3/config.schema.json")))
            .root();
    walk(schema, "", OLDEST, Set.of());
    since.remove("");
    since.remove("/ociVersion");
    // The five sets come and go together: sets.txt.
    since.keySet().removeIf(pointer -> pointer.startsWith("/process/capabilities"));
    assertTrue(since.size() > 300, () -> "properties: " + since.size());
  }

  private void walk(JsonNode node, String pointer, SpecVersion around, Set<String> references) {
    SpecVersion version = around;
    String brought = node.path("x-since").asText();
    if (!brought.isEmpty() && version.isBefore(SpecVersion.of(brought))) {
      version = SpecVersion.of(brought);
    }
    String reference = node.path("$ref").asText();
    if (!reference.isEmpty()) {
      if (!references.contains(reference)) {
        Set<String> more = new TreeSet<>(references);
        more.add(reference);
        walk(schema.at(reference.substring(1)), pointer, version, more);
      }
      if (node.size() == 1) {
        return;
      }
    }
    if (!samples.containsKey(pointer) || samples.get(pointer).equals("{}")) {
      since.merge(pointer, version, (a, b) -> a.isBefore(b) ? b : a);
      samples.put(pointer, sample(node));
    }
    for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
      walk(property.getValue(), pointer + "/" + property.getKey(), version, references);
    }
    if (node.path("items").isObject()) {
      walk(node.path("items"), pointer + "/-", version, references);
    }
    if (node.path("additionalProperties").isObject()) {
      walk(node.path("additionalProperties"), pointer + "/some~1key", version, references);
    }
  }

  private static String sample(JsonNode node) {
    if (node.path("enum").isArray()) {
      return JsonText.compact(node.path("enum").get(0));
    }
    return switch (node.path("type").asText()) {
      case "string" -> "\"x\"";
      case "integer" -> "1";
      case "boolean" -> "true";
      case "array" -> "[]";
      default -> "{}";
    };
  }

  private record Outcome(int status, JsonNode root, String err) {}

  private static Outcome run(String text, String... options) {
    List<String> words = new ArrayList<>(List.of("edit", "-"));
    words.addAll(List.of(options));
    InProcess.Outcome outcome = InProcess.PLAIN.run(text, words);
    String printed = outcome.out().isEmpty() ? "{}" : outcome.out();
    return new Outcome(outcome.status(), JsonText.parse("out", printed).root(), outcome.err());
  }

  @Test
  void every_property_is_set_and_removed_by_its_pointer() {
    for (Map.Entry<String, String> sample : samples.entrySet()) {
      String pointer = sample.getKey();
      if (!since.containsKey(pointer)) {
        continue;
      }
      String found = pointer.replace("/-", "/0");
      Outcome set = run("{\"ociVersion\": \"1.0.2\"}", "--set", pointer + "=" + sample.getValue());
      assertEquals(0, set.status(), () -> pointer + "\n" + set.err());
      assertEquals(sample.getValue(), JsonText.compact(set.root().at(found)), pointer);
      assertEquals(since.get(pointer).toString(), set.root().path("ociVersion").asText(), pointer);
      Outcome unset = run(JsonText.compact(set.root()), "--unset", found);
      assertEquals(0, unset.status(), () -> pointer + "\n" + unset.err());
      assertTrue(unset.root().at(found).isMissingNode(), pointer);
    }
  }

  @Test
  void every_newer_property_is_refused_or_dropped_for_the_release_before() {
    int newer = 0;
    for (Map.Entry<String, SpecVersion> property : since.entrySet()) {
      String pointer = property.getKey();
      int index = RELEASES.indexOf(property.getValue());
      assertTrue(index >= 0, pointer);
      if (index == 0) {
        continue;
      }
      newer++;
      String before = RELEASES.get(index - 1).toString();
      String text =
          JsonText.compact(
              run("{\"ociVersion\": \"1.3.0\"}", "--set", pointer + "=" + samples.get(pointer))
                  .root());
      Outcome refused = run(text, "--oci-version", before);
      assertEquals(3, refused.status(), pointer);
      assertTrue(refused.err().contains(" exists since " + property.getValue()), refused.err());
      Outcome dropped = run(text, "--oci-version", before, "--downgrade");
      assertEquals(0, dropped.status(), () -> pointer + "\n" + dropped.err());
      assertEquals(before, dropped.root().path("ociVersion").asText());
      assertTrue(dropped.root().at(pointer.replace("/-", "/0")).isMissingNode(), pointer);
      assertTrue(dropped.err().contains("warning: --oci-version"), dropped.err());
    }
    assertTrue(newer > 80, "newer properties: " + newer);
  }
}
