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
import java.util.Map;
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
  static void requireTracepoint() throws IOException {
    Containers.require("runc");
    String missing;
    try (Workspace workspace = workspace()) {
      missing = Tracefs.open(workspace.tracing()).reason();
    }
    if (!missing.isEmpty()) {
      if (System.getenv("CI") != null) {
        fail(missing);
      }
      abort(missing);
    }
  }

  private static Workspace workspace() {
    return Workspace.open(Setting.parent(true, Path.of("/")), Path.of("/usr/sbin/runc"));
  }

  /// The trace instances of a process, as the kernel lists them.
  private static List<String> instances(String owner) throws IOException {
    List<String> names = new ArrayList<>();
    try (Workspace workspace = workspace()) {
      Path instances =
          Tracefs.open(workspace.tracing())
              .tracefs()
              .orElseThrow()
              .directory()
              .resolve("instances");
      for (String name : instances.toFile().list()) {
        if (name.startsWith("ocicap-" + owner)) {
          names.add(name + " " + Files.readString(instances.resolve(name + "/tracing_on")).strip());
        }
      }
    }
    return names;
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
    assertEquals(List.of(), instances(dev.ocicap.os.ProcessIdentity.self().toString()));
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

  @Test
  void forged_names_do_not_widen_the_result() throws Exception {
    requireTracepoint();
    String line =
        "\nx-1 [000] ..... 1.000000: cap_capable: cred 0000000000000001, target_ns 0000000000000002,"
            + " capable_ns 0000000000000002, cap 21, ret 0\n";
    Workload workload =
        new Workload(
            "",
            0,
            "",
            List.of(),
            List.of(
                "sh",
                "-c",
                "f=$(printf '/tmp/%b/busybox' '"
                    + line.replace("\n", "\\n")
                    + "');"
                    + " mkdir -p \"${f%/busybox}\"; cp /bin/busybox \"$f\"; \"$f\" true;"
                    + " printf '\\n => ovl_f' >/proc/self/comm; chown 5 /own"),
            CapabilitySet.NONE,
            CapabilitySet.NONE);
    JsonNode result = learn(workload.bundle(directory), 0, List.of("--trace-only"));
    assertEquals(
        CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")), result.toString());
  }

  private static List<String> java(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.ocicap.cli.Main"));
    command.addAll(List.of(words));
    return command;
  }

  /// A container that runs for long, under an ocicap of its own.
  private Process alone(Path bundle, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java("learn", "--runtime", "runc"));
    command.addAll(List.of(options));
    command.add(bundle.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Path state = files(process).resolve("state");
    for (int i = 0;
        i < 600 && !(Files.isDirectory(state) && state.toFile().list().length > 0);
        i++) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    return process;
  }

  private static Path files(Process process) {
    return Setting.parent(true, Path.of("/"))
        .resolve(dev.ocicap.os.ProcessIdentity.of(process.pid()).orElseThrow().toString());
  }

  private static final List<String> LONG =
      List.of("sh", "-c", "chown 5 /own; while :; do sleep 0.1; done");

  private Path longRunning() throws Exception {
    return new Workload("", 0, "", List.of(), LONG, CapabilitySet.NONE, CapabilitySet.NONE)
        .bundle(directory);
  }

  @Test
  void a_signal_ends_the_observation_and_prints_what_was_seen() throws Exception {
    requireTracepoint();
    Process process = alone(longRunning(), "--trace-only");
    Path files = files(process);
    process.toHandle().destroy();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    assertTrue(out.contains("chown by chown") || out.contains("chown by /bin/sh"), out);
    assertTrue(!Files.exists(files), "files");
    assertTrue(!Files.readString(Path.of("/proc/self/mountinfo")).contains(files.toString()));
  }

  @Test
  void a_signal_ends_trial_runs_and_leaves_nothing() throws Exception {
    requireTracepoint();
    Process process = alone(longRunning(), "--alive", "60");
    Path files = files(process);
    process.toHandle().destroy();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(130, process.waitFor(), out);
    assertTrue(!Files.exists(files), "files");
    assertTrue(!Files.readString(Path.of("/proc/self/mountinfo")).contains(files.toString()));
  }

  @Test
  void what_a_kill_leaves_goes_with_the_next_start() throws Exception {
    requireTracepoint();
    Process process = alone(longRunning(), "--alive", "60");
    Path files = files(process);
    String owner = String.valueOf(files.getFileName());
    String containerPid = Files.readString(files.resolve("1/pid")).strip();
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(Path.of("/proc", containerPid)), "the container outlives ocicap");
    Workload other = Workload.named("sleep");
    learn(other.bundle(Files.createTempDirectory(directory, "next")), 0, List.of());
    assertTrue(!Files.exists(files), "files");
    assertEquals(List.of(), instances(owner));
    assertTrue(!Files.exists(Path.of("/proc", containerPid)), "the container");
    assertTrue(!Files.readString(Path.of("/proc/self/mountinfo")).contains(files.toString()));
  }

  @Test
  void a_process_that_enters_a_watched_container_is_seen() throws Exception {
    requireTracepoint();
    Path bundle =
        new Workload(
                "",
                0,
                "",
                List.of(),
                List.of("sh", "-c", "while :; do sleep 0.1; done"),
                CapabilitySet.NONE,
                CapabilitySet.NONE)
            .bundle(directory);
    String id = "ocicap-test-attach-" + ProcessHandle.current().pid();
    Process container =
        new ProcessBuilder("runc", "run", "--bundle", bundle.toString(), id)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      for (int i = 0; i < 100 && !Files.exists(Path.of("/run/runc", id, "state.json")); i++) {
        Thread.sleep(50);
      }
      Thread entering =
          new Thread(() -> {
            try {
              Thread.sleep(1000);
              Containers.execute(List.of("runc", "exec", id, "chown", "5", "/own"), Map.of());
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      entering.start();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int status =
          Main.run(
              new ByteArrayInputStream(new byte[0]),
              out,
              new ByteArrayOutputStream(),
              System.getenv(),
              "learn",
              "--format",
              "json",
              "--runtime",
              "runc",
              "--attach",
              id,
              "--for",
              "3");
      entering.join();
      String text = out.toString(StandardCharsets.UTF_8).strip();
      assertEquals(0, status, text);
      JsonNode result =
          JsonText.parse("r", text.substring(text.lastIndexOf('\n') + 1)).root().path("result");
      assertEquals(
          CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")), result.toString());
    } finally {
      Containers.execute(List.of("runc", "delete", "--force", id), Map.of());
      container.waitFor();
    }
  }

  @Test
  void a_user_namespace_is_no_obstacle() throws Exception {
    requireTracepoint();
    Path bundle = Workload.named("owner of a file").bundle(directory);
    Path config = bundle.resolve("config.json");
    String mapping = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
    Files.writeString(
        config,
        Files.readString(config)
            .replace(
                "\"linux\": {",
                "\"linux\": {\"uidMappings\": " + mapping + ", \"gidMappings\": " + mapping + ",")
            .replace("{\"type\": \"pid\"}", "{\"type\": \"pid\"}, {\"type\": \"user\"}"));
    Containers.execute(
        List.of("chown", "-R", "100000:100000", bundle.resolve("rootfs").toString()), Map.of());
    JsonNode result = learn(bundle, 0, List.of());
    assertEquals(CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")));
    assertEquals(CapabilitySet.of(Capability.CAP_CHOWN), traced(result), result.toString());
  }

  @Test
  void a_program_that_wants_a_terminal_has_one() throws Exception {
    requireTracepoint();
    Path bundle =
        new Workload(
                "",
                0,
                "",
                List.of(),
                List.of("sh", "-c", "test -t 0 && test -t 1 && test -t 2 && chown 5 /own"),
                CapabilitySet.NONE,
                CapabilitySet.NONE)
            .bundle(directory);
    Path config = bundle.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"process\": {", "\"process\": {\"terminal\": true,"));
    JsonNode result = learn(bundle, 0, List.of());
    assertEquals(
        CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")), result.toString());
  }

  @Test
  void crun_is_as_good() throws Exception {
    requireTracepoint();
    Containers.require("crun");
    Path bundle = Workload.named("another user").bundle(directory);
    List<String> command = new ArrayList<>(Containers.prefix("crun"));
    command.addAll(java("learn", "--runtime", "crun", "--to", "docker", bundle.toString()));
    Containers.Result result = Containers.execute(command, Map.of());
    assertEquals("--cap-drop ALL --cap-add SETGID --cap-add SETUID\n", result.out(), result.err());
    assertEquals(0, result.status());
  }

  @Test
  void why_says_what_was_denied_and_whether_granting_it_helps() throws Exception {
    requireTracepoint();
    Path bundle = Workload.named("mount").bundle(directory);
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\"CAP_SYS_ADMIN\", ", ""));
    String before = Files.readString(config);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status =
        Main.run(
            new ByteArrayInputStream(new byte[0]),
            out,
            new ByteArrayOutputStream(),
            System.getenv(),
            "why",
            "--runtime",
            "runc",
            bundle.toString());
    String text = out.toString(StandardCharsets.UTF_8);
    assertEquals(1, status, text);
    assertTrue(text.contains("denied: sys_admin"), text);
    assertTrue(text.contains("asked for by mount by /bin/mount"), text);
    assertTrue(text.contains("granting it makes the container work"), text);
    assertTrue(text.contains("risk: root"), text);
    assertEquals(before, Files.readString(config));
    assertClean();
  }

  @Test
  void every_run_begins_with_the_same_files_and_the_bundle_stays_as_it_is() throws Exception {
    requireTracepoint();
    // Without the capability the file would be missing in the second run.
    Path bundle =
        new Workload(
                "",
                0,
                "",
                List.of(),
                List.of("sh", "-c", "chown 5 /own; rm /own"),
                CapabilitySet.NONE,
                CapabilitySet.NONE)
            .bundle(directory);
    JsonNode result = learn(bundle, 0, List.of());
    assertTrue(result.path("repeatable").asBoolean(), result.toString());
    assertTrue(Files.exists(bundle.resolve("rootfs/own")));
  }

  @Test
  void a_container_that_fails_as_it_is_gives_no_result() throws Exception {
    requireTracepoint();
    Path bundle =
        new Workload(
                "",
                0,
                "",
                List.of("--write"),
                List.of("sh", "-c", "exit 3"),
                CapabilitySet.NONE,
                CapabilitySet.NONE)
            .bundle(directory);
    JsonNode result = learn(bundle, 1, List.of());
    assertTrue(result.path("failure").asText().contains("status 3"), result.toString());
  }
}
