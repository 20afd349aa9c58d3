package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cli.InProcess;
import dev.ocicap.containers.Containers;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.Mounts;
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
  private static final InProcess OCICAP = InProcess.with(System.getenv());

  @TempDir Path directory;

  private static final List<Integer> RUNS = new ArrayList<>();

  /// Skips where the kernel cannot be observed; in continuous integration, where CI is set, that is
  /// a failure.
  static void requireTracepoint() throws IOException {
    Containers.require("runc");
    String missing = onTracefs(Tracefs.Access::reason);
    if (!missing.isEmpty()) {
      if (System.getenv("CI") != null) {
        fail(missing);
      }
      abort(missing);
    }
  }

  /// Asks the tracing file system, wherever it is, and sweeps nothing.
  private static <T> T onTracefs(Reading<T> reading) throws IOException {
    Path point = Files.createTempDirectory("ocicap-tracing");
    try {
      return reading.of(Tracefs.open(point));
    } finally {
      for (Path mounted : Mounts.below(point)) {
        Mounts.unmount(mounted);
      }
      Files.delete(point);
    }
  }

  private interface Reading<T> {
    T of(Tracefs.Access access) throws IOException;
  }

  /// The trace instances of a process, as the kernel lists them, and whether they trace.
  private static List<String> instances(String owner) throws IOException {
    return onTracefs(access -> {
      List<String> names = new ArrayList<>();
      Path instances = access.tracefs().orElseThrow().directory().resolve("instances");
      for (String name : instances.toFile().list()) {
        if (name.startsWith("ocicap-" + owner)) {
          names.add(name + " " + Files.readString(instances.resolve(name + "/tracing_on")).strip());
        }
      }
      return names;
    });
  }

  private static String printed(Path bundle) {
    return OCICAP.run("", "learn", "--format", "json", bundle.toString()).out();
  }

  /// What `--format json` printed last.
  private static JsonNode result(InProcess.Outcome outcome) {
    String text = outcome.out().strip();
    String last = text.substring(text.lastIndexOf('\n') + 1);
    return JsonText.parse("result", last).root().path("result");
  }

  /// What `ocicap learn --format json` printed last.
  static JsonNode learn(Path bundle, int status, List<String> options) {
    List<String> args = new ArrayList<>(List.of("learn", "--format", "json", "--runtime", "runc"));
    args.addAll(options);
    args.add(bundle.toString());
    InProcess.Outcome outcome = OCICAP.run("", args);
    assertEquals(status, outcome.status(), () -> outcome.out() + outcome.err());
    return result(outcome);
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
    String self = dev.ocicap.os.ProcessIdentity.self().toString();
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    assertTrue(!mounts.contains("/ocicap/learn/" + self), mounts);
    assertEquals(List.of(), instances(self));
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

  /// A bundle as `ocicap generate` makes it.
  private Path generated(List<String> options, String... program) throws IOException {
    Path bundle = Files.createTempDirectory(directory, "generated").resolve("bundle");
    List<String> args = new ArrayList<>(List.of("generate", "--terminal=false"));
    args.addAll(options);
    args.addAll(List.of("--bundle", bundle.toString(), "--"));
    args.addAll(List.of(program));
    OCICAP.output(args);
    Path rootfs =
        Containers.rootfs(
            bundle.resolve("rootfs"), "sh", "mount", "dmesg", "su", "ping", "mkdir", "chown");
    Files.writeString(
        rootfs.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
    Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\nuser:x:1000:\n");
    return bundle;
  }

  private static final List<String> DOCKER_WITH_SYS_ADMIN =
      List.of("--from", "docker", "--add", "sys_admin");

  /// Docker's filter lets mount(2) pass with SYS_ADMIN only, so that without it the kernel is never
  /// asked for the capability.
  @Test
  void from_zero_sees_through_a_filter_that_follows_the_capabilities() throws Exception {
    requireTracepoint();
    Path bundle = generated(DOCKER_WITH_SYS_ADMIN, "mount", "-t", "tmpfs", "none", "/tmp");
    JsonNode result = learn(bundle, 0, List.of("--from-zero", "--write"));
    assertEquals(CapabilitySet.of(Capability.CAP_SYS_ADMIN), set(result.path("needed")));
    assertEquals(0, Containers.run("runc", bundle).status());
  }

  /// No check is made for the capabilities of a file: execve refuses it (capabilities(7)).
  @Test
  void from_zero_finds_the_capabilities_of_a_file() throws Exception {
    requireTracepoint();
    Path bundle = capable();
    JsonNode result = learn(bundle, 0, List.of("--from-zero"));
    assertEquals(CapabilitySet.of(Capability.CAP_KILL), set(result.path("needed")));
  }

  /// A user's program whose file demands KILL, which it does not use.
  private Path capable() throws Exception {
    Path bundle = generated(List.of("--from", "docker", "--user", "1000"), "/capable/true");
    Path program = Files.createDirectory(bundle.resolve("rootfs/capable")).resolve("true");
    Files.copy(bundle.resolve("rootfs/bin/busybox"), program);
    assertTrue(program.toFile().setExecutable(true, false));
    Containers.Result set =
        Containers.execute(List.of("/sbin/setcap", "cap_kill+ep", program.toString()), Map.of());
    assertEquals(0, set.status(), set.err());
    return bundle;
  }

  @Test
  void the_learned_filter_follows_the_learned_set() throws Exception {
    requireTracepoint();
    Path bundle = generated(DOCKER_WITH_SYS_ADMIN, "chown", "5", "/tmp");
    assertTrue(allowed(bundle).contains("mount"));
    learn(bundle, 0, List.of("--write"));
    assertTrue(!allowed(bundle).contains("mount"), "SYS_ADMIN's calls are gone");
    assertTrue(allowed(bundle).contains("chown"));
    assertEquals(0, Containers.run("runc", bundle).status());
  }

  private static List<String> allowed(Path bundle) throws IOException {
    JsonNode config = JsonText.parse("c", Files.readString(bundle.resolve("config.json"))).root();
    List<String> names = new ArrayList<>();
    for (JsonNode rule : config.path("linux").path("seccomp").path("syscalls")) {
      if (rule.path("action").asText().equals("SCMP_ACT_ALLOW")) {
        rule.path("names").forEach(name -> names.add(name.asText()));
      }
    }
    return names;
  }

  @Test
  void with_no_new_privileges_nothing_beyond_the_permitted_set_is_learned() throws Exception {
    requireTracepoint();
    // The default is noNewPrivileges; bounding keeps CHOWN, and execve never gives it to the
    // process.
    List<String> options =
        List.of(
            "--readonly=false",
            "--drop",
            "all",
            "--add",
            "chown,kill",
            "--cap-drop-permitted",
            "chown",
            "--cap-drop-effective",
            "chown");
    Path bundle = generated(options, "chown", "5", "/tmp");
    JsonNode result = learn(bundle, 1, List.of());
    assertEquals(CapabilitySet.of(Capability.CAP_KILL), set(result.path("bundle")));
    assertTrue(set(result.path("denied")).contains(Capability.CAP_CHOWN), result.toString());
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
                // More at once than there are cores, so that the reader must fall behind.
                "many() { i=0; while [ $i -lt 2000 ]; do"
                    + " : >/tmp/$1$i; chown 5 /tmp/$1$i; i=$((i+1)); done; };"
                    + " for one in a b c d e f g h; do many $one & done; wait"),
            CapabilitySet.NONE,
            CapabilitySet.NONE);
    JsonNode result =
        learn(workload.bundle(directory), 1, List.of("--trace-only", "--trace-buffer", "4"));
    assertTrue(!result.path("complete").asBoolean(), result.toString());
    assertTrue(result.path("gaps").toString().contains("lost"), result.toString());
  }

  /// A file's name may hold a line end and a whole line of the trace behind it. Even where the
  /// container sees the host's process numbers, it cannot name the kernel's disguised pointer of
  /// its user namespace; that the line was read shows among the weak.
  @Test
  void forged_names_do_not_widen_the_result() throws Exception {
    requireTracepoint();
    String line =
        "\\nx-%d [000] ..... 1.000000: cap_capable: cred 0000000000000001,"
            + " target_ns 0000000000000002, capable_ns 0000000000000002, cap 21, ret 0\\n_";
    Workload workload =
        new Workload(
            "",
            0,
            "",
            List.of(),
            List.of(
                "sh",
                "-c",
                "f=/tmp/$(printf '"
                    + line
                    + "' $$); mkdir -p \"$f\"; cp /bin/busybox \"$f\"; \"$f/busybox\" true;"
                    + " printf '\\n => ovl_f' >/proc/self/comm; chown 5 /own"),
            CapabilitySet.NONE,
            CapabilitySet.NONE);
    Path bundle = workload.bundle(directory);
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("{\"type\": \"pid\"}, ", ""));
    JsonNode result = learn(bundle, 0, List.of("--trace-only"));
    assertEquals(
        CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")), result.toString());
    assertTrue(set(result.path("weak")).contains(Capability.CAP_SYS_ADMIN), result.toString());
  }

  static List<String> java(String... words) {
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
    // Any other start of ocicap on this machine may have removed the instance already.
    for (String instance : instances(owner)) {
      assertTrue(instance.endsWith(" 0"), "tracing stops: " + instance);
    }
    Workload other = Workload.named("sleep");
    String next = printed(other.bundle(Files.createTempDirectory(directory, "next")));
    assertTrue(next.contains("{\"event\":\"swept\",\"owner\":\"" + owner + "\"}"), next);
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
      JsonNode result = attach(id);
      // What enters so fast that its first moments are missed is said to be incomplete.
      for (int i = 0; i < 5 && !result.path("complete").asBoolean(); i++) {
        assertTrue(
            result.path("gaps").toString().contains("a process entered the container"),
            result.toString());
        result = attach(id);
      }
      assertTrue(result.path("complete").asBoolean(), result.toString());
      assertEquals(
          CapabilitySet.of(Capability.CAP_CHOWN), set(result.path("needed")), result.toString());
      // The runtime remembers the bundle.
      JsonNode config = JsonText.parse("c", Files.readString(bundle.resolve("config.json"))).root();
      assertEquals(
          CapabilitySet.of(Capability.CAP_CHOWN),
          set(config.path("process").path("capabilities").path("bounding")));
    } finally {
      Containers.execute(List.of("runc", "delete", "--force", id), Map.of());
      container.waitFor();
    }
  }

  /// Watches a container for three seconds, while processes enter it again and again: nobody knows
  /// when watching begins.
  private static JsonNode attach(String id) throws InterruptedException {
    Thread entering =
        new Thread(() -> {
          try {
            for (int i = 0; i < 6; i++) {
              Thread.sleep(500);
              Containers.execute(List.of("runc", "exec", id, "chown", "5", "/own"), Map.of());
            }
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    entering.start();
    String line = "learn --format json --runtime runc --attach " + id + " --for 3 --write";
    InProcess.Outcome outcome = OCICAP.run("", line.split(" ", -1));
    entering.join();
    JsonNode result = result(outcome);
    assertEquals(result.path("complete").asBoolean(), outcome.status() == 0, outcome.out());
    return result;
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
  void why_says_what_was_denied_and_whether_granting_it_helps() throws Exception {
    requireTracepoint();
    Path bundle = Workload.named("mount").bundle(directory);
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\"CAP_SYS_ADMIN\", ", ""));
    String before = Files.readString(config);
    InProcess.Outcome outcome = OCICAP.run("", "why", "--runtime", "runc", bundle.toString());
    String text = outcome.out();
    assertEquals(1, outcome.status(), text);
    assertTrue(text.contains("denied: sys_admin"), text);
    assertTrue(text.contains("asked for by mount by /bin/mount"), text);
    assertTrue(text.contains("granting it makes the container work"), text);
    assertTrue(text.contains("risk: root"), text);
    assertEquals(before, Files.readString(config));
    assertClean();
  }

  /// What `ocicap why --format json` printed last.
  static JsonNode why(Path bundle, String... options) {
    List<String> args = new ArrayList<>(List.of("why", "--format", "json", "--runtime", "runc"));
    args.addAll(List.of(options));
    args.add(bundle.toString());
    return result(OCICAP.run("", args));
  }

  static CapabilitySet denied(JsonNode result, String effect) {
    CapabilitySet set = CapabilitySet.NONE;
    for (JsonNode denial : result.path("denials")) {
      if (denial.path("effect").asText().equals(effect)) {
        set = set.plus(Capability.valueOf(denial.path("capability").asText()));
      }
    }
    return set;
  }

  /// Docker's filter lets syslog(2) pass with SYSLOG or SYS_ADMIN; the kernel is content with
  /// either, and the first is less.
  @Test
  void why_names_the_least_capability_that_a_filter_waits_for() throws Exception {
    requireTracepoint();
    JsonNode result = why(generated(List.of("--from", "docker"), "dmesg"));
    assertEquals(1, result.path("denials").size(), result.toString());
    assertEquals(CapabilitySet.of(Capability.CAP_SYSLOG), denied(result, "works"));
  }

  /// su sets the groups, then the user: who may not do the first never comes to the second.
  @Test
  void why_follows_one_denial_to_the_next() throws Exception {
    requireTracepoint();
    JsonNode result =
        why(
            generated(List.of("--from", "docker", "--drop", "all"), "su", "user", "-c", "echo yes"),
            "--expect",
            "yes");
    CapabilitySet both = CapabilitySet.of(Capability.CAP_SETGID, Capability.CAP_SETUID);
    assertEquals(both, set(result.path("together")), result.toString());
    assertEquals(both, denied(result, "together"));
  }

  @Test
  void why_knows_what_a_file_demands() throws Exception {
    requireTracepoint();
    Path bundle = capable();
    Path config = bundle.resolve("config.json");
    Files.writeString(config, Files.readString(config).replaceAll("\"CAP_KILL\",", ""));
    JsonNode result = why(bundle);
    assertTrue(!result.path("started").asBoolean(), result.toString());
    assertEquals(CapabilitySet.of(Capability.CAP_KILL), denied(result, "works"));
    assertTrue(result.toString().contains("the file /capable/true demands it"));
  }

  @Test
  void why_tells_a_filter_and_file_permissions_from_capabilities() throws Exception {
    requireTracepoint();
    Path bundle = generated(List.of("--from", "docker"), "/bin/mkdir", "/tmp/a");
    Path config = bundle.resolve("config.json");
    // A filter that somebody changed follows nothing.
    Files.writeString(
        config, Files.readString(config).replace("\"mkdir\",", "").replace("\"mkdirat\",", ""));
    JsonNode result = why(bundle);
    assertEquals(0, result.path("denials").size(), result.toString());
    JsonNode refused = result.path("refused").get(0);
    assertTrue(refused.path("systemCall").asText().startsWith("mkdir"), result.toString());
    assertEquals("filter", refused.path("by").asText());
    assertEquals("EPERM", refused.path("error").asText());
    assertEquals("/bin/mkdir", refused.path("program").asText());
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
