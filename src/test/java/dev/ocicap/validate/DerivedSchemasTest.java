package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The schemas of the older versions are what the rule in `schemas/README.md` makes of those of the
/// newest one. The rule is carried out here, step by step as it is written there.
class DerivedSchemasTest {
  private static final Path SCHEMAS = Path.of("schemas");
  private static final String NEWEST = Schemas.VERSIONS.getLast();

  @TestFactory
  List<DynamicTest> an_older_schema_follows_from_the_newest() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String version : Schemas.VERSIONS.subList(0, Schemas.VERSIONS.size() - 1)) {
      for (String kind : Schemas.KINDS) {
        tests.add(DynamicTest.dynamicTest(version + " " + kind, () -> compare(version, kind)));
      }
    }
    return tests;
  }

  private static void compare(String version, String kind) throws IOException {
    Path file = SCHEMAS.resolve(version).resolve(kind + ".schema.json");
    ObjectNode source =
        (ObjectNode)
            JsonText.parse(
                    kind,
                    Files.readAllBytes(SCHEMAS.resolve(NEWEST).resolve(kind + ".schema.json")))
                .root();
    // 1. A file whose top has an x-since above V does not exist.
    if (isAbove(source.path("x-since").asText("1.0.0"), version)) {
      assertFalse(Files.exists(file), file.toString());
      return;
    }
    // 2. In $id and at the end of title, 1.3 becomes V.
    source.put("$id", source.get("$id").asText().replace("/" + NEWEST + "/", "/" + version + "/"));
    String title = source.get("title").asText();
    assertTrue(title.endsWith(NEWEST), title);
    source.put("title", title.substring(0, title.length() - NEWEST.length()) + version);
    derive(source, version);
    dropUnused(source);
    assertEquals(
        JsonText.lines(source),
        JsonText.lines(JsonText.parse(kind, Files.readAllBytes(file)).root()));
  }

  /// Releases compare by their first two numbers.
  private static boolean isAbove(String release, String version) {
    String[] a = release.split("\\.", -1);
    String[] b = version.split("\\.", -1);
    int major = Integer.compare(Integer.parseInt(a[0]), Integer.parseInt(b[0]));
    return major > 0 || (major == 0 && Integer.parseInt(a[1]) > Integer.parseInt(b[1]));
  }

  /// 3. In every object of the tree, from the top down.
  private static void derive(JsonNode node, String version) {
    if (node instanceof ObjectNode object) {
      undoChanges(object, version);
      dropNewer(object.path("properties"), version);
      moveRemoved(object, version);
      dropWords(object, version);
    }
    for (JsonNode child : node) {
      derive(child, version);
    }
  }

  private static void undoChanges(ObjectNode object, String version) {
    if (object.get("x-before") instanceof ObjectNode before) {
      List<String> releases = new ArrayList<>();
      before.fieldNames().forEachRemaining(releases::add);
      releases.removeIf(release -> !isAbove(release, version));
      releases.sort(Comparator.reverseOrder());
      for (String release : releases) {
        JsonNode patch = before.remove(release);
        merge(object, patch);
      }
      dropEmpty(object, "x-before");
    }
  }

  /// RFC 7396.
  private static void merge(ObjectNode target, JsonNode patch) {
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      if (member.getValue().isNull()) {
        target.remove(member.getKey());
      } else if (member.getValue().isObject()) {
        if (!(target.get(member.getKey()) instanceof ObjectNode)) {
          target.putObject(member.getKey());
        }
        merge((ObjectNode) target.get(member.getKey()), member.getValue());
      } else {
        target.set(member.getKey(), member.getValue());
      }
    }
  }

  private static void dropNewer(JsonNode properties, String version) {
    for (Iterator<JsonNode> schemas = properties.iterator(); schemas.hasNext(); ) {
      if (isAbove(schemas.next().path("x-since").asText("1.0.0"), version)) {
        schemas.remove();
      }
    }
  }

  private static void moveRemoved(ObjectNode object, String version) {
    if (object.get("x-removed") instanceof ObjectNode removed) {
      dropNewer(removed, version);
      List<String> names = new ArrayList<>();
      removed.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        if (isAbove(removed.get(name).get("x-removed-in").asText(), version)) {
          ((ObjectNode) object.get("properties")).set(name, removed.remove(name));
        }
      }
      dropEmpty(object, "x-removed");
    }
  }

  private static void dropWords(ObjectNode object, String version) {
    if (object.get("x-since-values") instanceof ObjectNode since) {
      List<String> words = new ArrayList<>();
      since.fieldNames().forEachRemaining(words::add);
      words.removeIf(word -> !isAbove(since.get(word).asText(), version));
      since.remove(words);
      for (Iterator<JsonNode> word = ((ArrayNode) object.get("enum")).iterator();
          word.hasNext(); ) {
        if (words.contains(word.next().asText())) {
          word.remove();
        }
      }
      dropEmpty(object, "x-since-values");
    }
  }

  /// 4. What became empty is dropped, and every member of $defs that nothing refers to any more.
  private static void dropEmpty(ObjectNode object, String key) {
    if (object.get(key).isEmpty()) {
      object.remove(key);
    }
  }

  private static void dropUnused(ObjectNode schema) {
    if (!(schema.get("$defs") instanceof ObjectNode definitions)) {
      return;
    }
    int size;
    do {
      size = definitions.size();
      Set<String> used = new HashSet<>();
      references(schema, used);
      List<String> names = new ArrayList<>();
      definitions.fieldNames().forEachRemaining(names::add);
      names.removeIf(used::contains);
      definitions.remove(names);
    } while (definitions.size() < size);
    dropEmpty(schema, "$defs");
  }

  private static void references(JsonNode node, Set<String> used) {
    if (node.path("$ref").isTextual()) {
      used.add(node.get("$ref").asText().substring("#/$defs/".length()));
    }
    for (JsonNode child : node) {
      references(child, used);
    }
  }

  /// A keyword that the dialect does not know would judge nothing, without a word.
  @Test
  void every_keyword_of_the_schemas_is_one_of_the_dialects() throws IOException {
    Set<String> known = new TreeSet<>(SpecDialect.ANNOTATIONS);
    SpecDialect.KEYWORDS.forEach(keyword -> known.add(keyword.getValue()));
    for (String version : Schemas.VERSIONS) {
      for (String kind : Schemas.KINDS) {
        Path file = SCHEMAS.resolve(version).resolve(kind + ".schema.json");
        if (Files.exists(file)) {
          keywords(JsonText.parse(kind, Files.readAllBytes(file)).root(), known, file.toString());
        }
      }
    }
  }

  private static void keywords(JsonNode schema, Set<String> known, String file) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      String name = keyword.getKey();
      assertTrue(known.contains(name) || name.startsWith("x-"), file + ": " + name);
      switch (name) {
        case "properties", "$defs", "x-removed" -> {
          for (JsonNode property : keyword.getValue()) {
            keywords(property, known, file);
          }
        }
        case "items", "additionalProperties", "propertyNames" ->
            keywords(keyword.getValue(), known, file);
        case "anyOf" -> {
          for (JsonNode branch : keyword.getValue()) {
            keywords(branch, known, file);
          }
        }
        default -> {}
      }
    }
  }
}
