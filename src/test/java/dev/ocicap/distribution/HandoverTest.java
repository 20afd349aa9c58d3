package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// `ocicap run` against the same program started directly: `/proc/PID` must not tell them apart.
@Tag("distribution")
class HandoverTest {
  private static final Installation BUILT = Installation.built();
  private static final List<String> STARTERS = List.of("dash", "bash", "busybox sh", "java -jar");

  @TempDir Path directory;
  private Path runtime;
  private Path bundle;

  @BeforeEach
  void prepare() throws Exception {
    runtime = directory.resolve("the 'runtime'");
    Files.writeString(runtime, "#!/bin/sh\necho begun\nread -r line\nexit \"$line\"\n");
    assertTrue(runtime.toFile().setExecutable(true));
    bundle = directory.resolve("a 'b'\n$(touch x) \"c\" `d` \\ é");
    assertEquals(0, BUILT.ocicap("generate", "--bundle", bundle.toString()).status());
  }

  /// A surrounding: what the process is started through, and its environment.
  private record Surrounding(String name, List<String> wrapper, Map<String, String> environment) {}

  private static List<Surrounding> surroundings() {
    String path = System.getenv("PATH");
    Map<String, String> plain = Map.of("PATH", path, "HOME", "/root");
    StringBuilder bytes = new StringBuilder();
    for (char c = 1; c < 128; c++) {
      bytes.append(c);
    }
    return List.of(
        new Surrounding("an ordinary environment", List.of(), plain),
        new Surrounding("an empty environment", List.of(), Map.of()),
        new Surrounding(
            "names that are none in a shell",
            List.of(),
            Map.of("PATH", path, "a.b", "1", "x-y", "2", "f()", "3", "PWD", "/other")),
        new Surrounding(
            "names that a shell uses",
            List.of(),
            Map.of(
                "IFS",
                "abc",
                "PPID",
                "5",
                "OPTIND",
                "3",
                "SHLVL",
                "4",
                "PS4",
                "x",
                "OLDPWD",
                "/q",
                "LC_ALL",
                "C",
                "ocicap_plan",
                "x",
                "ocicap_java",
                "y")),
        new Surrounding(
            "every byte",
            List.of(),
            Map.of("PATH", path, "BYTES", bytes + "äöü€😀'\n", "a.b", "'\n" + bytes + "''\n\n")),
        new Surrounding(
            "ignored and blocked signals",
            List.of(
                "env",
                "--ignore-signal=PIPE,XFSZ,HUP,INT,USR1",
                "--block-signal=TERM,USR2,QUIT,WINCH"),
            plain),
        new Surrounding(
            "personality, scheduling and scores",
            List.of(
                "setarch",
                "-R",
                "choom",
                "-n",
                "300",
                "--",
                "ionice",
                "-c",
                "3",
                "chrt",
                "-b",
                "0",
                "sh",
                "-c",
                "echo 77777 >/proc/$$/timerslack_ns; echo 0x1 >/proc/$$/coredump_filter; exec \"$@\"",
                "sh"),
            plain),
        new Surrounding("a session of its own", List.of("setsid"), plain),
        new Surrounding(
            "open files",
            List.of("sh", "-c", "exec 3</etc/passwd 5</etc/group; exec \"$@\"", "sh"),
            plain),
        new Surrounding(
            "limits, mask and priority",
            List.of(
                "sh", "-c", "ulimit -c 0; ulimit -S -n 77; umask 027; exec nice -n 3 \"$@\"", "sh"),
            plain));
  }

  @TestFactory
  List<DynamicTest> the_runtime_begins_as_if_the_user_had_started_it() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Surrounding surrounding : surroundings()) {
      for (String starter : STARTERS) {
        tests.add(
            DynamicTest.dynamicTest(
                surrounding.name() + ", " + starter, () -> compare(surrounding, starter)));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> with_no_descriptor_for_a_plan_it_begins_likewise() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String starter : STARTERS) {
      List<String> wrapper =
          List.of(
              "sh", "-c", "exec 3</etc/passwd 4<&3 5<&3 6<&3 7<&3 8<&3 9<&3; exec \"$@\"", "sh");
      tests.add(
          DynamicTest.dynamicTest(
              starter,
              () ->
                  compare(
                      // A shell that the JVM replaces leaves PWD and SHLVL.
                      new Surrounding(
                          "",
                          wrapper,
                          Map.of("PATH", System.getenv("PATH"), "PWD", "/", "SHLVL", "1")),
                      starter)));
    }
    return tests;
  }

  private void compare(Surrounding surrounding, String starter) throws Exception {
    if (starter.startsWith("java")) {
      // Without the launcher a JVM in the C locale reads ASCII only.
      bundle = directory.resolve("a 'b'\n$(touch x) \"c\" `d` \\");
      BUILT.ocicap("generate", "--bundle", bundle.toString());
    }
    List<String> words = List.of("run", "--bundle=" + bundle, "some-id");
    List<String> direct = new ArrayList<>(surrounding.wrapper());
    direct.add(runtime.toString());
    direct.addAll(words);
    List<String> through = new ArrayList<>(surrounding.wrapper());
    if (starter.startsWith("java")) {
      through.addAll(
          List.of(System.getProperty("java.home") + "/bin/java", "-jar", BUILT.jar().toString()));
    } else {
      through.addAll(List.of(starter.split(" ", -1)));
      through.add(BUILT.launcher().toString());
    }
    through.addAll(
        List.of("run", "--runtime", runtime.toString(), "--id", "some-id", bundle.toString()));
    Map<String, String> expected = observe(direct, surrounding.environment());
    Map<String, String> observed = observe(through, surrounding.environment());
    if (starter.startsWith("java")) {
      // What only the launcher can know: a JVM alone takes its parent's limits for the user's.
      for (Map<String, String> values : List.of(expected, observed)) {
        values.keySet().removeIf(key -> key.startsWith("Max ") || FROM_LAUNCHER.contains(key));
      }
    }
    if (!surrounding.wrapper().isEmpty() && !starter.equals("dash")) {
      // Shells that count their levels.
      expected.remove("environment SHLVL");
      observed.remove("environment SHLVL");
    }
    assertEquals(lines(expected), lines(observed));
  }

  private static String lines(Map<String, String> values) {
    StringBuilder lines = new StringBuilder();
    values.forEach((key, value) -> lines.append(key).append(" = ").append(value).append('\n'));
    return lines.toString();
  }

  /// What the kernel says of the process that runs the fake runtime, while it waits; the process is
  /// the one that was started.
  private static Map<String, String> observe(List<String> command, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Path err = Files.createTempFile("handover", ".err");
    Process process = builder.redirectError(err.toFile()).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String begun = out.readLine();
    if (!"begun".equals(begun)) {
      fail(command + " printed " + begun + "\n" + Files.readString(err));
    }
    Map<String, String> observed = new TreeMap<>();
    Path proc = Path.of("/proc/" + process.pid());
    int count = 0;
    for (String word : split(proc.resolve("cmdline"))) {
      observed.put("argument " + count++, word);
    }
    for (String variable : split(proc.resolve("environ"))) {
      int equals = variable.indexOf('=');
      observed.put("environment " + variable.substring(0, equals), variable.substring(equals + 1));
    }
    observed.remove("environment _");
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.matches(
          "(SigBlk|SigIgn|SigCgt|Cap|Umask|NoNewPrivs|Seccomp|PPid|Uid|Gid|Groups|THP_enabled"
              + "|Speculation|Cpus_allowed|Mems_allowed|CoreDumping).*")) {
        observed.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
      }
    }
    observed.computeIfPresent("SigIgn", (key, mask) -> withoutLibrarySignals(mask));
    for (String line : Files.readAllLines(proc.resolve("limits"))) {
      observed.put(line.substring(0, 26).strip(), line.substring(26));
    }
    for (File descriptor : proc.resolve("fd").toFile().listFiles()) {
      observed.put(
          "descriptor " + descriptor.getName(),
          Files.readSymbolicLink(descriptor.toPath())
              .toString()
              .replaceAll("\\[\\d+\\]|\\d+\\.err", ""));
    }
    for (String file : SETTINGS) {
      if (Files.isReadable(proc.resolve(file))) {
        observed.put(file, Files.readString(proc.resolve(file)));
      }
    }
    for (File namespace : proc.resolve("ns").toFile().listFiles()) {
      observed.put(
          "namespace " + namespace.getName(),
          Files.readSymbolicLink(namespace.toPath()).toString());
    }
    // A process that is not dumpable belongs to root, whoever runs it (proc(5)).
    observed.put("owner", Files.getOwner(proc.resolve("environ")).getName());
    observed.put("coredump_filter", Files.readString(proc.resolve("coredump_filter")));
    observed.put("cwd", Files.readSymbolicLink(proc.resolve("cwd")).toString());
    String stat = Files.readString(proc.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    String pid = Long.toString(process.pid());
    List<String> kinds = List.of("process group", "session", "terminal");
    for (int i = 0; i < kinds.size(); i++) {
      observed.put(kinds.get(i), fields[2 + i].equals(pid) ? "its own" : fields[2 + i]);
    }
    observed.put("nice", fields[16]);
    observed.put("realtime priority, policy", fields[37] + " " + fields[38]);
    observed.put("input and output", ionice(process.pid()));
    observed.put("threads", fields[17]);
    process.getOutputStream().write("42\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(42, process.exitValue(), "the runtime's status");
    assertEquals("", Files.readString(err));
    Files.delete(err);
    return observed;
  }

  private static final List<String> FROM_LAUNCHER = List.of("SigIgn", "coredump_filter");

  private static final List<String> SETTINGS =
      List.of(
          "personality",
          "oom_score_adj",
          "timerslack_ns",
          "loginuid",
          "sessionid",
          "cpuset",
          "cgroup");

  private static String ionice(long pid) throws Exception {
    return Installation.execute(
            List.of("ionice", "-p", Long.toString(pid)), Map.of("PATH", "/usr/bin:/bin"))
        .out();
  }

  /// 32 and 33 belong to the C library, which does not let a program ignore them.
  private static String withoutLibrarySignals(String mask) {
    return Long.toHexString(Long.parseUnsignedLong(mask.strip(), 16) & ~(3L << 31));
  }

  private static List<String> split(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> parts = new ArrayList<>(List.of(text.split("\0", -1)));
    parts.removeLast();
    return parts;
  }

  @Test
  void a_signal_reaches_the_runtime() throws Exception {
    Files.writeString(runtime, "#!/bin/sh\ntrap 'exit 7' TERM\necho begun\nread -r line\nexit 1\n");
    Process process =
        new ProcessBuilder(
                BUILT.launcher().toString(),
                "run",
                "--runtime",
                runtime.toString(),
                bundle.toString())
            .start();
    assertEquals('b', process.getInputStream().read());
    process.destroy();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(7, process.exitValue());
  }

  @Test
  void a_signal_before_the_runtime_begins_ends_ocicap() throws Exception {
    Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho planning >&2\nread -r line\n");
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    ProcessBuilder builder = new ProcessBuilder(BUILT.launcher().toString(), "run", "x");
    builder.environment().put("OCICAP_JAVA_HOME", directory.resolve("jdk").toString());
    Process process = builder.start();
    assertEquals('p', process.getErrorStream().read());
    process.destroy();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    assertEquals(128 + 15, process.exitValue());
  }

  @Test
  void what_ocicap_prints_itself_is_no_plan() throws Exception {
    Installation.Result help = BUILT.ocicap("run", "--help");
    assertEquals(0, help.status());
    assertTrue(help.out().startsWith("Usage: ocicap run"));
    Installation.Result missing = BUILT.ocicap("run", "--runtime", "no-such", bundle.toString());
    assertEquals(127, missing.status());
    assertEquals("", missing.out());
    assertEquals(
        "ocicap: error: --runtime: no program 'no-such' was found",
        missing.err().lines().findFirst().orElse(""));
  }

  @Test
  void a_file_that_is_no_program_is_126_and_no_bundle_is_125() throws Exception {
    assertEquals(126, BUILT.ocicap("run", "--runtime", "/etc/passwd", bundle.toString()).status());
    assertEquals(125, BUILT.ocicap("run", "--runtime", "/bin/true", "/nonexistent").status());
  }

  @Test
  void a_closed_standard_output_is_closed_for_the_runtime_too() throws Exception {
    Path seen = directory.resolve("seen");
    Files.writeString(runtime, "#!/bin/sh\n[ -e /proc/$$/fd/1 ] || echo closed >'" + seen + "'\n");
    Installation.Result result =
        Installation.execute(
            List.of(
                "/bin/sh",
                "-c",
                "exec \"$@\" >&-",
                "sh",
                BUILT.launcher().toString(),
                "run",
                "--runtime",
                runtime.toString(),
                bundle.toString()),
            Map.of());
    assertEquals("", result.err());
    assertEquals("closed\n", Files.readString(seen));
  }
}
