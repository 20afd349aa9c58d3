package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ocicap.json.JsonText;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ReportFormatTest {
  /// Two mistakes: a destination with characters that every format has to escape, and a missing
  /// member in a file whose name needs escapes too.
  private static final String TEXT =
      """
      {"ociVersion": "1.3.0",
      \t"mounts": [{"destination": "<a&\\"%\\u0001\\u202e>"}]}
      """;

  private static final List<FileReport> REPORTS = reports();

  private static List<FileReport> reports() {
    Validator validator = Validator.standard();
    FileReport dirty = validator.check("a dir/c%,:.json", TEXT.getBytes(StandardCharsets.UTF_8));
    FileReport kept =
        new FileReport(
            dirty.path(),
            dirty.findings().stream()
                .filter(f -> f.code().equals("mount-destination-absolute"))
                .toList(),
            dirty.excerpts().subList(0, 1));
    int index = 0;
    while (!dirty.findings().get(index).code().equals("mount-destination-absolute")) {
      index++;
    }
    return List.of(
        new FileReport(kept.path(), kept.findings(), List.of(dirty.excerpts().get(index))),
        new FileReport("clean.json", List.of(), List.of()));
  }

  private static String write(ReportFormat format) {
    return format.write(REPORTS, new ReportFormat.Look(true, false, "1.2.3"));
  }

  @Test
  void text_has_place_level_message_code_line_caret_and_hint() {
    assertEquals(
        """
        a dir/c%,:.json:2:29: warning: mounts[0].destination '<a&"%\\u0001\\u202e>' is not an\
         absolute path [mount-destination-absolute]
          2 |   "mounts": [{"destination": "<a&\\"%\\u0001\\u202e>"}]}
            |                              ^
          hint: "/<a&"%\\u0001\\u202e>"
        """,
        write(ReportFormat.TEXT));
  }

  @Test
  void a_caret_stands_below_its_place_in_a_line_of_any_length() {
    String text = "{\"ociVersion\": \"1.3.0\", \"x\": \"" + "ä".repeat(500) + "\", \"root\": 3}";
    FileReport report =
        Validator.standard().schemaOnly().check("f", text.getBytes(StandardCharsets.UTF_8));
    String[] lines =
        ReportFormat.TEXT
            .write(List.of(report), new ReportFormat.Look(true, false, ""))
            .split("\n", -1);
    assertEquals('3', lines[1].charAt(lines[2].indexOf('^')));
    assertTrue(lines[1].length() < 120, lines[1]);
  }

  @Test
  void json_has_the_members_that_programs_rely_on() {
    JsonNode root = JsonText.parse("report", write(ReportFormat.JSON)).root();
    JsonNode finding = root.at("/paths/0/findings/0");
    assertEquals("a dir/c%,:.json", root.at("/paths/0/path").asText());
    assertEquals("mount-destination-absolute", finding.get("code").asText());
    assertEquals("should", finding.get("level").asText());
    assertEquals("rule", finding.get("layer").asText());
    assertEquals("/mounts/0/destination", finding.get("pointer").asText());
    assertEquals(2, finding.get("line").asInt());
    assertEquals(29, finding.get("column").asInt());
    assertEquals("config.md#mounts", finding.get("reference").asText());
    assertTrue(finding.get("message").asText().contains("is not an absolute path"));
    assertTrue(finding.has("hint"));
    assertEquals(0, root.at("/paths/1/findings").size());
  }

  @Test
  void sarif_follows_its_schema_and_names_the_rules() throws Exception {
    JsonNode report = JsonText.parse("report", write(ReportFormat.SARIF)).root();
    JsonNode schema =
        JsonText.parse(
                "schema",
                Files.readAllBytes(Path.of("src/test/resources/cases/reports/sarif.schema.json")))
            .root();
    assertEquals(
        List.of(),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema)
            .validate(report));
    JsonNode result = report.at("/runs/0/results/0");
    assertEquals(
        "a%20dir/c%25%2C%3A.json",
        result.at("/locations/0/physicalLocation/artifactLocation/uri").asText());
    assertEquals("warning", result.get("level").asText());
    assertEquals(
        "mount-destination-absolute",
        report
            .at("/runs/0/tool/driver/rules")
            .get(result.get("ruleIndex").asInt())
            .get("id")
            .asText());
  }

  @Test
  void junit_is_xml_with_one_case_for_each_finding_and_one_for_a_clean_file() throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    write(ReportFormat.JUNIT).getBytes(StandardCharsets.UTF_8)));
    Element root = document.getDocumentElement();
    assertEquals("testsuites", root.getTagName());
    assertEquals("2", root.getAttribute("tests"));
    assertEquals("1", root.getAttribute("failures"));
    assertEquals(2, document.getElementsByTagName("testcase").getLength());
    assertEquals(1, document.getElementsByTagName("failure").getLength());
    assertEquals(
        "a dir/c%,:.json",
        ((Element) document.getElementsByTagName("testsuite").item(0)).getAttribute("name"));
  }

  @Test
  void github_escapes_what_ends_a_property_or_a_command() {
    String line = write(ReportFormat.GITHUB);
    assertTrue(
        line.startsWith(
            "::warning file=a dir/c%25%2C%3A.json,line=2,col=29,title=mount-destination-absolute::"),
        line);
    assertFalse(line.strip().contains("\n"));
    assertTrue(line.contains("'<a&\"%25\\u0001\\u202e>'"), line);
  }
}
