package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import dev.ocicap.containers.Containers.Result;
import dev.ocicap.json.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers of real runtimes through the distribution, from `create` to `delete`, and what is
/// left of them. Each test has a directory of its own for the runtime's state.
@Tag("distribution")
class LifecycleTest {
  /// Where the container of a docker command has its bundle.
  private static final Path TEMPORARY = Path.of("/run/ocicap");

  @TempDir Path directory;
  private String runtime = "";
  private Path root = Path.of("");

  private void begin(String name) throws IOException {
    Containers.require(name);
    runtime = name;
    root = Files.createDirectories(directory.resolve("state"));
  }

  @AfterEach
  void end() throws Exception {
    for (String id : names(root)) {
      ocicap("delete", "--force", id);
    }
  }

  private static List<String> names(Path folder) {
    String[] names = folder.toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  /// A bundle with busybox whose process is a shell's.
  private Path bundle(String name, String script, String... options) throws Exception {
    Path bundle = directory.resolve(name);
    List<String> words =
        new ArrayList<>(List.of("generate", "--bundle", bundle.toString(), "--terminal=false"));
    words.addAll(List.of(options));
    words.addAll(List.of("--", "sh", "-c", script));
    assertEquals(0, Installation.built().ocicap(words.toArray(new String[0])).status());
    Containers.rootfs(
        bundle.resolve("rootfs"), "sh", "cat", "grep", "sleep", "ls", "env", "stat", "stty", "tty");
    return bundle;
  }

  private List<String> command(String verb, String... words) {
    List<String> command = new ArrayList<>(Containers.prefix(runtime));
    command.addAll(
        List.of(
            Installation.built().launcher().toString(),
            verb,
            "--runtime",
            runtime,
            "--root",
            root.toString()));
    command.addAll(List.of(words));
    return command;
  }

  private Result ocicap(String verb, String... words) throws Exception {
    return Containers.execute(command(verb, words), Map.of());
  }

  /// The same, which must succeed without a word on standard error.
  private String output(String verb, String... words) throws Exception {
    Result result = ocicap(verb, words);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    return result.out();
  }

  /// What an image's labels say is shown before it runs, with what the options put in.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void the_command_in_a_label_runs(String name) throws Exception {
    begin(name);
    String image = Containers.rootfs(directory.resolve("rootfs"), "sh").toString();
    Path config =
        Files.writeString(
            directory.resolve("image.json"),
            """
            {"config": {"Labels": {
              "RUN": "docker run --network host ${OPT1} ${IMAGE} sh -c 'echo run $0 $A$B' ${OPT2}",
              "INSTALL": "docker run --network host --rm -e N=${NAME} -e D=${CONFDIR}\
             ${IMAGE} sh -c 'echo install $N $D'",
              "UNINSTALL": "docker run --network host ${IMAGE} sh -c 'exit 3'",
              "TWO": "docker run --network host ${IMAGE} sh; docker run ${IMAGE} sh",
              "OTHER": "rm -rf /nowhere"}}}
            """);
    record Expected(String label, int status, String out, String said) {}
    for (Expected one :
        List.of(
            new Expected(
                "RUN",
                0,
                "run zero 12\n",
                "docker run --network host -e A=1 -e B=2 rootfs sh -c 'echo run $0 $A$B' zero\n"),
            new Expected(
                "INSTALL",
                0,
                "install box /etc/box\n",
                "docker run --network host --rm -e N=box -e D=/etc/box rootfs sh -c 'echo install"
                    + " $N $D'\n"),
            new Expected(
                "UNINSTALL", 3, "", "docker run --network host rootfs sh -c 'exit 3'\n"))) {
      Result result =
          ocicap(
              "run",
              "--label",
              one.label(),
              "--image",
              image,
              "--image-config",
              config.toString(),
              "--name",
              "box",
              "--opt1",
              "-e A=1 -e B=2",
              "--opt2",
              "zero");
      String said = result.err();
      assertEquals(one.out(), result.out(), said);
      assertEquals(one.status(), result.status(), said);
      assertTrue(said.contains("note: " + one.label() + ": " + one.said()), said);
    }
    for (String label : List.of("TWO", "OTHER", "NONE")) {
      Result refused =
          ocicap("run", "--label", label, "--image", image, "--image-config", config.toString());
      assertEquals(125, refused.status(), refused.err());
      assertEquals("", refused.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_container_goes_through_its_life(String name) throws Exception {
    begin(name);
    Path bundle = bundle("life", "echo begun; exec sleep 60");
    assertEquals("life-1\n", output("create", "--id", "life-1", bundle.toString()));
    assertTrue(output("state", "life-1").contains("\"created\""));
    assertEquals("life-1\n", output("list", "--quiet"));
    assertEquals("", output("start", "life-1"));
    assertEquals(1, ocicap("start", "life-1").status(), "what has begun does not begin again");
    for (String signal : List.of("WINCH", "sigwinch", "28", "RTMIN+1", "35")) {
      assertEquals("", output("kill", "life-1", signal), "what it does not handle does no harm");
    }
    assertTrue(output("state", "--format", "text", "life-1").contains("\nstatus"));
    String json = output("list", "--format", "json");
    assertTrue(json.contains("\"id\": \"life-1\"") && json.contains("\"running\""), json);
    assertTrue(output("ps", "life-1").contains(" sleep "), "the table of its processes");
    assertEquals("", output("pause", "life-1"));
    assertTrue(output("list").contains(" paused "));
    assertEquals("", output("resume", "life-1"));
    assertEquals("", output("update", "--pids-limit", "30", "life-1"));
    Result second =
        ocicap("exec", "life-1", "sh", "-c", "echo \"$0 $*\"; exit 9", "-x", "--", "-y");
    assertEquals("-x -- -y\n", second.out());
    assertEquals(9, second.status());
    assertEquals("", output("kill", "life-1", "KILL"));
    assertEquals("begun\n", output("logs", "--follow", "life-1"));
    assertTrue(output("list").contains(" stopped "));
    assertFalse(ocicap("exec", "life-1", "true").status() == 0, "nothing starts in what has ended");
    for (String verb : List.of("start", "pause", "resume", "kill")) {
      Result late = ocicap(verb, "life-1");
      assertEquals(1, late.status(), verb);
      assertFalse(late.err().isEmpty(), verb);
    }
    assertEquals("", output("delete", "life-1"));
    assertEquals(List.of(), names(root));
    assertEquals(1, ocicap("delete", "life-1").status());
    assertEquals(125, ocicap("exec", "life-1", "true").status());
  }

  @Test
  void a_command_about_no_container_says_so() throws Exception {
    begin("runc");
    for (String verb :
        List.of("start", "state", "kill", "delete", "pause", "resume", "update", "ps", "logs")) {
      Result result =
          verb.equals("update") ? ocicap(verb, "--memory", "9m", "none") : ocicap(verb, "none");
      assertEquals(
          "ocicap: error: there is no container 'none' of runc in '"
              + root
              + "'\n  hint: ocicap --root "
              + root
              + " list\n",
          result.err(),
          verb);
      assertEquals(1, result.status(), verb);
      assertEquals("", result.out(), verb);
    }
    assertEquals(125, ocicap("exec", "none", "true").status());
    assertEquals("", output("delete", "--force", "none"), "it is gone, as was wanted");
    assertEquals("", output("list", "--quiet"));
    assertEquals("[]\n", output("list", "--format", "json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_detached_container_keeps_its_output_in_its_bundle(String name) throws Exception {
    begin(name);
    Path bundle = bundle("kept", "echo out; echo err >&2; cat; exec sleep 60");
    assertEquals("a\n", output("run", "--detach", "--id", "a", bundle.toString()));
    assertEquals("b\n", output("run", "-d", "--id", "b", bundle.toString()));
    for (String id : List.of("a", "b")) {
      output("kill", id, "KILL");
      assertEquals("out\nerr\n", output("logs", "-f", id));
      assertEquals("err\n", output("logs", "--tail", "1", id));
      Path log = bundle.resolve("output-" + id + ".log");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
      output("delete", id);
    }
    String generated = output("run", "-d", bundle.toString()).strip();
    assertTrue(generated.startsWith("kept-"), generated);
    output("delete", "--force", generated);
    // A bundle from elsewhere must not have root write where its author wants.
    Path victim = Files.writeString(directory.resolve("victim"), "mine");
    Files.createSymbolicLink(bundle.resolve("output-c.log"), victim);
    assertEquals(125, ocicap("run", "-d", "--id", "c", bundle.toString()).status());
    assertEquals("mine", Files.readString(victim));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_detached_container_that_cannot_start_says_why(String name) throws Exception {
    begin(name);
    Path bundle = bundle("bad", "true");
    Files.delete(bundle.resolve("rootfs/bin/sh"));
    Result result = ocicap("run", "-d", "--id", "bad", bundle.toString());
    assertEquals("", result.out());
    assertFalse(result.status() == 0);
    assertTrue(result.err().contains("sh"), result.err());
    assertEquals(List.of(), names(root));
    assertFalse(Files.exists(bundle.resolve("output-bad.log")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_detached_container_with_rm_goes_by_itself(String name) throws Exception {
    begin(name);
    Path bundle = bundle("gone", "echo out; read -r line <&- ; sleep 1");
    assertEquals("gone\n", output("run", "-d", "--rm", "--id", "gone", bundle.toString()));
    assertEquals(List.of("gone"), names(root));
    for (int i = 0; i < 200 && !names(root).isEmpty(); i++) {
      Thread.sleep(50);
    }
    assertEquals(List.of(), names(root));
    assertEquals("out\n", Files.readString(bundle.resolve("output-gone.log")).substring(0, 4));
    assertFalse(Files.exists(bundle.resolve("output-gone.log.pid")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void the_status_is_the_containers_own(String name) throws Exception {
    begin(name);
    for (int status : new int[] {0, 7, 137}) {
      Path bundle = bundle("status-" + status, "exit " + status);
      assertEquals(status, ocicap("run", bundle.toString()).status());
    }
    // The first process of a pid namespace is spared what it does not handle (pid_namespaces(7)).
    Path ended = bundle("ended", "kill -TERM $$", "--namespace-remove", "pid");
    assertEquals(128 + 15, ocicap("run", ended.toString()).status());
    Path bundle = bundle("killed", "echo begun; exec sleep 60");
    Process process = start("run", "--id", "killed", bundle.toString());
    try (BufferedReader out = reader(process)) {
      assertEquals("begun", out.readLine());
      output("kill", "killed", "KILL");
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    }
    assertEquals(137, process.exitValue());
    assertEquals(List.of(), names(root));
  }

  private Process start(String verb, String... words) throws IOException {
    return new ProcessBuilder(command(verb, words))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void signals_reach_the_container(String name) throws Exception {
    begin(name);
    Path bundle =
        bundle(
            "signals",
            "for s in TERM INT HUP WINCH USR1; do trap \"echo $s\" $s; done; echo begun; n=0;"
                + " while [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done");
    Process process = start("run", "--id", "signals", bundle.toString());
    try (BufferedReader out = reader(process)) {
      assertEquals("begun", out.readLine());
      // runc takes a change of the window for one of its own terminal.
      List<String> forwarded =
          name.equals("runc")
              ? List.of("HUP", "INT", "TERM", "USR1")
              : List.of("WINCH", "HUP", "INT", "TERM", "USR1");
      for (String signal : forwarded) {
        Containers.execute(List.of("kill", "-s", signal, Long.toString(process.pid())), Map.of());
        assertEquals(signal, out.readLine());
      }
      output("kill", "signals", "9");
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_terminal_is_the_containers(String name) throws Exception {
    begin(name);
    Containers.need(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
    Path bundle =
        bundle(
            "terminal",
            "trap 'echo window; stty size' WINCH; trap 'echo interrupted' INT; tty; read -r line; echo \"got $line\";"
                + " n=0; while [ $n -lt 50 ]; do sleep 0.1; n=$((n + 1)); done");
    Installation.built().ocicap("edit", bundle.toString(), "--terminal");
    StringBuilder line = new StringBuilder("stty rows 33 cols 77; exec");
    for (String word : command("run", "--id", "terminal", bundle.toString())) {
      line.append(" '").append(word.replace("'", "'\\''")).append('\'');
    }
    Process process =
        new ProcessBuilder("script", "-qec", line.toString(), "/dev/null")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    try (BufferedReader out = reader(process)) {
      assertTrue(read(out, "got hello").contains("/dev/"));
      // The terminal that script(1) made is that of its child, which has become the runtime.
      Path terminal = Path.of("");
      for (String pid : names(Path.of("/proc"))) {
        if (Character.isDigit(pid.charAt(0)) && line(pid).contains("\0terminal\0")) {
          terminal = Files.readSymbolicLink(Path.of("/proc", pid, "fd/0"));
        }
      }
      assertTrue(terminal.startsWith("/dev/pts"), terminal.toString());
      Containers.execute(
          List.of("stty", "-F", terminal.toString(), "rows", "40", "cols", "99"), Map.of());
      // crun 1.8 passes on the signal and not the size.
      read(out, name.equals("crun") ? "window" : "40 99");
      // Control-C, which the terminal inside makes a signal of.
      process.getOutputStream().write(3);
      process.getOutputStream().flush();
      read(out, "interrupted");
    }
    process.destroy();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
  }

  /// The lines up to one that holds a text.
  private static String read(BufferedReader out, String end) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String text = out.readLine(); text != null; text = out.readLine()) {
      seen.append(text.strip()).append('\n');
      if (text.contains(end)) {
        return seen.toString();
      }
    }
    throw new AssertionError(seen.toString());
  }

  /// The command line of a runtime, or nothing.
  private static String line(String pid) {
    try {
      String line = Files.readString(Path.of("/proc", pid, "cmdline"));
      return line.contains("\0run\0") && !line.contains("ocicap") ? line : "";
    } catch (IOException e) {
      return "";
    }
  }

  /// What the process inside sees of who started it. The runtime is asked with the same words.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void the_process_inside_cannot_tell_ocicap_from_the_runtime(String name) throws Exception {
    begin(name);
    Path bundle =
        bundle(
            "inside",
            "grep -E '^(Sig[BIC]|Shd|Groups|Umask|NoNew|Seccomp:|Cap)' /proc/$$/status;"
                + " for f in /proc/$$/fd/*; do echo \"${f##*/}\"; done; env; ls -l /proc/1/cwd;"
                + " cat /proc/$$/limits /proc/$$/oom_score_adj /proc/$$/coredump_filter");
    List<List<String>> wrappers = new ArrayList<>();
    wrappers.add(List.of());
    wrappers.add(List.of("nohup"));
    wrappers.add(List.of("sh", "-c", "exec 3</etc/passwd 5</etc/group; exec \"$@\"", "sh"));
    for (String signals : List.of("CHLD", "PIPE,XFSZ,HUP,INT,QUIT,TERM,USR1,WINCH,TTOU")) {
      wrappers.add(List.of("env", "--ignore-signal=" + signals));
      wrappers.add(List.of("env", "--block-signal=" + signals));
    }
    for (List<String> wrapper : wrappers) {
      List<String> direct = new ArrayList<>(wrapper);
      direct.addAll(Containers.prefix(name));
      direct.addAll(
          List.of(name, "--root", root.toString(), "run", "--bundle", bundle.toString(), "i"));
      List<String> through = new ArrayList<>(wrapper);
      through.addAll(command("run", "--id", "i", bundle.toString()));
      Map<String, String> env = Map.of("JAVA_TOOL_OPTIONS", "-Dx=y", "OCICAP_X", "1");
      Result expected = Containers.execute(direct, Map.of());
      assertTrue(expected.out().contains("SigIgn"), expected + "");
      Result observed = Containers.execute(through, env);
      assertEquals(expected.out(), observed.out(), wrapper.toString());
      assertEquals(expected.status(), observed.status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void an_entering_process_gets_what_was_added_and_works_for_its_user(String name)
      throws Exception {
    begin(name);
    Path bundle = bundle("more", "exec sleep 60", "--drop", "all", "--add", "kill");
    output("run", "-d", "--id", "more", bundle.toString());
    // Bits 5, kill, and 13, net_raw (linux/capability.h).
    assertEquals(
        Map.of(
            "CapInh", "0000000000000000",
            "CapPrm", "0000000000000020",
            "CapEff", "0000000000000020",
            "CapBnd", "0000000000000020",
            "CapAmb", "0000000000000000"),
        sets(ocicap("exec", "more", "grep", "Cap", "/proc/self/status")));
    Result root = ocicap("exec", "--cap-add", "NET_RAW", "more", "cat", "/proc/self/status");
    assertEquals(
        Map.of(
            "CapInh", "0000000000000000",
            "CapPrm", "0000000000002020",
            "CapEff", "0000000000002020",
            "CapBnd", "0000000000002020",
            "CapAmb", "0000000000000000"),
        sets(root));
    assertEquals(
        "ocicap: warning: --cap-add: the container's bounding set lacks net_raw: the process will"
            + " have what nothing else in the container can get\n",
        root.err());
    Result user =
        ocicap("exec", "-u", "1000", "--cap", "cap_net_raw", "more", "cat", "/proc/self/status");
    assertEquals(
        Map.of(
            "CapInh", "0000000000002000",
            "CapPrm", "0000000000002000",
            "CapEff", "0000000000002000",
            "CapBnd", "0000000000002020",
            "CapAmb", "0000000000002000"),
        sets(user));
    Result fewer =
        ocicap("exec", "--cap-drop", "kill", "-e", "A=b", "more", "cat", "/proc/self/status");
    assertEquals("", fewer.err());
    assertEquals(1, Set.copyOf(sets(fewer).values()).size());
    assertEquals("0000000000000000", sets(fewer).get("CapBnd"));
    String env = output("exec", "-e", "A=b", "--env", "B=c d", "more", "env");
    for (String variable : List.of("PATH=", "A=b\n", "B=c d\n")) {
      assertTrue(env.contains(variable), "the container's own variables stay: " + env);
    }
    Result within = ocicap("exec", "--cap-add", "kill", "more", "sh", "-c", "exit 5", "--help");
    assertEquals("", within.err());
    assertEquals(5, within.status());
    String descriptors =
        output("exec", "--cap-add", "kill", "more", "sh", "-c", "echo /proc/$$/fd/*");
    assertFalse(descriptors.contains("/9"), descriptors);
    assertTrue(
        names(TEMPORARY).stream().noneMatch(file -> file.endsWith(".process.json")),
        "the runtime's file is gone");
  }

  @Test
  void runtimes_that_share_a_place_are_listed_together() throws Exception {
    begin("crun");
    Path bundle = bundle("shared", "exec sleep 60");
    for (String name : List.of("runc", "crun")) {
      begin(name);
      assertEquals("of-" + name + "\n", output("run", "-d", "--id", "of-" + name, bundle + ""));
    }
    List<String> all = new ArrayList<>(Containers.prefix("crun"));
    all.add(Installation.built().launcher().toString());
    Result list = with(all, "list", "--quiet", "--root", root.toString());
    assertEquals("", list.err());
    assertEquals(List.of("of-crun", "of-runc"), list.out().lines().sorted().toList());
    for (String name : List.of("runc", "crun")) {
      Result deleted = with(all, "delete", "--force", "--root", root.toString(), "of-" + name);
      assertEquals(new Result(0, "", ""), deleted, "found without naming the runtime");
    }
  }

  private static Map<String, String> sets(Result result) {
    Map<String, String> sets = result.procStatus();
    sets.keySet().removeIf(key -> !key.startsWith("Cap"));
    return sets;
  }

  /// Without a range of subordinate ids there is one user inside, whom the kernel takes for nobody
  /// outside.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void an_ordinary_user_runs_containers(String name) throws Exception {
    begin(name);
    Containers.need(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    Path bundle =
        bundle("rootless", "grep -E 'Uid|CapEff' /proc/self/status; exit 7", "--drop", "all");
    assertEquals(
        0,
        Containers.execute(List.of("chown", "-R", "65534:65534", directory.toString()), Map.of())
            .status());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.delete(bundle.resolve("config.json"));
    String own = directory.resolve("run").toString();
    List<String> user = new ArrayList<>(Containers.prefix(name));
    user.addAll(
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "env",
            "HOME=" + own,
            "XDG_RUNTIME_DIR=" + own,
            Installation.built().launcher().toString()));
    Files.createDirectory(Path.of(own));
    assertEquals(0, Containers.execute(List.of("chown", "65534:65534", own), Map.of()).status());
    Result made =
        with(
            user,
            "generate",
            "--rootless",
            "--terminal=false",
            "--drop=all",
            "--output=" + bundle.resolve("config.json"),
            "--",
            "sh",
            "-c",
            "grep -E 'Uid|CapEff' /proc/self/status; exit 7");
    assertEquals(0, made.status(), made.err());
    Result ran = with(user, "run", "--runtime", name, bundle.toString());
    assertEquals("0\t0\t0\t0", ran.procStatus().get("Uid"), ran.toString());
    assertEquals("0000000000000000", ran.procStatus().get("CapEff"));
    assertEquals(7, ran.status());
    assertEquals(0, with(user, "edit", bundle.toString(), "--memory", "64m").status());
    Result limited = with(user, "run", "--runtime", name, bundle.toString());
    assertTrue(
        limited
            .err()
            .contains("linux.resources.memory cannot be limited: this user was not given the"),
        limited.toString());
    assertTrue(name.equals("crun") || limited.status() == 125, limited.toString());
    assertEquals(0, with(user, "edit", bundle.toString(), "--unset=/linux/resources").status());
    Result edited = with(user, "edit", bundle.toString(), "--args", "sleep", "--args", "60");
    assertEquals(0, edited.status(), edited.err());
    assertEquals("r\n", with(user, "run", "--runtime", name, "-d", "--id=r", bundle + "").out());
    assertEquals("r\n", with(user, "list", "--quiet").out(), "found without naming the runtime");
    Result entered = with(user, "exec", "--cap-add=kill", "r", "cat", "/proc/self/status");
    assertEquals("0000000000000020", entered.procStatus().get("CapEff"), entered.err());
    assertEquals(0, with(user, "delete", "--force", "r").status());
    goesThroughItsLife(user, name, bundle);
    assertEquals("", with(user, "list", "--quiet").out());
    dockersBundleBecomesRootless(user, name, bundle.resolve("rootfs"));
  }

  private static void goesThroughItsLife(List<String> user, String name, Path bundle)
      throws Exception {
    Result created = with(user, "create", "--runtime", name, "--id", "c", bundle.toString());
    assertEquals(0, created.status(), created.err());
    assertEquals(
        "created",
        JsonText.parse("s", with(user, "state", "c").out()).root().path("status").asText());
    assertEquals(0, with(user, "start", "c").status());
    assertEquals(
        "running",
        JsonText.parse("s", with(user, "state", "c").out()).root().path("status").asText());
    assertEquals(0, with(user, "logs", "c").status());
    assertEquals(0, with(user, "kill", "c", "KILL").status());
    assertEquals(0, with(user, "delete", "--force", "c").status());
  }

  /// What is for root is refused in one sentence, not one for each capability.
  private static void dockersBundleBecomesRootless(List<String> user, String name, Path rootfs)
      throws Exception {
    String bundle = rootfs.resolveSibling("docker").toString();
    List<String> convert =
        new ArrayList<>(List.of("convert", "-b", bundle, "--rootfs", "" + rootfs));
    convert.addAll(List.of("--", "docker", "run", "--network", "none", "x"));
    convert.addAll(List.of("cat", "/proc/self/status"));
    Result converted = with(user, convert.toArray(new String[0]));
    assertEquals(0, converted.status(), converted.err());
    if (name.equals("runc")) {
      Result refused = with(user, "run", "--runtime", name, bundle);
      assertEquals(125, refused.status(), refused.err());
      assertTrue(refused.err().contains("ocicap edit --rootless " + bundle), refused.err());
      assertFalse(refused.err().contains("CAP_"), refused.err());
    }
    Result edited =
        with(user, "edit", "--rootless", "--unset", "/process/user/additionalGids", bundle);
    assertEquals(0, edited.status(), edited.err());
    Result ran = with(user, "run", "--runtime", name, bundle);
    assertEquals(0, ran.status(), ran.err());
    assertEquals("00000000a80425fb", ran.procStatus().get("CapEff"));
  }

  private static Result with(List<String> prefix, String... words) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(words));
    return Containers.execute(command, Map.of());
  }

  @Test
  void other_systems_say_that_they_have_no_containers() throws Exception {
    for (String verb : List.of("run", "start", "exec", "delete", "list")) {
      Result result =
          Containers.execute(
              List.of(
                  System.getProperty("java.home") + "/bin/java",
                  "-Dos.name=Mac OS X",
                  "-jar",
                  Installation.built().jar().toString(),
                  verb,
                  verb.equals("list") ? "-q" : "x",
                  verb.equals("exec") ? "sh" : "--debug"),
              Map.of());
      assertEquals(125, result.status(), result.err());
      assertEquals(
          "ocicap: error: '"
              + verb
              + "' needs Linux, where containers are processes, and this is Mac OS X: start the"
              + " bundle on a Linux machine or in a virtual one\n",
          result.err());
    }
  }

  /// What a container leaves, by its name: state, control groups, a temporary bundle, processes.
  private List<String> remains(String id) throws IOException {
    List<String> remains = new ArrayList<>();
    for (String name : names(root)) {
      if (name.equals(id)) {
        remains.add("state " + names(root.resolve(id)));
      }
    }
    if (Files.exists(TEMPORARY.resolve(id))) {
      remains.add("a temporary bundle");
    }
    for (String hierarchy : names(Path.of("/sys/fs/cgroup"))) {
      Path group = Path.of("/sys/fs/cgroup", hierarchy, id);
      if (Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
        remains.add(group.toString());
      }
    }
    for (String pid : names(Path.of("/proc"))) {
      if (Character.isDigit(pid.charAt(0))) {
        try {
          if (Files.readString(Path.of("/proc", pid, "cgroup")).contains("/" + id + "\n")) {
            remains.add("process " + pid);
          }
        } catch (IOException e) {
          // It ended meanwhile.
        }
      }
    }
    return remains;
  }

  /// The options and the words of a docker command, whose bundle goes with its container.
  private static String[] docker(String id, Path rootfs, String... program) {
    List<String> words = new ArrayList<>(List.of("--id", id, "--rootfs", rootfs.toString()));
    words.addAll(List.of("--target-host", "recursive-readonly=no", "--"));
    words.addAll(List.of("docker", "run", "--network", "none", "busybox"));
    words.addAll(List.of(program));
    return words.toArray(new String[0]);
  }

  /// Every file below a directory, with what its metadata and its content say.
  private static List<String> contents(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<String> contents = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        contents.add(
            file
                + " "
                + Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                + " "
                + Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                + " "
                + (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0));
      }
      return contents;
    }
  }

  /// What a container does to its root file system is nobody else's, and gone with it.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void an_image_is_the_same_after_a_container_changed_everything(String name) throws Exception {
    begin(name);
    Containers.require("umoci");
    Path rootfs = bundle("archived", "true").resolve("rootfs");
    Files.writeString(rootfs.resolve("data"), "data");
    Files.setPosixFilePermissions(rootfs, PosixFilePermissions.fromString("rwxr-x--x"));
    Path archive = directory.resolve("rootfs.tar");
    assertEquals(
        0,
        Containers.execute(
                List.of("tar", "-c", "-f", archive.toString(), "-C", rootfs.toString(), "."),
                Map.of())
            .status());
    Map<String, String> env = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
    String mark = "i" + ProcessHandle.current().pid() + "-" + name;
    List<String> words = new ArrayList<>(List.of("--image", "rootfs-archive:" + archive));
    words.addAll(List.of("--target-host", "recursive-readonly=no"));
    words.addAll(List.of("--", "docker", "run", "--rm", "--network", "none", "--name"));
    words.addAll(
        List.of(
            mark,
            "busybox",
            "sh",
            "-c",
            "stat -c %a /; cat /data; ls /new; echo x >/new; echo y >/data; rm /bin/cat"));
    long mounts = mounts();
    Path images = directory.resolve("cache/ocicap/images");
    List<String> before = List.of();
    for (int i = 0; i < 3; i++) {
      Result result = Containers.execute(command("run", words.toArray(new String[0])), env);
      assertEquals("751\ndata", result.out());
      assertTrue(result.err().contains("/new: No such file"), result.err());
      assertEquals(List.of(), remains(mark));
      before = i == 0 ? contents(images) : before;
      assertEquals(before, contents(images));
    }
    assertTrue(mounts() <= mounts, "no mount is left");
  }

  /// Its root file system is mounted where only the container is.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void what_a_container_sees_is_seen_from_outside(String name) throws Exception {
    begin(name);
    Path rootfs = bundle("seen", "true").resolve("rootfs");
    Path archive = directory.resolve("rootfs.tar");
    Result packed =
        Containers.execute(
            List.of("tar", "-c", "-f", archive.toString(), "-C", rootfs.toString(), "."), Map.of());
    assertEquals(0, packed.status());
    Map<String, String> env = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
    String id = "s" + ProcessHandle.current().pid() + "-" + name;
    List<String> words = new ArrayList<>(List.of("--image", "rootfs-archive:" + archive, "-d"));
    words.addAll(List.of("--target-host", "recursive-readonly=no"));
    words.addAll(List.of("--", "docker", "run", "--network", "none", "--name", id, "busybox"));
    words.addAll(List.of("sleep", "60"));
    Result begun = Containers.execute(command("run", words.toArray(new String[0])), env);
    assertEquals(id + "\n", begun.out(), begun.err());
    try {
      String bundle = TEMPORARY.resolve(id).toString();
      Installation.Result predicted = Installation.built().ocicap("predict", bundle);
      assertTrue(predicted.out().contains("\nprogram /bin/busybox: "), predicted.toString());
      Installation.Result checked =
          Installation.built().ocicap("validate", "--host", "--level=must", bundle);
      assertEquals("", checked.out() + checked.err());
    } finally {
      output("delete", "--force", id);
    }
    assertEquals(List.of(), remains(id));
  }

  /// How many mounts are ocicap's or lie in the test's directory; other programs make some too.
  private long mounts() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .filter(line -> line.contains("/ocicap") || line.contains(directory.toString()))
          .count();
    }
  }

  /// As often as `-Docicap.runs` says.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void many_runs_leave_nothing(String name) throws Exception {
    begin(name);
    Path bundle = bundle("many", "echo x");
    Path rootfs = bundle.resolve("rootfs");
    List<String> before = names(bundle);
    long mounts = mounts();
    int runs = Integer.getInteger("ocicap.runs", 6);
    String mark = "m" + ProcessHandle.current().pid() + "-";
    for (int i = 0; i < runs; i++) {
      String id = mark + name + i;
      Result result =
          i % 2 == 0
              ? ocicap("run", "--id", id, bundle.toString())
              : ocicap("run", docker(id, rootfs, "sh", "-c", "echo x"));
      assertEquals("x\n", result.out(), result.err());
      assertEquals(List.of(), remains(id));
    }
    assertEquals(List.of(), names(root));
    assertEquals(before, names(bundle));
    assertTrue(mounts() <= mounts, "no mount is left");
    assertTrue(names(TEMPORARY).stream().noneMatch(file -> file.startsWith(mark)));
  }

  /// The JVM that was asked for a plan ends when it finds nobody to read it.
  private static void awaitEndOfPlanning(String id) throws Exception {
    boolean planning = true;
    for (int i = 0; i < 200 && planning; i++) {
      Thread.sleep(50);
      planning = false;
      for (String pid : names(Path.of("/proc"))) {
        if (Character.isDigit(pid.charAt(0))) {
          try {
            String line = Files.readString(Path.of("/proc", pid, "cmdline"));
            planning |= line.contains("ocicap.plan") && line.contains("\0" + id + "\0");
          } catch (IOException e) {
            // It has ended.
          }
        }
      }
    }
    assertFalse(planning);
  }

  /// As often as `-Docicap.kills` says, at moments spread over the start of the JVM and of the
  /// container.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void what_a_kill_leaves_is_deleted(String name) throws Exception {
    begin(name);
    Path bundle = bundle("killed", "exec sleep 60");
    Random random = new Random(7);
    int kills = Integer.getInteger("ocicap.kills", 6);
    String mark = "k" + ProcessHandle.current().pid() + "-" + name;
    for (int i = 0; i < kills; i++) {
      String id = mark + i;
      Process process =
          i % 2 == 0
              ? start("run", "--id", id, bundle.toString())
              : start("run", docker(id, bundle.resolve("rootfs"), "sleep", "60"));
      Thread.sleep(random.nextInt(400));
      process.destroyForcibly();
      assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      awaitEndOfPlanning(id);
      Result deleted = ocicap("delete", "--force", id);
      assertEquals("", deleted.err());
      assertEquals(0, deleted.status());
      assertEquals(List.of(), remains(id), "kill " + i);
    }
    assertEquals(List.of(), names(root));
  }
}
