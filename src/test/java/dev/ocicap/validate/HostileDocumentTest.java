package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.Finding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A hostile document ends in a finding within a second: no exception, no hang.
class HostileDocumentTest {
  private static final Validator VALIDATOR = Validator.standard();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration LIMIT = Duration.ofSeconds(1);

  @BeforeAll
  static void load_the_schema() {
    VALIDATOR.validate("config.json", "{}".getBytes(StandardCharsets.UTF_8));
  }

  /// The time of the processor counts, not that of the clock: other tests run beside this one.
  private static List<Finding> check(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long start = THREADS.getCurrentThreadCpuTime();
    List<Finding> findings = VALIDATOR.validate("config.json", bytes);
    Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
    assertTrue(taken.compareTo(LIMIT) < 0, "took " + taken);
    return findings;
  }

  private static void assertFinds(String code, String text) {
    List<Finding> findings = check(text);
    assertTrue(findings.stream().anyMatch(finding -> finding.code().equals(code)), text(findings));
  }

  private static String text(List<Finding> findings) {
    return findings.subList(0, Math.min(5, findings.size())).toString();
  }

  @Test
  void deep_nesting_is_a_finding() {
    assertFinds("json-syntax", "[".repeat(1_000_000));
    assertFinds("json-syntax", "{\"a\":".repeat(100_000));
  }

  @Test
  void a_huge_number_is_a_finding() {
    assertFinds("json-syntax", "{\"ociVersion\": " + "9".repeat(1_000_000) + "}");
    assertFinds("json-syntax", "{\"ociVersion\": 1e999999999}");
    assertFinds(
        "schema-range",
        process("\"oomScoreAdj\": 0, \"user\": {\"uid\": 1" + "0".repeat(900) + "}"));
    assertFinds("schema-type", process("\"user\": {\"uid\": 1e9999}"));
  }

  @Test
  void a_huge_text_is_a_finding() {
    String huge = "x".repeat(15 * 1024 * 1024);
    assertFinds("process-cwd-absolute", "{\"process\": {\"cwd\": \"" + huge + "\"}}");
    assertFinds("property-unknown", "{\"" + huge + "\": 1}");
    assertFinds("document-size", "{\"a\": \"" + huge + huge + "\"}");
  }

  @Test
  void texts_of_many_parts_are_findings() {
    String path = "/a".repeat(7 * 1024 * 1024);
    assertFinds(
        "root-required", "{\"mounts\": [{\"destination\": \"" + path + "\", \"type\": \"a\"}]}");
    String list = "1,".repeat(7 * 1024 * 1024);
    assertFinds("cpu-affinity-list", process("\"execCPUAffinity\": {\"final\": \"" + list + "\"}"));
    assertFinds(
        "cpu-list-form", "{\"linux\": {\"resources\": {\"cpu\": {\"cpus\": \"" + list + "\"}}}}");
    assertFinds(
        "schema-pattern",
        "{\"linux\": {\"resources\": {\"hugepageLimits\": [{\"pageSize\": \""
            + "1".repeat(15_000_000)
            + "\"}]}}}");
  }

  @Test
  void as_many_wrong_names_as_fit_are_counted() {
    assertFinds(
        "capability-name-unknown",
        process("\"capabilities\": {\"bounding\": [" + names("CAP_") + "]}"));
    assertFinds(
        "seccomp-name-unknown",
        "{\"linux\": {\"seccomp\": {\"syscalls\": [{\"names\": [" + names("re") + "]}]}}}");
    assertFinds(
        "mount-bind-data", "{\"mounts\": [{\"options\": [\"bind\", " + names("ro") + "]}]}");
    StringBuilder rlimits = new StringBuilder("{}");
    for (int i = 0; i < 12_000; i++) {
      rlimits.append(",{\"type\":\"RLIMIT_NOFIL\",\"soft\":3,\"hard\":1}");
    }
    assertFinds("rlimit-type-known", process("\"rlimits\": [" + rlimits + "]"));
    assertFinds("string-nul", "{\"annotations\": {\"a\\u0000b\": \"\"}}");
  }

  private static String names(String prefix) {
    StringBuilder names = new StringBuilder("\"x\"");
    for (int i = 0; i < 45_000; i++) {
      names.append(",\"").append(prefix).append(i).append('"');
    }
    return names.toString();
  }

  @Test
  void a_million_properties_are_a_finding() {
    StringBuilder text = new StringBuilder("{\"a\": 1");
    for (int i = 0; i < 400_000; i++) {
      text.append(",\"p").append(i).append("\": 1");
    }
    assertFinds("document-size", text.append('}').toString());
  }

  @Test
  void as_many_mistakes_as_fit_are_counted_and_not_listed() {
    StringBuilder text = new StringBuilder("{\"annotations\": {\"a\": \"b\"");
    for (int i = 0; i < 49_000; i++) {
      text.append(",\"p").append(i).append("\": 1");
    }
    List<Finding> findings = check(text.append("}}").toString());
    assertTrue(findings.size() < 300, "findings: " + findings.size());
    assertTrue(
        findings.stream()
            .anyMatch(finding ->
                finding.message().equals("48900 more findings of this kind are not listed")),
        text(findings));
  }

  @Test
  void many_unknown_keys_are_not_all_compared_with_the_known_ones() {
    StringBuilder text = new StringBuilder("{\"ociVersion\": \"1.3.0\"");
    for (int i = 0; i < 45_000; i++) {
      text.append(",\"hostnameee").append(i).append("\": 1");
    }
    assertFinds("property-unknown", text.append('}').toString());
  }

  @Test
  void lists_that_are_compared_with_each_other_take_no_square_of_time() {
    String mapping = "{\"containerID\":1,\"hostID\":1,\"size\":1}";
    String mappings = "[" + (mapping + ",").repeat(5_000) + mapping + "]";
    String gids = "[" + "7,".repeat(20_000) + "7]";
    assertFinds(
        "mapping-count",
        "{\"process\": {\"user\": {\"additionalGids\": "
            + gids
            + "}}, \"linux\": {\"namespaces\": [{\"type\": \"user\"}], \"gidMappings\": "
            + mappings
            + "}}");
    String mount = "{\"destination\":\"/a\",\"options\":[\"idmap\",\"bind\"]}";
    String namespaces = "[" + "{\"type\":\"pid\"},".repeat(9_000) + "{\"type\":\"pid\"}]";
    assertFinds(
        "mount-hidden",
        "{\"mounts\": ["
            + (mount + ",").repeat(5_000)
            + mount
            + "], \"linux\": {\"namespaces\": "
            + namespaces
            + "}}");
    StringBuilder windows = new StringBuilder("{\"windows\": {}, \"mounts\": [");
    for (int i = 0; i < 15_000; i++) {
      windows.append("{\"destination\": \"c:\\\\d").append(i).append("\"},");
    }
    assertFinds("mount-destination-nested", windows + "{\"destination\": \"c:\\\\d1\\\\x\"}]}");
  }

  @Test
  void duplicate_keys_and_unpaired_surrogates_are_findings() {
    assertFinds("json-syntax", "{\"a\": 1, \"a\": 2}");
    assertFinds("json-syntax", "{\"a\": \"\\ud800\"}");
    assertFinds("json-syntax", "");
    assertEquals(
        "json-syntax",
        VALIDATOR.validate("config.json", new byte[] {'"', (byte) 0xff, '"'}).getFirst().code());
    assertFinds("schema-type", "3");
    assertFinds("schema-type", "null");
  }

  /// Whatever a document is made of, the answer is a list.
  @Test
  void random_changes_of_a_document_never_end_in_an_exception() {
    String base =
        """
        {"ociVersion":"1.3.0","process":{"user":{"uid":0,"gid":0},"args":["sh"],"cwd":"/",
        "capabilities":{"bounding":["CAP_KILL"],"ambient":["CAP_KILL"]},"rlimits":[{"type":
        "RLIMIT_CORE","hard":1,"soft":1}]},"mounts":[{"destination":"/a","options":["bind"]}],
        "linux":{"namespaces":[{"type":"user"}],"uidMappings":[{"containerID":0,"hostID":0,
        "size":1}],"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["a"],
        "action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"}]}]},
        "resources":{"memory":{"limit":1},"unified":{"a":"b"}},"sysctl":{"net.a":"1"}}}
        """;
    String[] pieces = {"null", "[]", "{}", "-1", "1.5", "\"\"", "true", "[[]]", "{\"\":{}}", "1e3"};
    Random random = new Random(42);
    for (int i = 0; i < 3_000; i++) {
      int start = random.nextInt(base.length());
      int end = Math.min(base.length(), start + random.nextInt(12));
      String changed =
          base.substring(0, start) + pieces[random.nextInt(pieces.length)] + base.substring(end);
      assertFalse(
          VALIDATOR.validate("config.json", changed.getBytes(StandardCharsets.UTF_8)).isEmpty()
              && !changed.contains("SCMP"),
          changed);
    }
  }

  private static String process(String members) {
    return "{\"ociVersion\": \"1.3.0\", \"process\": {\"cwd\": \"/\", " + members + "}}";
  }
}
