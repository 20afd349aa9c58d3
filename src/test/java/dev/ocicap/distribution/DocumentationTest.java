package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in `share`: the texts that the launcher prints for `--help`, manual pages, and
/// completion in real shells.
@Tag("distribution")
class DocumentationTest {
  private static final Installation BUILT = Installation.built();
  private static final Path SHARE = BUILT.home().resolve("share");

  /// With this environment no JVM starts.
  private static final Map<String, String> NO_JAVA = Map.of("OCICAP_JAVA_HOME", "/nonexistent");

  @TempDir Path directory;

  @Test
  void the_launcher_prints_help_without_a_jvm_and_the_jar_prints_the_same() throws Exception {
    assertEquals(java("--help"), BUILT.ocicap(NO_JAVA, "--help"));
    assertEquals(java("--help"), BUILT.ocicap(NO_JAVA, "help"));
    assertEquals(java("--help"), BUILT.ocicap(NO_JAVA, "-h"));
    for (String word : List.of("generate", "run", "sets")) {
      Installation.Result help = BUILT.ocicap(NO_JAVA, "help", word);
      assertEquals(0, help.status());
      assertEquals(java("help", word), help);
    }
    assertEquals(java("help", "edit"), BUILT.ocicap(NO_JAVA, "edit", "--help"));
    assertEquals(java("help", "edit"), BUILT.ocicap(NO_JAVA, "edit", "-h"));
  }

  @Test
  void a_word_that_nothing_is_named_after_is_answered_by_the_jvm() throws Exception {
    for (List<String> words :
        List.of(
            List.of("help", "set"),
            List.of("help", "../plain/overview"),
            List.of("help", ""),
            List.of("help", "a", "b"),
            List.of("sets", "--help"))) {
      Installation.Result result = BUILT.ocicap(words.toArray(new String[0]));
      assertEquals(java(words.toArray(new String[0])), result);
      assertEquals(2, result.status(), words.toString());
    }
  }

  @Test
  void help_that_cannot_be_written_fails_and_a_closed_pipe_ends_quietly() throws Exception {
    Installation.Result full = shell("exec \"$0\" --help >/dev/full");
    assertEquals(3, full.status());
    assertEquals("ocicap: error: cannot write to standard output\n", full.err());
    Installation.Result closed = shell("{ sleep 0.2; \"$0\" help generate; echo $? >&2; } | true");
    assertEquals("141\n", closed.err());
  }

  @Test
  void help_has_colours_on_a_terminal_unless_asked_otherwise() throws Exception {
    Containers.require("script");
    String escape = "\u001b[1mUsage:";
    assertTrue(onTerminal("TERM=xterm").contains(escape));
    assertTrue(!onTerminal("TERM=dumb").contains(escape));
    assertTrue(!onTerminal("TERM=xterm NO_COLOR=1").contains(escape));
  }

  private static String onTerminal(String environment) throws Exception {
    return shell("script -qec \"env " + environment + " '$0' --help\" /dev/null").out();
  }

  @Test
  void mandoc_finds_nothing_wrong_with_any_page() throws Exception {
    Containers.require("mandoc");
    List<String> command = new ArrayList<>(List.of("mandoc", "-T", "lint", "-W", "style"));
    List<Path> pages = pages();
    assertTrue(pages.size() > 20, pages.toString());
    for (Path page : pages) {
      command.add(page.toString());
    }
    assertEquals(
        new Installation.Result(0, "", ""),
        Installation.execute(command, Map.of("PATH", System.getenv("PATH"))));
  }

  @Test
  void man_shows_what_help_shows() throws Exception {
    Containers.require("man");
    for (Path page : pages()) {
      String name = page.getFileName().toString();
      Installation.Result shown =
          shell("MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l '" + page + "'");
      assertEquals("", shown.err(), name);
      assertTrue(shown.out().contains("SEE ALSO"), name);
    }
    String generate = shell("MANWIDTH=80 man -l '" + SHARE + "/man/man1/ocicap-generate.1'").out();
    assertTrue(generate.contains("--cap-add-ambient CAPABILITY"), generate);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(SHARE.resolve("man"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void bash_offers_values() throws Exception {
    states();
    check("bash");
    assertEquals(List.of("web.1"), bash("ocicap", "learn", "--root", "root", "--attach", "w"));
  }

  @Test
  void zsh_offers_values() throws Exception {
    Containers.require("zsh");
    states();
    check("zsh");
    assertEquals(List.of("web.1"), zsh("ocicap", "learn", "--root", "root", "--attach", "w"));
  }

  /// State directories of runtimes, one with a name that no runtime takes.
  private void states() throws IOException {
    for (String file : List.of("web.1/state.json", "db/status", "w$(x)/state.json", "wx/nothing")) {
      Path path = directory.resolve("root").resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "");
    }
  }

  private void check(String shell) throws Exception {
    assertEquals(List.of("generate"), complete(shell, "ocicap", "gen"));
    assertEquals(List.of("--hostname"), complete(shell, "ocicap", "generate", "--hostn"));
    assertEquals(List.of("podman"), complete(shell, "ocicap", "generate", "--from", "pod"));
    assertEquals(
        List.of("setfcap", "setgid", "setpcap", "setuid"),
        complete(shell, "ocicap", "generate", "--add", "set"));
    assertEquals(List.of("CAP_NET_RAW"), complete(shell, "ocicap", "edit", "--drop", "CAP_NET_R"));
    assertEquals(
        List.of("advice", "must", "should"), complete(shell, "ocicap", "validate", "--level", ""));
    assertEquals(List.of("capabilities", "caps"), complete(shell, "ocicap", "help", "ca"));
    assertEquals(
        List.of("capability-name-unknown"),
        complete(shell, "ocicap", "explain", "capability-name-u"));
    Containers.require("runc");
    assertEquals(List.of("runc"), complete(shell, "ocicap", "run", "--runtime", "run"));
  }

  private List<String> complete(String shell, String... words) throws Exception {
    return shell.equals("bash") ? bash(words) : zsh(words);
  }

  private List<String> bash(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/bash",
                "-c",
                "compopt() { :; }; cd \"$1\"; . \"$2\"; shift 2; COMP_WORDS=(\"$@\")"
                    + " COMP_CWORD=$(($# - 1)); _ocicap;"
                    + " [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"",
                "bash",
                directory.toString(),
                SHARE + "/bash-completion/completions/ocicap"));
    command.addAll(List.of(words));
    Installation.Result result =
        Installation.execute(command, Map.of("PATH", System.getenv("PATH")));
    assertEquals("", result.err());
    return List.copyOf(new TreeSet<>(result.out().lines().toList()));
  }

  private List<String> zsh(String... words) throws Exception {
    Path script = Path.of("src/test/resources/shell/complete.zsh").toAbsolutePath();
    Installation.Result result =
        Installation.execute(
            List.of(
                "/bin/sh",
                "-c",
                "cd \"$0\" && exec zsh -f \"$@\"",
                directory.toString(),
                script.toString(),
                SHARE + "/zsh/site-functions",
                String.join(" ", words)),
            Map.of("PATH", System.getenv("PATH"), "HOME", directory.toString(), "TERM", "dumb"));
    assertEquals("", result.err());
    return List.copyOf(new TreeSet<>(result.out().lines().toList()));
  }

  private static Installation.Result shell(String line) throws Exception {
    return Installation.execute(
        List.of("/bin/sh", "-c", line, BUILT.launcher().toString()),
        Map.of("PATH", System.getenv("PATH")));
  }

  private static Installation.Result java(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Dfile.encoding=UTF-8",
                "-jar",
                BUILT.jar().toString()));
    command.addAll(List.of(words));
    return Installation.execute(command, Map.of("LC_ALL", "C.UTF-8"));
  }
}
