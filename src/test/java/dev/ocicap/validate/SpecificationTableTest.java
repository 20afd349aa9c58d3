package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.containers.Containers;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// One change a line of `cases/validate/specification.txt`: the verdict of the schema, of the
/// rules, and of runc itself, which starts a container for each line.
class SpecificationTableTest {
  @TempDir static Path directory;

  private record Row(String change, String schema, String rules, String runc) {}

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line :
        Files.readAllLines(Path.of("src/test/resources/cases/validate/specification.txt"))) {
      if (!line.startsWith("#")) {
        String[] columns = line.split(" \\| ", -1);
        assertEquals(4, columns.length, line);
        rows.add(new Row(columns[0], columns[1], columns[2], columns[3]));
      }
    }
    return rows;
  }

  @TestFactory
  List<DynamicTest> the_schema_and_the_rules_speak_as_the_table_says() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Row row : rows()) {
      tests.add(DynamicTest.dynamicTest(row.change(), () -> check(row)));
    }
    return tests;
  }

  private static void check(Row row) {
    List<Finding> findings = Validator.standard().validate(changed(row));
    Set<String> codes = new TreeSet<>();
    Set<String> weighty = new TreeSet<>();
    boolean valid = true;
    for (Finding finding : findings) {
      codes.add(finding.code());
      if (finding.level() != Level.ADVICE) {
        weighty.add(finding.code());
      }
      valid &= finding.layer() != Layer.SCHEMA;
    }
    assertEquals(row.schema(), valid ? "valid" : "invalid");
    if (row.rules().equals("-")) {
      assertEquals(Set.of(), weighty);
    } else {
      assertTrue(codes.containsAll(List.of(row.rules().split(" ", -1))), codes.toString());
    }
  }

  @TestFactory
  List<DynamicTest> runc_does_what_the_table_says() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Row row : rows()) {
      if (!row.runc().equals("?")) {
        tests.add(DynamicTest.dynamicTest(row.change(), () -> start(row)));
      }
    }
    return tests;
  }

  private static void start(Row row) throws IOException, InterruptedException {
    Containers.require("runc");
    String expected = row.runc();
    if (expected.endsWith("*")) {
      String version = Containers.execute(List.of("runc", "--version"), Map.of()).out();
      if (!version.startsWith("runc version 1.1.")) {
        return;
      }
      expected = expected.substring(0, expected.length() - 1);
    }
    Path bundle = Files.createTempDirectory(directory, "bundle");
    Containers.rootfs(bundle.resolve("rootfs"), "true");
    Files.writeString(bundle.resolve("config.json"), changed(row).text());
    Containers.Result result = Containers.run("runc", bundle);
    assertEquals(expected, result.status() == 0 ? "runs" : "refused", result.err());
  }

  private static RuntimeConfig changed(Row row) {
    RuntimeConfig base =
        DefaultConfig.runc(false)
            .edit(ProcessEdits.terminal(false).then(ProcessEdits.args(List.of("true"))));
    JsonNode change = JsonText.parse("change", row.change()).root();
    return base.edit(draft -> {
      for (Map.Entry<String, JsonNode> member : change.properties()) {
        apply(draft.root(), JsonText.tokens(member.getKey()), member.getValue());
      }
    });
  }

  private static void apply(ObjectNode root, List<String> path, JsonNode value) {
    JsonNode node = root;
    for (String token : path.subList(0, path.size() - 1)) {
      node = node.isArray() ? node.get(Integer.parseInt(token)) : node.get(token);
    }
    String last = path.getLast();
    if (node instanceof ArrayNode array) {
      assertEquals("-", last);
      array.add(value);
    } else if (node instanceof ObjectNode object) {
      if (value.asText().equals("DELETE")) {
        object.remove(last);
      } else {
        object.set(last, value);
      }
    }
  }
}
