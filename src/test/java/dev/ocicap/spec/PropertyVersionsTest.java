package dev.ocicap.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The table of releases is the schemas' own.
class PropertyVersionsTest {
  private static final SpecVersion V1_0_1 = new SpecVersion(1, 0, 1);

  private final Set<String> found = new TreeSet<>();
  private JsonNode schema = JsonText.parse("none", "{}").root();

  @Test
  void the_table_says_what_the_newest_schema_says() throws IOException {
    schema =
        JsonText.parse("schema", Files.readAllBytes(Path.of("schemas/1.3/config.schema.json")))
            .root();
    walk(schema, "", new TreeSet<>());
    Set<String> table = new TreeSet<>();
    for (PropertyVersions.Row row : PropertyVersions.ALL) {
      // Options of mounts are words of mount(8): the prose has them, the schema does not. The
      // schemas begin with 1.0.2 and so do not tell what 1.0.1 brought.
      if (!row.path().equals("mounts/*/options/*") && !row.since().equals(V1_0_1)) {
        table.add(
            row.path()
                + (row.word() == null ? "" : "=" + row.word())
                + " "
                + row.since()
                + (row.until() == null ? "" : " " + row.until()));
      }
    }
    assertEquals(found, table);
  }

  /// What the schema of the tag v1.0.1 has and that of v1.0.0 has not.
  @Test
  void the_first_correction_brought_these() {
    Set<String> table = new TreeSet<>();
    for (PropertyVersions.Row row : PropertyVersions.ALL) {
      if (row.since().equals(V1_0_1)) {
        table.add(row.path());
      }
    }
    assertEquals(
        Set.of(
            "linux/intelRdt",
            "linux/resources/blockIO/throttleReadIOPSDevice",
            "linux/resources/blockIO/throttleWriteIOPSDevice",
            "solaris/anet/*/allowedAddress",
            "solaris/anet/*/configureAllowedAddress",
            "solaris/anet/*/defrouter",
            "solaris/anet/*/linkProtection",
            "solaris/anet/*/linkname",
            "solaris/anet/*/lowerLink",
            "solaris/anet/*/macAddress",
            "solaris/cappedCPU/ncpus",
            "solaris/cappedMemory/physical",
            "solaris/cappedMemory/swap"),
        table);
  }

  private void walk(JsonNode node, String path, Set<String> references) {
    String since = node.path("x-since").asText();
    if (!since.isEmpty()) {
      found.add(path + " " + since);
    }
    for (Map.Entry<String, JsonNode> word : node.path("x-since-values").properties()) {
      found.add(path + "=" + word.getKey() + " " + word.getValue().asText());
    }
    for (Map.Entry<String, JsonNode> gone : node.path("x-removed").properties()) {
      found.add(
          child(path, gone.getKey())
              + " "
              + gone.getValue().path("x-since").asText()
              + " "
              + gone.getValue().path("x-removed-in").asText());
    }
    String reference = node.path("$ref").asText();
    if (!reference.isEmpty() && !references.contains(reference)) {
      Set<String> more = new TreeSet<>(references);
      more.add(reference);
      walk(schema.at(reference.substring(1)), path, more);
    }
    for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
      walk(property.getValue(), child(path, property.getKey()), references);
    }
    for (String key : new String[] {"items", "additionalProperties"}) {
      if (node.path(key).isObject()) {
        walk(node.path(key), child(path, "*"), references);
      }
    }
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "/" + key;
  }
}
