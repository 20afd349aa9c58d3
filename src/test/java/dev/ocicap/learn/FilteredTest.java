package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `why` says of system calls that a filter refuses, with real containers.
class FilteredTest {
  @TempDir Path directory;

  @BeforeEach
  void require() throws Exception {
    LearnTest.requireTracepoint();
  }

  /// A container that makes a directory, gives it away, and removes it, behind a filter that allows
  /// everything but for a rule.
  ///
  /// @param rule with ' for "
  static Path bundle(Path directory, String rule) throws Exception {
    Path bundle =
        new Workload(
                "",
                0,
                "",
                List.of(),
                List.of("sh", "-c", "mkdir /tmp/a && chown 5 /tmp/a && rm -r /tmp/a"),
                CapabilitySet.NONE,
                CapabilitySet.NONE)
            .bundle(directory);
    String filter = "'seccomp': {'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [" + rule + "]},";
    Path config = bundle.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"linux\": {", "\"linux\": {" + filter.replace('\'', '"')));
    return bundle;
  }

  /// The only refusal is a filter's, no capability is asked for, and letting the call pass helps.
  static void assertRefused(JsonNode why, String call, String error) {
    assertEquals(0, why.path("denials").size(), why.toString());
    assertEquals(1, why.path("refused").size(), why.toString());
    JsonNode refused = why.path("refused").get(0);
    assertEquals(call, refused.path("systemCall").asText());
    assertEquals(error, refused.path("error").asText());
    assertEquals("filter", refused.path("by").asText());
    assertEquals("[\"" + call + "\"]", why.path("allow").toString());
  }

  /// seccomp(2): these end the process or the thread that makes the call.
  @ParameterizedTest
  @CsvSource({"SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP"})
  void a_filter_that_ends_the_process_is_recognised(String action) throws Exception {
    Path bundle = bundle(directory, "{'names': ['mkdir'], 'action': '" + action + "'}");
    JsonNode why = LearnTest.why(bundle);
    assertTrue(why.path("reason").asText().startsWith("status 159"), why.toString());
    assertRefused(why, "mkdir", "SIGSYS");
  }

  /// asm-generic/errno-base.h: 1 is EPERM, 13 EACCES, 22 EINVAL; 38 is ENOSYS.
  @ParameterizedTest
  @CsvSource({"1,EPERM", "13,EACCES", "22,EINVAL", "38,ENOSYS", "77,error 77"})
  void a_filter_that_refuses_is_told_from_a_capability(int number, String error) throws Exception {
    Path bundle =
        bundle(
            directory,
            "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': " + number + "}");
    assertRefused(LearnTest.why(bundle), "mkdir", error);
  }

  /// mkdir(2) has the mode as its second argument: busybox asks for 0777.
  @Test
  void a_rule_about_arguments_is_recognised_when_they_fit() throws Exception {
    String rule =
        "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO',"
            + " 'args': [{'index': 1, 'value': %d, 'op': 'SCMP_CMP_EQ'}]}";
    assertRefused(
        LearnTest.why(bundle(Files.createDirectory(directory.resolve("a")), rule.formatted(511))),
        "mkdir",
        "EPERM");
    JsonNode other =
        LearnTest.why(bundle(Files.createDirectory(directory.resolve("b")), rule.formatted(5)));
    assertTrue(other.path("worked").asBoolean(), other.toString());
    assertEquals(0, other.path("refused").size(), other.toString());
  }

  /// What the kernel itself refuses is not put down to a rule that might have.
  @Test
  void a_rule_about_arguments_is_not_blamed_when_they_do_not_fit() throws Exception {
    Path bundle =
        bundle(
            directory,
            "{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO',"
                + " 'args': [{'index': 1, 'value': 5, 'op': 'SCMP_CMP_EQ'}]}");
    Path config = bundle.resolve("config.json");
    // Nobody may make a directory in /proc: ENOENT; in the folder of another user: EACCES.
    Files.createDirectory(bundle.resolve("rootfs/own-folder"));
    Files.setPosixFilePermissions(
        bundle.resolve("rootfs/own-folder"),
        java.nio.file.attribute.PosixFilePermissions.fromString("r-x------"));
    Files.writeString(
        config,
        Files.readString(config)
            .replace("/tmp/a", "/own-folder/a")
            .replaceAll("\"CAP_DAC_OVERRIDE\", ", ""));
    JsonNode why = LearnTest.why(bundle);
    assertEquals(
        CapabilitySet.of(Capability.CAP_DAC_OVERRIDE),
        LearnTest.denied(why, "works"),
        why.toString());
    assertEquals(0, why.path("refused").size(), why.toString());
    assertEquals("[]", why.path("allow").toString());
  }

  @Test
  void a_filter_and_a_capability_together_are_found() throws Exception {
    Path bundle = bundle(directory, "{'names': ['mkdir'], 'action': 'SCMP_ACT_KILL_PROCESS'}");
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\"CAP_CHOWN\", ", ""));
    JsonNode why = LearnTest.why(bundle);
    assertEquals("[\"mkdir\"]", why.path("allow").toString(), why.toString());
    assertEquals(
        CapabilitySet.of(Capability.CAP_CHOWN),
        LearnTest.set(why.path("together")),
        why.toString());
  }
}
