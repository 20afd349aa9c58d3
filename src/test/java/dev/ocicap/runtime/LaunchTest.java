package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
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

/// The shell's part of a start, in the shells that `/bin/sh` may be, with programs in the runtime's
/// place.
class LaunchTest {
  @TempDir Path directory;
  private Path log = Path.of("");

  @BeforeEach
  void prepare() {
    log = directory.resolve("a 'b' $(x)\n.log");
  }

  /// Starts it as a handover would, with another shell than `/bin/sh`.
  private static Containers.Result start(String shell, Launch launch) throws Exception {
    List<String> words = new ArrayList<>(launch.words());
    assertEquals("/bin/sh", words.removeFirst());
    words.addAll(0, List.of(shell.split(" ", -1)));
    return Containers.execute(words, Map.of());
  }

  private static List<String> sh(String script) {
    return List.of("/bin/sh", "-c", script, "sh", "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void a_detached_runtime_keeps_its_output_and_then_the_name_is_printed(String shell)
      throws Exception {
    Containers.Result result =
        start(
            shell,
            new Launch(
                sh("read -r a; echo \"out $a\"; echo err >&2"), new Launch.Logged("my id", log)));
    assertEquals("my id\n", result.out());
    assertEquals("", result.err());
    assertEquals(0, result.status());
    assertEquals("out \nerr\n", Files.readString(log));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void a_detached_runtime_that_fails_is_heard(String shell) throws Exception {
    Containers.Result result =
        start(shell, new Launch(sh("echo no such thing >&2; exit 9"), new Launch.Logged("i", log)));
    assertEquals("", result.out());
    assertEquals("no such thing\n", result.err());
    assertEquals(9, result.status());
    assertFalse(Files.exists(log));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void the_name_is_printed_when_the_runtime_has_succeeded(String shell) throws Exception {
    Containers.Result result =
        start(shell, new Launch(sh("echo out; exit 0"), new Launch.Announced("i")));
    assertEquals("out\ni\n", result.out());
    Containers.Result failed =
        start(shell, new Launch(sh("echo out; exit 3"), new Launch.Announced("i")));
    assertEquals("out\n", failed.out());
    assertEquals(3, failed.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void a_watched_runtime_goes_on_in_a_session_of_its_own(String shell) throws Exception {
    Path pidFile = directory.resolve("pid");
    Path session = directory.resolve("session");
    Containers.Result result =
        start(
            shell,
            new Launch(
                sh(
                    "cut -d' ' -f 1,6 /proc/$$/stat >'"
                        + session
                        + "'; echo 1 >'"
                        + pidFile
                        + "'; sleep 1; echo end"),
                new Launch.Watched("i", log, pidFile, true)));
    assertEquals("i\n", result.out());
    assertEquals("", result.err());
    assertEquals(0, result.status());
    String[] ids = Files.readString(session).strip().split(" ", -1);
    assertEquals(ids[0], ids[1], "it leads its session");
    assertFalse(Files.exists(pidFile));
    assertEquals("", Files.readString(log), "it has not ended");
    for (int i = 0; i < 100 && Files.size(log) == 0; i++) {
      Thread.sleep(50);
    }
    assertEquals("end\n", Files.readString(log));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void a_watched_runtime_that_fails_is_heard(String shell) throws Exception {
    Path pidFile = directory.resolve("pid");
    Containers.Result result =
        start(
            shell,
            new Launch(sh("echo bad >&2; exit 5"), new Launch.Watched("i", log, pidFile, false)));
    assertEquals("", result.out());
    assertEquals("bad\n", result.err());
    assertEquals(5, result.status());
    assertFalse(Files.exists(log));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void a_file_for_the_runtime_is_gone_before_it_begins(String shell) throws Exception {
    Path file = Files.writeString(directory.resolve("a 'b'"), "text");
    Containers.Result result =
        start(
            shell,
            new Launch(
                sh("ls '" + file.toString().replace("'", "'\\''") + "'; cat /proc/self/fd/7"),
                new Launch.WithFile(file, 7, "text")));
    assertEquals("text", result.out());
    assertFalse(Files.exists(file));
  }

  @Test
  void a_printed_command_is_what_a_shell_would_run() throws Exception {
    List<String> command =
        List.of("printf", "%s|", "a b", "'", "$(id)", "`id`", "\n", "", "-", "é\u001b[31m\u202e\\");
    for (boolean shown : new boolean[] {false, true}) {
      String line = new Launch(command, new Launch.Own()).print(shown);
      Containers.Result result =
          Containers.execute(List.of("bash", "-c", line), Map.of("LC_ALL", "C.UTF-8"));
      assertEquals("a b|'|$(id)|`id`|\n||-|é\u001b[31m\u202e\\|", result.out());
      assertEquals(!shown, line.indexOf('\u001b') >= 0, "a terminal sees no control character");
    }
    assertEquals(
        "runc run x </dev/null",
        new Launch(List.of("runc", "run", "x"), new Launch.WithoutInput()).print(true));
    Path file = directory.resolve("o p");
    String kept = new Launch(List.of("echo", "x"), new Launch.Logged("i", file)).print(false);
    assertEquals("echo x </dev/null >>'" + file + "' 2>&1", kept);
    Containers.execute(List.of("sh", "-c", kept), Map.of());
    assertEquals("x\n", Files.readString(file));
    String with =
        new Launch(List.of("cat", "/proc/self/fd/9"), new Launch.WithFile(file, 9, "{\n $x\n}\n"))
            .print(false);
    for (String shell : List.of("dash", "bash")) {
      assertEquals("{\n $x\n}\n", Containers.execute(List.of(shell, "-c", with), Map.of()).out());
    }
    assertTrue(with.startsWith("cat /proc/self/fd/9 9<<'EOF'\n"));
  }
}
