package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import dev.ocicap.distribution.Installation.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person reads when a container does not start, and in which order.
@Tag("distribution")
class StartFailureTest {
  private static final Map<String, String> ENV =
      Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8");

  @TempDir Path directory;
  private Path config = Path.of("");

  @BeforeEach
  void make_a_bundle() throws Exception {
    Containers.require("runc");
    Containers.rootfs(directory.resolve("b/rootfs"), "sh");
    assertEquals(
        0,
        ocicap("generate", "--bundle", "b", "--terminal=false", "--", "sh", "-c", "exit 7")
            .status());
    config = directory.resolve("b/config.json");
  }

  private Result ocicap(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "cd \"$0\" && TMPDIR=\"$0\" exec \"$@\"",
                directory.toString(),
                Installation.built().launcher().toString()));
    command.addAll(List.of(words));
    return Installation.execute(command, ENV);
  }

  private Result run(String... words) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("run", "--runtime=runc", "--root=" + directory + "/s"));
    all.addAll(List.of(words));
    all.add("b");
    return ocicap(all.toArray(new String[0]));
  }

  private void change(String from, String to) throws IOException {
    String text = Files.readString(config);
    assertTrue(text.contains(from), text);
    Files.writeString(config, text.replace(from, to));
  }

  /// `FILE:LINE:COLUMN` of a text in the configuration.
  private String place(String text) throws IOException {
    List<String> lines = Files.readAllLines(config);
    for (int i = 0; i < lines.size(); i++) {
      int at = lines.get(i).indexOf(text);
      if (at >= 0) {
        return config + ":" + (i + 1) + ":" + (at + 1);
      }
    }
    throw new IllegalStateException(text);
  }

  @Test
  void what_is_certain_to_fail_is_refused_in_plain_words() throws Exception {
    change("\"sh\"", "\"/bin/sh -c id\"");
    Result result = run();
    assertEquals(125, result.status());
    assertEquals(
        place("\"/bin/sh -c id\"")
            + ": error: process.args[0] '/bin/sh -c id' is not found in the root file system: it is"
            + " taken whole for a name [host-program]\n"
            + "  hint: \"/bin/sh\", \"-c\", \"id\"\n",
        result.err());
  }

  /// A cause, and what the message blames.
  private record Cause(String property, List<String> edit) {}

  private static Cause cause(String property, String... edit) {
    return new Cause(property, List.of(edit));
  }

  /// What a start by root fails by, whichever runtime it is. (Of limits and scores that need a
  /// privilege, and of ordinary users, other tests know.)
  private static final List<Cause> CAUSES =
      List.of(
          cause("process.args[0]", "--set", "/process/args=[\"nosuch\"]"),
          cause("process.args[0]", "--set", "/process/args=[\"/bin/sh -c id\"]"),
          cause("process.args", "--set", "/process/args=\"sh -c id\""),
          cause(
              "process.rlimits[0].soft",
              "--set",
              "/process/rlimits=[{\"type\":\"RLIMIT_NOFILE\",\"hard\":10,\"soft\":20}]"),
          cause("process.oomScoreAdj", "--set", "/process/oomScoreAdj=2000"),
          cause(
              "mounts[0].source",
              "--set",
              "/mounts=[{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"/no/such\",\"options\":[\"rbind\"]}]"),
          cause(
              "mounts[0]",
              "--set",
              "/mounts=[{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"/tmp\",\"options\":[\"ro\"]}]"),
          cause(
              "hostname",
              "--set",
              "/linux/namespaces=[{\"type\":\"mount\"},{\"type\":\"pid\"}]",
              "--set",
              "/hostname=\"x\""),
          cause(
              "linux.sysctl",
              "--set",
              "/linux/sysctl={\"net.ipv4.ip_forward\":\"1\"}",
              "--set",
              "/linux/namespaces=[{\"type\":\"mount\"},{\"type\":\"uts\"}]"),
          cause(
              "linux.seccomp.defaultAction",
              "--set",
              "/linux/seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\"}"),
          cause("process.terminal", "--terminal"));

  private static final List<List<String>> VERBS =
      List.of(List.of("run"), List.of("run", "-d"), List.of("create"));

  /// Nobody is left who could explain what has failed: it is said at once, and nothing was begun.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void what_can_be_known_is_said_without_being_asked_for(String runtime) throws Exception {
    Containers.require(runtime);
    String whole = Files.readString(config);
    for (Cause cause : CAUSES) {
      List<String> edit = new ArrayList<>(List.of("edit"));
      edit.addAll(cause.edit());
      edit.add("b");
      Files.writeString(config, whole);
      assertEquals(0, ocicap(edit.toArray(new String[0])).status());
      for (List<String> verb : cause.equals(CAUSES.getFirst()) ? VERBS : VERBS.subList(0, 1)) {
        List<String> words = new ArrayList<>(verb);
        words.addAll(List.of("--runtime=" + runtime, "--root=" + directory + "/s", "b"));
        List<String> session = new ArrayList<>(List.of("setsid", "--wait"));
        session.addAll(Containers.prefix(runtime));
        Result result = started(session, words);
        assertEquals(125, result.status(), cause + result.err());
        List<String> lines = result.err().lines().toList();
        assertTrue(
            lines.get(0).matches("\\Q" + config + "\\E:\\d+:\\d+: error: .*\\[[a-z-]+\\]"),
            result.err());
        assertTrue(lines.get(0).contains(cause.property()), result.err());
        assertTrue(lines.get(1).startsWith("  hint: "), result.err());
        assertFalse(Files.exists(directory.resolve("s")), "the runtime was not called");
      }
    }
  }

  private Result started(List<String> wrapper, List<String> words) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", directory.toString()));
    command.addAll(wrapper);
    command.add(Installation.built().launcher().toString());
    command.addAll(words);
    return Installation.execute(command, ENV);
  }

  @Test
  void a_variable_asks_for_explanations_of_every_start() throws Exception {
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\\{", "{\"hooks\": {\"createRuntime\": [{\"path\": \"/bin/false\"}]},"));
    Result plain = run();
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "cd \"$0\" && TMPDIR=\"$0\" exec \"$@\"", directory + ""));
    command.addAll(List.of(Installation.built().launcher().toString(), "run", "--runtime=runc"));
    command.addAll(List.of("--root=" + directory + "/s", "b"));
    Map<String, String> env = new HashMap<>(ENV);
    env.put("OCICAP_EXPLAIN_ERRORS", "1");
    Result explained = Installation.execute(command, env);
    assertEquals(plain.status(), explained.status());
    assertTrue(
        explained.err().contains("\n" + place("\"/bin/false\"") + ": error: "), explained.err());
    nothing_is_left();
  }

  @Test
  void without_the_check_the_runtime_speaks_first() throws Exception {
    change("\"sh\"", "\"nosuch\"");
    for (List<String> options :
        List.of(List.of("--no-check"), List.of("--no-check", "--explain-errors"))) {
      Result result = run(options.toArray(new String[0]));
      assertEquals(1, result.status());
      List<String> lines = result.err().lines().toList();
      assertTrue(lines.get(0).contains("executable file not found in $PATH"), result.err());
      assertTrue(lines.get(1).startsWith(place("\"nosuch\"") + ": error: "), result.err());
    }
  }

  @Test
  void what_could_not_be_foreseen_is_explained_on_request() throws Exception {
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\\{", "{\"hooks\": {\"createRuntime\": [{\"path\": \"/bin/false\"}]},"));
    Result plain = run();
    assertEquals(1, plain.status());
    assertEquals(1, plain.err().lines().count(), plain.err());
    Result result = run("--explain-errors");
    assertEquals(1, result.status());
    List<String> lines = result.err().lines().toList();
    assertTrue(lines.get(0).contains("error running hook"), result.err());
    assertTrue(
        lines.get(1).startsWith(place("\"/bin/false\"") + ": error: hooks.createRuntime[0].path"),
        result.err());
    Result detached = run("--detach");
    assertEquals(1, detached.status());
    assertTrue(detached.err().contains("error running hook"), detached.err());
    assertTrue(
        detached.err().contains("\n" + place("\"/bin/false\"") + ": error: "), detached.err());
    nothing_is_left();
  }

  /// Whatever ends ocicap meanwhile: the log has no name any more.
  @Test
  void the_log_of_what_is_explained_cannot_be_left_behind() throws Exception {
    String look = "ls '" + directory + "' >'" + directory + "/seen'";
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\\{",
                "{\"hooks\": {\"createRuntime\": [{\"path\": \"/bin/sh\","
                    + " \"args\": [\"sh\", \"-c\", \""
                    + look
                    + "\"]}]},"));
    assertEquals(new Result(7, "", ""), run("--explain-errors"));
    List<String> seen = Files.readAllLines(directory.resolve("seen"));
    assertTrue(seen.contains("b") && seen.contains("s"), seen.toString());
    assertTrue(seen.stream().noneMatch(name -> name.endsWith(".log")), seen.toString());
  }

  private void nothing_is_left() throws IOException {
    try (Stream<Path> files = Files.walk(directory, 2)) {
      assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".log")).toList());
    }
  }

  @Test
  void a_program_that_the_kernel_does_not_know_is_pointed_out() throws Exception {
    Path program = Files.writeString(directory.resolve("b/rootfs/bin/x"), "echo x\n");
    assertTrue(program.toFile().setExecutable(true));
    change("\"sh\"", "\"/bin/x\"");
    for (String options : List.of("--debug=false", "--explain-errors")) {
      Result result = run(options.equals("--explain-errors") ? options : "--id=x");
      // With handlers of binfmt_misc somewhere it is likely to fail, without it is certain.
      assertTrue(result.status() == 1 || result.status() == 125, result.toString());
      List<String> lines = result.err().lines().toList();
      String blamed = place("\"/bin/x\"");
      int at = lines.get(0).startsWith(blamed) ? 0 : 1;
      assertTrue(lines.get(at).startsWith(blamed), result.err());
      assertEquals("  hint: file " + program, lines.get(at + 1));
      if (result.status() == 1) {
        assertEquals(options.equals("--explain-errors") ? 1 : 0, at, result.err());
        assertEquals("exec /bin/x: exec format error", lines.get(at == 0 ? 2 : 0));
      }
    }
    nothing_is_left();
  }

  /// crun 1.8 loses a running container when another one is to get its name.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_name_that_is_taken_is_refused_and_its_container_stays(String runtime) throws Exception {
    Containers.require(runtime);
    change("\"exit 7\"", "\"echo begun; exec sleep 60\"");
    Files.createSymbolicLink(directory.resolve("b/rootfs/bin/sleep"), Path.of("busybox"));
    String root = "--root=" + directory + "/s";
    List<String> start = List.of("run", "--runtime=" + runtime, root, "--id=taken", "b");
    Result begun = as(runtime, start, "--detach");
    assertEquals("taken\n", begun.out(), begun.err());
    try {
      for (List<String> options :
          List.of(List.<String>of(), List.of("--detach"), List.of("--detach", "--no-check"))) {
        Result refused = as(runtime, start, options.toArray(new String[0]));
        assertEquals(125, refused.status());
        assertEquals(
            "ocicap: error: there is a container 'taken' of "
                + runtime
                + " already\n  hint: ocicap --root "
                + directory
                + "/s delete taken\n",
            refused.err());
      }
      if (runtime.equals("runc")) {
        List<String> lines = as(runtime, start, "--no-check").err().lines().toList();
        assertTrue(lines.get(0).contains("container with given ID already exists"));
        assertTrue(lines.get(1).startsWith("ocicap: error: there is a container 'taken' of runc"));
      }
      Result docker =
          as(
              runtime,
              List.of("run", "--runtime=" + runtime, root, "--rootfs=b/rootfs"),
              "--",
              "docker",
              "run",
              "--name=taken",
              "busybox",
              "sh");
      assertEquals(125, docker.status());
      assertTrue(docker.err().contains("there is a container 'taken'"), docker.err());
      assertEquals("taken\n", as(runtime, List.of("list", "--quiet", root)).out());
      assertEquals("begun\n", as(runtime, List.of("logs", root, "taken")).out());
    } finally {
      assertEquals("", as(runtime, List.of("delete", "--force", root, "taken")).err());
    }
  }

  private Result as(String runtime, List<String> words, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", directory.toString()));
    command.addAll(Containers.prefix(runtime));
    command.add(Installation.built().launcher().toString());
    command.addAll(words);
    command.addAll(List.of(more));
    return Installation.execute(command, ENV);
  }

  /// Of a runtime of another name nothing is certain, and nothing is looked at. What a process
  /// costs varies by some milliseconds: the least of three comparisons counts.
  @Test
  void to_look_before_costs_less_than_10_ms_of_processor_time() throws Exception {
    for (String name : List.of("runc", "other")) {
      Files.createSymbolicLink(directory.resolve(name), Path.of("/bin/true"));
    }
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      double more = processorTime("./runc") - processorTime("./other");
      least = Math.min(least, more);
    }
    assertTrue(least < 10, least + " ms");
  }

  private static final int STARTS = 5;

  /// Milliseconds for one start.
  private double processorTime(String runtime) throws Exception {
    List<String> command =
        List.of(
            "sh",
            "-c",
            "cd \"$0\" && for i in \"$@\"; do \"$1\" run --runtime \"$2\" b; done; times",
            directory.toString(),
            Installation.built().launcher().toString(),
            runtime,
            "3",
            "4",
            "5");
    Result result = Installation.execute(command, ENV);
    assertEquals("", result.err());
    // The second line is the children's: `0m0.50s 0m0.12s`.
    double seconds = 0;
    for (String time : result.out().lines().toList().get(1).split(" ", -1)) {
      int minutes = time.indexOf('m');
      seconds +=
          60 * Double.parseDouble(time.substring(0, minutes))
              + Double.parseDouble(time.substring(minutes + 1, time.length() - 1));
    }
    return seconds * 1000 / STARTS;
  }

  @Test
  void what_runs_runs_as_ever() throws Exception {
    assertEquals(new Result(7, "", ""), run());
    assertEquals(new Result(7, "", ""), run("--no-check"));
    assertEquals(new Result(7, "", ""), run("--explain-errors"));
    nothing_is_left();
  }
}
