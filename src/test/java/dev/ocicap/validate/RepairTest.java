package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.report.Finding;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepairTest {
  private static final Validator VALIDATOR = Validator.standard();

  private static String mended(String text) {
    return Repair.of(RuntimeConfig.parse("config.json", text), VALIDATOR).config().text();
  }

  @Test
  void names_of_capabilities_are_respelt_and_listed_once() {
    assertEquals(
        "{\"process\": {\"capabilities\": {\"bounding\": [\"CAP_KILL\", \"CAP_CHOWN\", \"FOO\","
            + " \"21\"]}}}",
        mended(
            "{\"process\": {\"capabilities\": {\"bounding\": [\"kill\", \"CAP_CHOWN\", \"FOO\","
                + " \"CAP_KILL\", \"21\"]}}}"));
  }

  @Test
  void ambient_is_completed_where_only_inheritable_is_missing() {
    RuntimeConfig config =
        RuntimeConfig.parse(
            "config.json",
            "{\"process\": {\"capabilities\": {\"bounding\": [\"CAP_KILL\"], \"permitted\":"
                + " [\"CAP_KILL\", \"CAP_CHOWN\"], \"ambient\": [\"CAP_KILL\", \"CAP_CHOWN\","
                + " \"CAP_BPF\"]}}}");
    ProcessCapabilities sets = Repair.of(config, VALIDATOR).config().capabilities().orElseThrow();
    // CHOWN is not in bounding, BPF not in permitted: an inheritable one would end the start.
    assertEquals("kill", sets.inheritable().toString());
    assertTrue(sets.bounding().containsAll(sets.inheritable()));
  }

  @Test
  void keys_get_their_letter_case_unless_the_right_one_is_there_too() {
    assertEquals("{\"root\": {\"path\": \"a\"}}", mended("{\"Root\": {\"Path\": \"a\"}}"));
    String both = "{\"root\": {\"path\": \"a\"}, \"Root\": {\"path\": \"b\"}}";
    assertEquals(both, mended(both));
    String free = "{\"annotations\": {\"Root\": \"x\"}}";
    assertEquals(free, mended(free));
  }

  @Test
  void a_host_name_gets_its_namespace_and_equal_namespaces_become_one() {
    assertEquals(
        "{\"hostname\": \"a\", \"linux\": {\"namespaces\": [{\"type\": \"pid\"}, {\"type\":"
            + " \"uts\"}]}}",
        mended(
            "{\"hostname\": \"a\", \"linux\": {\"namespaces\": [{\"type\": \"pid\"}, {\"type\":"
                + " \"pid\"}]}}"));
    String differing =
        "{\"linux\": {\"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"pid\", \"path\":"
            + " \"/p\"}]}}";
    assertEquals(differing, mended(differing));
  }

  @Test
  void integers_are_written_as_integers() {
    assertEquals(
        "{\"process\": {\"user\": {\"uid\": 1000, \"gid\": 10}}}",
        mended("{\"process\": {\"user\": {\"uid\": 1e3, \"gid\": 10.0}}}"));
    String half = "{\"process\": {\"user\": {\"uid\": 1.5, \"gid\": 1e999}}}";
    assertEquals(half, mended(half));
  }

  @Test
  void values_get_the_type_that_is_wanted_where_nothing_is_lost() {
    assertEquals(
        "{\"hostname\": \"5\", \"process\": {\"terminal\": true, \"user\": {\"uid\": 10}},"
            + " \"annotations\": {\"a.b\": \"1\"}, \"linux\": {\"namespaces\": [{\"type\": \"uts\"}]}}",
        mended(
            "{\"hostname\": 5, \"process\": {\"terminal\": \"true\", \"user\": {\"uid\": \"10\"}},"
                + " \"annotations\": {\"a.b\": 1}, \"linux\": {\"namespaces\": [{\"type\": \"uts\"}],"
                + " \"resources\": null}}"));
    String guess =
        "{\"process\": {\"args\": \"sh\", \"user\": {\"uid\": \"010\", \"gid\": \"x\"}}}";
    assertEquals(guess, mended(guess));
  }

  @Test
  void words_get_their_letter_case_and_limits_their_prefix() {
    assertEquals(
        "{\"process\": {\"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"soft\": 1, \"hard\": 1}]}, \"linux\":"
            + " {\"namespaces\": [{\"type\": \"mount\"}, {\"type\": \"net\"}]}}",
        mended(
            "{\"process\": {\"rlimits\": [{\"type\": \"nofile\", \"soft\": 1, \"hard\": 1}]}, \"linux\":"
                + " {\"namespaces\": [{\"type\": \"Mount\"}, {\"type\": \"net\"}]}}"));
  }

  @Test
  void of_equal_entries_one_stays_and_of_overridden_ones_the_last() {
    assertEquals(
        "{\"process\": {\"env\": [\"B=1\", \"A=2\"], \"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1,"
            + " \"hard\": 1}]}}",
        mended(
            "{\"process\": {\"env\": [\"A=1\", \"B=1\", \"A=2\"], \"rlimits\": [{\"type\": \"RLIMIT_CPU\","
                + " \"soft\": 1, \"hard\": 1}, {\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1}]}}"));
  }

  @Test
  void time_offsets_get_their_namespace() {
    assertEquals(
        "{\"linux\": {\"timeOffsets\": {}, \"namespaces\": [{\"type\": \"time\"}]}}",
        mended("{\"linux\": {\"timeOffsets\": {}}}"));
  }

  @Test
  void a_document_without_a_repair_is_the_same_one() {
    RuntimeConfig config = RuntimeConfig.parse("config.json", "{\"hostnam\": \"x\"}");
    Repair repair = Repair.of(config, VALIDATOR);
    assertSame(config, repair.config());
    assertFalse(repair.isChange());
  }

  /// Every bad document of a repairable rule: the rule says less afterwards, a second repair
  /// changes nothing, and no right that was written is lost.
  @Test
  void a_repair_ends_its_findings_and_loses_no_right() throws IOException {
    Set<String> mended = new TreeSet<>();
    for (Rule rule : Rules.ALL) {
      if (!rule.isRepairable()) {
        continue;
      }
      for (Path file : bad(rule)) {
        RuntimeConfig config = RuntimeConfig.parse("config.json", Files.readAllBytes(file));
        RuntimeConfig repaired = Repair.of(config, VALIDATOR).config();
        assertSame(repaired, Repair.of(repaired, VALIDATOR).config(), file.toString());
        if (count(repaired, rule) < count(config, rule)) {
          mended.add(rule.code());
        }
        assertTrue(rights(repaired).containsAll(rights(config)), file.toString());
      }
    }
    Set<String> repairable = new TreeSet<>();
    for (Rule rule : Rules.ALL) {
      if (rule.isRepairable()) {
        repairable.add(rule.code());
      }
    }
    assertEquals(repairable, mended);
  }

  private static List<Path> bad(Rule rule) throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("src/test/resources/cases/validate").resolve(rule.code()))) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("bad"))
          .sorted()
          .toList();
    }
  }

  private static long count(RuntimeConfig config, Rule rule) {
    List<Finding> found = new ArrayList<>(VALIDATOR.validate(config));
    found.removeIf(finding -> !finding.code().equals(rule.code()));
    return found.size();
  }

  private static Set<Capability> rights(RuntimeConfig config) {
    ProcessCapabilities sets = config.capabilities().orElse(ProcessCapabilities.NONE);
    return new HashSet<>(sets.union().members());
  }
}
