package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.Finding;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaFolderTest {
  @TempDir Path directory;

  private List<Finding> check(String schema, String document) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("1.3"));
    Files.writeString(folder.resolve("config.schema.json"), schema);
    return Validator.standard()
        .withSchemas(directory)
        .schemaOnly()
        .validate("config.json", document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void another_folder_takes_the_place_of_the_own_schemas() throws IOException {
    String schema =
        "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"maxProperties\": 1}";
    assertEquals(List.of(), check(schema, "{\"ociVersion\": 3}"));
    Finding finding = check(schema, "{\"ociVersion\": 3, \"a\": 1}").getFirst();
    assertEquals("schema-other", finding.code());
  }

  @Test
  void a_schema_that_refers_to_another_place_is_never_fetched() {
    assertThrows(
        OcicapException.class,
        () ->
            check("{\"$ref\": \"http://localhost:1/schema.json\"}", "{\"ociVersion\": \"1.3.0\"}"));
    assertThrows(
        OcicapException.class,
        () -> check("{\"$ref\": \"file:///etc/passwd\"}", "{\"ociVersion\": \"1.3.0\"}"));
  }

  @Test
  void a_folder_without_the_version_is_an_error() {
    Validator validator = Validator.standard().withSchemas(directory);
    assertThrows(
        OcicapException.class,
        () -> validator.validate("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void the_newest_schema_judges_a_version_that_is_newer_still() {
    String future = "{\"ociVersion\": \"1.9.0\", \"linux\": {\"netDevices\": 3}}";
    String past = "{\"ociVersion\": \"1.2.0\", \"linux\": {\"netDevices\": 3}}";
    Validator validator = Validator.standard().schemaOnly();
    assertEquals(1, validator.validate("f", future.getBytes(StandardCharsets.UTF_8)).size());
    assertEquals(0, validator.validate("f", past.getBytes(StandardCharsets.UTF_8)).size());
  }

  @Test
  void every_printed_schema_stands_alone() {
    for (String version : Schemas.VERSIONS) {
      for (String kind : Schemas.KINDS) {
        if (version.equals("1.0") && kind.equals("features")) {
          continue;
        }
        String text = Schemas.text(version, kind);
        JsonText.parse(version, text);
        for (int at = text.indexOf("\"$ref\": \"");
            at >= 0;
            at = text.indexOf("\"$ref\": \"", at + 1)) {
          assertTrue(text.startsWith("\"$ref\": \"#", at), version + " " + kind);
        }
      }
    }
  }

  /// As the specification's own folder is: draft-04, files that refer to each other, and `id`s that
  /// are no addresses.
  @Test
  void the_layout_of_the_specification_is_read_too() throws IOException {
    Files.writeString(
        directory.resolve("config-schema.json"),
        """
        {"$schema": "http://json-schema.org/draft-04/schema#", "id": "https://example.com/bundle",
         "properties": {
           "ociVersion": {"$ref": "defs.json#/definitions/version"},
           "linux": {"$ref": "config-linux.json#/linux"},
           "far": {"$ref": "https://example.com/far.json"}}}
        """);
    Files.writeString(
        directory.resolve("config-linux.json"),
        """
        {"linux": {"id": "https://example.com/bundle/linux",
          "properties": {"size": {"id": "https://example.com/bundle/linux/size",
            "$ref": "defs.json#/definitions/positive"}}}}
        """);
    Files.writeString(
        directory.resolve("defs.json"),
        """
        {"definitions": {"version": {"type": "string"},
          "positive": {"minimum": 0, "exclusiveMinimum": true}}}
        """);
    Validator validator = Validator.standard().withSchemas(directory).schemaOnly();
    assertEquals(
        List.of(), codes(validator, "{\"ociVersion\": \"1.0.2\", \"linux\": {\"size\": 1}}"));
    assertEquals(
        List.of("schema-type /ociVersion", "schema-range /linux/size"),
        codes(validator, "{\"ociVersion\": 1, \"linux\": {\"size\": 0}}"));
    assertThrows(OcicapException.class, () -> codes(validator, "{\"far\": 1}"));
  }

  @Test
  void a_folder_of_a_version_goes_before_what_is_for_all() throws IOException {
    Files.writeString(directory.resolve("config.schema.json"), "{\"maxProperties\": 0}");
    check("{\"maxProperties\": 1}", "{}");
    Validator validator = Validator.standard().withSchemas(directory).schemaOnly();
    assertEquals(List.of(), codes(validator, "{\"ociVersion\": \"1.3.0\"}"));
    assertEquals(List.of("schema-other "), codes(validator, "{\"ociVersion\": \"1.2.0\"}"));
  }

  private static List<String> codes(Validator validator, String document) {
    List<String> codes = new ArrayList<>();
    for (Finding finding :
        validator.validate("config.json", document.getBytes(StandardCharsets.UTF_8))) {
      codes.add(finding.code() + " " + finding.pointer());
    }
    return codes;
  }
}
