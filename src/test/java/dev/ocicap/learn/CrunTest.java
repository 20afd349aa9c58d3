package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.containers.Containers;
import dev.ocicap.json.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Learning and explaining with crun, in a process of its own: on a machine with hybrid cgroups
/// crun works in a mount namespace without the unified hierarchy only.
class CrunTest {
  @TempDir Path directory;

  @BeforeEach
  void require() throws Exception {
    LearnTest.requireTracepoint();
    Containers.require("crun");
  }

  private static Containers.Result ocicap(String... words) throws Exception {
    List<String> command = new ArrayList<>(Containers.prefix("crun"));
    command.addAll(LearnTest.java(words));
    return Containers.execute(command, Map.of());
  }

  private static JsonNode result(Containers.Result result) {
    String out = result.out().strip();
    String last = out.substring(out.lastIndexOf('\n') + 1);
    assertTrue(last.startsWith("{\"result\""), () -> out + result.err());
    return JsonText.parse("result", last).root().path("result");
  }

  private static final CapabilitySet SET_ID =
      CapabilitySet.of(Capability.CAP_SETGID, Capability.CAP_SETUID);

  @Test
  void learns_what_to_tell_docker() throws Exception {
    Path bundle = Workload.named("another user").bundle(directory);
    Containers.Result result =
        ocicap("learn", "--runtime", "crun", "--to", "docker", bundle.toString());
    assertEquals("--cap-drop=ALL --cap-add=SETGID --cap-add=SETUID\n", result.out(), result.err());
    assertEquals(0, result.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--trace-only", "--trials-only", "--from-zero"})
  void learns_the_same_in_every_way(String mode) throws Exception {
    Path bundle = Workload.named("another user").bundle(directory);
    JsonNode learned =
        result(ocicap("learn", "--runtime", "crun", "--format", "json", mode, bundle.toString()));
    assertEquals(SET_ID, LearnTest.set(learned.path("needed")), learned.toString());
    assertTrue(learned.path("complete").asBoolean(), learned.toString());
  }

  @Test
  void learns_with_a_check_from_outside_and_from_inside() throws Exception {
    Workload workload = Workload.named("web server on port 80");
    Path bundle = workload.bundle(directory);
    String port = "busybox nc -w 1 127.0.0.1 80 -e true";
    for (String option : new String[] {"--check", "--check-inside"}) {
      JsonNode learned =
          result(
              ocicap(
                  "learn",
                  "--runtime",
                  "crun",
                  "--format",
                  "json",
                  option,
                  port,
                  bundle.toString()));
      assertEquals(workload.needed(), LearnTest.set(learned.path("needed")), learned.toString());
    }
  }

  @Test
  void explains_what_a_container_lacks() throws Exception {
    Path bundle = Workload.named("mount").bundle(directory);
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\"CAP_SYS_ADMIN\", ", ""));
    JsonNode why =
        result(ocicap("why", "--runtime", "crun", "--format", "json", bundle.toString()));
    assertEquals(
        CapabilitySet.of(Capability.CAP_SYS_ADMIN), LearnTest.denied(why, "works"), why.toString());
  }

  @Test
  void explains_what_a_filter_ends_a_process_for() throws Exception {
    Path bundle = FilteredTest.bundle(directory, "{'names': ['mkdir'], 'action': 'SCMP_ACT_KILL'}");
    JsonNode why =
        result(ocicap("why", "--runtime", "crun", "--format", "json", bundle.toString()));
    FilteredTest.assertRefused(why, "mkdir", "SIGSYS");
  }

  @Test
  void says_what_else_to_do_where_crun_does_not_work() throws Exception {
    Path bundle = Workload.named("sleep").bundle(directory);
    List<String> command = LearnTest.java("learn", "--runtime", "crun", bundle.toString());
    Containers.Result result = Containers.execute(command, Map.of());
    if (Containers.prefix("crun").isEmpty()) {
      assertEquals(0, result.status(), result.err());
    } else {
      assertEquals(125, result.status(), result.err());
      assertTrue(result.err().contains("hint: --runtime runc"), result.err());
    }
  }
}
