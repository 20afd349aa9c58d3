package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every folder `cases/validate/CODE` holds documents that break the rule (`bad*.json`) and such
/// that do not (`good*.json`). `findings` has one line for each finding of the rule: file, level,
/// JSON pointer. A file `runtime` is what a runtime says of itself.
class RuleCasesTest {
  private static final Path CASES = Path.of("src/test/resources/cases/validate");

  /// Codes that a document alone cannot bring about, and where they are tested:
  /// HostileDocumentTest, SchemaFolderTest, RuntimeCheckTest, FailuresTextTest.
  private static final Set<String> ELSEWHERE =
      Set.of("document-size", "schema-other", "runtime-cgroup", "runtime-error");

  @TestFactory
  List<DynamicTest> the_rule_finds_what_is_bad_and_nothing_else() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path folder : folders()) {
      tests.add(DynamicTest.dynamicTest(name(folder), () -> check(folder)));
    }
    return tests;
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> entries = Files.list(CASES)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static void check(Path folder) throws IOException {
    Validator validator = validator(folder);
    List<String> found = new ArrayList<>();
    int good = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> name(path).endsWith(".json")).sorted().toList()) {
        List<Finding> findings = validator.validate(name(file), Files.readAllBytes(file));
        if (name(file).startsWith("good")) {
          good++;
          assertEquals(List.of(), weighty(findings, name(folder)), name(file));
        } else {
          for (Finding finding : findings) {
            if (finding.code().equals(name(folder))) {
              found.add(
                  (name(file) + " " + finding.level().word() + " " + finding.pointer()).strip());
            }
          }
        }
      }
    }
    found.sort(null);
    List<String> expected = new ArrayList<>(Files.readAllLines(folder.resolve("findings")));
    expected.sort(null);
    assertEquals(expected, found);
    assertTrue(good > 0, "no good document");
    assertFalse(expected.isEmpty(), "no bad document");
  }

  /// What must not be found in a good document: anything of its rule, and anything that is more
  /// than advice of any other.
  private static List<Finding> weighty(List<Finding> findings, String code) {
    List<Finding> weighty = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.code().equals(code) || finding.level() != Level.ADVICE) {
        weighty.add(finding);
      }
    }
    return weighty;
  }

  private static Validator validator(Path folder) throws IOException {
    Path runtime = folder.resolve("runtime");
    if (!Files.exists(runtime)) {
      return Validator.standard();
    }
    Value root = Value.root(JsonText.parse("runtime", Files.readAllBytes(runtime)).root());
    return Validator.standard()
        .with(
            new RuntimeCheck(
                RuntimeRelease.parse(root.get("version").text()),
                Features.parse("features", JsonText.compact(root.get("features").node())),
                false));
  }

  @Test
  void every_rule_has_a_folder_and_every_folder_a_rule() throws IOException {
    Set<String> folders = new TreeSet<>();
    for (Path folder : folders()) {
      folders.add(name(folder));
    }
    Set<String> codes = new TreeSet<>();
    for (Rule rule : Rules.ALL) {
      if (rule.layer() != Layer.HOST && !ELSEWHERE.contains(rule.code())) {
        codes.add(rule.code());
      }
    }
    assertEquals(codes, folders);
  }

  @Test
  void every_rule_has_a_page_a_reference_and_a_code_of_its_own() {
    Set<String> codes = new HashSet<>();
    StringBuilder headings = new StringBuilder();
    for (Rule rule : Rules.ALL) {
      assertTrue(codes.add(rule.code()), rule.code());
      assertTrue(rule.code().matches("[a-z0-9]+(-[a-z0-9]+)+"), rule.code());
      assertTrue(rule.summary().endsWith("."), rule.code());
      assertTrue(rule.page().contains("\n\nMend: "), rule.code());
      assertTrue(rule.reference() != null && !rule.reference().isEmpty(), rule.code());
      headings.append("# ").append(rule.code()).append('\n');
    }
    for (String line : Pages.text().lines().toList()) {
      if (line.startsWith("# ")) {
        assertTrue(headings.indexOf(line + "\n") >= 0, "a page without a rule: " + line);
      }
    }
  }

  /// `cases/validate/demands.txt` lists what the specification demands of a file: every demand has
  /// rules, which weigh what it says, and every rule is there for a demand.
  @Test
  void every_demand_of_the_specification_has_rules_of_its_weight() throws IOException {
    Set<String> unasked = new TreeSet<>();
    for (Rule rule : Rules.ALL) {
      unasked.add(rule.code());
    }
    unasked.removeAll(
        Set.of("document-size", "schema-other", "runtime-error")); // not of the specification
    for (String line : Files.readAllLines(CASES.resolve("demands.txt"))) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] columns = line.split(" [|] ", -1);
      assertEquals(4, columns.length, line);
      for (String code : columns[3].split(" ", -1)) {
        Rule rule = Rules.find(code).orElseThrow(() -> new AssertionError(code));
        unasked.remove(code);
        if (!columns[1].equals("-")) {
          assertEquals(Level.valueOf(columns[1]), rule.level(), code);
        }
      }
    }
    assertEquals(Set.of(), unasked);
  }
}
