package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cli.Main;
import dev.ocicap.containers.Containers;
import dev.ocicap.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Learns what the workloads of `cases/learn/workloads.txt` need, with real containers.
class LearnTest {
  @TempDir Path directory;

  private static final List<Integer> RUNS = new ArrayList<>();

  /// Skips where the kernel cannot be observed; in continuous integration, where CI is set, that is
  /// a failure.
  static void requireTracepoint() {
    Containers.require("runc");
    Path events = Path.of("/sys/kernel/tracing/events");
    String missing =
        !Files.isDirectory(events)
            ? "no tracing file system at /sys/kernel/tracing"
            : Files.exists(events.resolve("capability/cap_capable"))
                ? ""
                : "this kernel has no tracepoint cap_capable";
    if (!missing.isEmpty()) {
      if (System.getenv("CI") != null) {
        fail(missing);
      }
      abort(missing);
    }
  }

  /// What `ocicap learn --format json` printed last.
  static JsonNode learn(Path bundle, int status, List<String> options) {
    List<String> args = new ArrayList<>(List.of("learn", "--format", "json", "--runtime", "runc"));
    args.addAll(options);
    args.add(bundle.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new ByteArrayInputStream(new byte[0]),
            out,
            err,
            System.getenv(),
            args.toArray(new String[0]));
    String text = out.toString(StandardCharsets.UTF_8).strip();
    assertEquals(
        status,
        code,
        () -> text.substring(text.lastIndexOf("{\"result")) + err.toString(StandardCharsets.UTF_8));
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return JsonText.parse("result", last).root().path("result");
  }

  static CapabilitySet set(JsonNode names) {
    CapabilitySet set = CapabilitySet.NONE;
    for (JsonNode name : names) {
      set = set.plus(Capability.valueOf(name.asText()));
    }
    return set;
  }

  private static CapabilitySet traced(JsonNode result) {
    CapabilitySet set = CapabilitySet.NONE;
    for (JsonNode one : result.path("evidence")) {
      if (one.path("granted").asBoolean() && !one.path("weak").asBoolean()) {
        set = set.plus(Capability.valueOf(one.path("capability").asText()));
      }
    }
    return set;
  }

  @TestFactory
  List<DynamicTest> every_workload_is_learned() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Workload workload : Workload.all()) {
      tests.add(DynamicTest.dynamicTest(workload.name(), () -> check(workload)));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "five trial runs are enough on average",
            () -> {
              requireTracepoint();
              int sum = 0;
              for (int runs : RUNS) {
                // The first run is the observed one.
                sum += runs - 1;
              }
              assertTrue(sum <= 5 * RUNS.size(), RUNS + ": " + sum);
            }));
    return tests;
  }

  private void check(Workload workload) throws Exception {
    requireTracepoint();
    Path bundle = workload.bundle(Files.createTempDirectory(directory, "workload"));
    JsonNode result = learn(bundle, 0, workload.options());
    assertEquals(workload.traced(), traced(result), "traced " + result);
    assertEquals(workload.needed(), set(result.path("needed")), "needed " + result);
    assertTrue(result.path("complete").asBoolean(), "complete");
    assertTrue(result.path("verified").asBoolean(), "verified");
    RUNS.add(result.path("runs").asInt());
    assertClean();
  }

  /// Nothing of this process is left.
  static void assertClean() throws IOException {
    assertTrue(
        !Files.exists(
            Setting.parent(true, Path.of("/"))
                .resolve(dev.ocicap.os.ProcessIdentity.self().toString())),
        "files");
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    assertTrue(!mounts.contains("/ocicap/learn/"), mounts);
    assertTrue(
        !Files.exists(
            Path.of("/sys/kernel/tracing/instances")
                .resolve("ocicap-" + dev.ocicap.os.ProcessIdentity.self())),
        "trace instance");
  }

  @Test
  void writing_replaces_the_five_sets_by_what_is_needed() throws Exception {
    requireTracepoint();
    Path bundle = Workload.named("owner of a file").bundle(directory);
    learn(bundle, 0, List.of("--write"));
    JsonNode config = JsonText.parse("c", Files.readString(bundle.resolve("config.json"))).root();
    JsonNode sets = config.path("process").path("capabilities");
    CapabilitySet chown = CapabilitySet.of(Capability.CAP_CHOWN);
    assertEquals(chown, set(sets.path("bounding")));
    assertEquals(chown, set(sets.path("effective")));
    assertEquals(chown, set(sets.path("permitted")));
    assertEquals(CapabilitySet.NONE, set(sets.path("inheritable")));
    assertEquals(CapabilitySet.NONE, set(sets.path("ambient")));
    assertEquals(0, Containers.run("runc", bundle).status());
  }

  @Test
  void from_zero_adds_what_is_denied_until_it_works() throws Exception {
    requireTracepoint();
    Workload workload = Workload.named("daemon that drops its privileges");
    List<String> options = new ArrayList<>(workload.options());
    options.add("--from-zero");
    JsonNode result = learn(workload.bundle(directory), 0, options);
    assertEquals(workload.needed(), set(result.path("needed")), result.toString());
  }

  @Test
  void trials_alone_find_the_same() throws Exception {
    Containers.require("runc");
    Workload workload = Workload.named("another user");
    JsonNode result = learn(workload.bundle(directory), 0, List.of("--trials-only"));
    assertEquals(workload.needed(), set(result.path("needed")), result.toString());
    assertEquals(0, result.path("evidence").size());
  }

  @Test
  void one_run_is_enough_for_a_trace_alone() throws Exception {
    requireTracepoint();
    Workload workload = Workload.named("archive");
    JsonNode result = learn(workload.bundle(directory), 0, List.of("--trace-only"));
    assertEquals(workload.traced(), set(result.path("needed")), result.toString());
    assertEquals(1, result.path("runs").asInt());
    assertTrue(!result.path("verified").asBoolean());
  }

  @Test
  void an_overflow_says_so() throws Exception {
    requireTracepoint();
    Workload workload =
        new Workload(
            "",
            0,
            "",
            List.of(),
            List.of(
                "sh",
                "-c",
                "i=0; while [ $i -lt 3000 ]; do : >/tmp/$i; chown 5 /tmp/$i; i=$((i+1)); done"),
            CapabilitySet.NONE,
            CapabilitySet.NONE);
    JsonNode result =
        learn(workload.bundle(directory), 1, List.of("--trace-only", "--trace-buffer", "4"));
    assertTrue(!result.path("complete").asBoolean(), result.toString());
    assertTrue(result.path("gaps").toString().contains("lost"), result.toString());
  }
}
