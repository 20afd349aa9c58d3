package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a runtime says of itself is asked once. The program here counts how often it is asked: once
/// for its version and once for its features each time.
class RuntimeProbeTest {
  @TempDir Path directory;
  private Path program;
  private Map<String, String> env = Map.of();

  @BeforeEach
  void prepare() throws IOException {
    program = directory.resolve("oci\nx");
    write("1.0");
    env = Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString());
  }

  private void write(String version) throws IOException {
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$1" >>"${0%/*}/asked"
        case $1 in
          --version) printf 'ocix version VERSION\\ncommit: x\\nspec: 1.2.0\\n' ;;
          features) echo '{"ociVersionMax": "1.2.0"}' ;;
        esac
        """
            .replace("VERSION", version));
    assertTrue(program.toFile().setExecutable(true));
    Files.setLastModifiedTime(program, FileTime.fromMillis(1_000_000_000_000L));
  }

  private RuntimeProbe probe() {
    return RuntimeProbe.of(new OciRuntime(program), env);
  }

  private int timesAsked() throws IOException {
    return Files.readAllLines(directory.resolve("asked")).size();
  }

  private Path cached() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("cache/ocicap"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  /// youki 0.7.0 answered so.
  @Test
  void a_colon_may_stand_before_the_version() {
    RuntimeProbe probe =
        new RuntimeProbe(
            "youki version: 0.7.0\ncommit: 0.7.0-bc787206\nspec: 1.1.0-dev\nrustc: 1.95.0\n",
            Optional.empty());
    assertEquals("youki", probe.name());
    assertEquals("0.7.0", probe.version());
    assertEquals("1.1.0-dev", probe.specVersion());
  }

  @Test
  void it_is_asked_once() throws IOException {
    RuntimeProbe first = probe();
    assertEquals("ocix", first.name());
    assertEquals("1.0", first.version());
    assertEquals("1.2.0", first.specVersion());
    assertEquals("{\"ociVersionMax\": \"1.2.0\"}\n", first.features().orElseThrow());
    assertEquals(first, probe());
    assertEquals(2, timesAsked());
  }

  @Test
  void it_is_asked_again_when_its_time_or_size_is_another() throws IOException {
    probe();
    write("2.0");
    assertEquals("1.0", probe().version(), "the same path, time and size");
    Files.setLastModifiedTime(program, FileTime.fromMillis(1_000_000_000_001L));
    assertEquals("2.0", probe().version());
    write("2.0.1");
    Files.setLastModifiedTime(program, FileTime.fromMillis(1_000_000_000_001L));
    assertEquals("2.0.1", probe().version());
    assertEquals(6, timesAsked());
  }

  @Test
  void a_torn_or_foreign_file_is_replaced() throws IOException {
    RuntimeProbe first = probe();
    String whole = Files.readString(cached());
    int asked = 2;
    List<String> bad =
        List.of(
            "",
            "\0\0\0",
            "{}",
            whole.substring(0, whole.length() - 1),
            whole.substring(0, whole.length() / 2),
            whole + "x",
            whole.replace(program.toString().replace("\n", "\\n"), "/sbin/runc"),
            whole.replaceFirst("\n\\d+ \\d+\nocix", "\n99999999999 1\nocix"),
            whole.replaceFirst("\n\\d+ \\d+\nocix", "\n2147483647 2147483647\nocix"));
    for (String text : bad) {
      Files.writeString(cached(), text);
      assertEquals(first, probe(), text);
      asked += 2;
      assertEquals(asked, timesAsked(), text);
      assertEquals(whole, Files.readString(cached()));
    }
    Files.write(cached(), "é".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(first, probe());
    Path link = cached();
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(link, elsewhere);
    Files.createSymbolicLink(link, elsewhere);
    assertEquals(first, probe());
    assertFalse(
        Files.isSymbolicLink(link), "a link is replaced, and what it points to is not read");
    assertEquals(asked + 4, timesAsked());
  }

  @Test
  void what_others_may_write_is_not_believed() throws IOException {
    probe();
    Files.setPosixFilePermissions(cached(), PosixFilePermissions.fromString("rw-rw-r--"));
    probe();
    assertEquals(4, timesAsked());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cached())));
    Path folder = cached().getParent();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path file = cached();
    FileTime written = Files.getLastModifiedTime(file);
    probe();
    assertEquals(6, timesAsked());
    assertEquals(written, Files.getLastModifiedTime(file), "nothing is written there either");
  }

  @Test
  void another_users_directory_is_not_believed() throws IOException {
    probe();
    ProbeCache mine = new ProbeCache(cached().getParent(), 0);
    ProbeCache theirs = new ProbeCache(cached().getParent(), 12345);
    boolean root = "root".equals(System.getProperty("user.name"));
    assertEquals(root, mine.find(program).isPresent());
    assertTrue(theirs.find(program).isEmpty());
  }

  @Test
  void without_a_place_for_the_cache_it_is_asked_each_time() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    int asked = 0;
    for (Map<String, String> none :
        List.of(
            Map.<String, String>of(),
            Map.of("HOME", "/nonexistent/home"),
            Map.of("XDG_CACHE_HOME", file.toString()),
            Map.of("XDG_CACHE_HOME", "relative", "HOME", ""))) {
      env = none;
      assertEquals("1.0", probe().version());
      assertEquals("1.0", probe().version());
      asked += 4;
      assertEquals(asked, timesAsked(), none.toString());
    }
    assertFalse(Files.exists(Path.of("/nonexistent")));
    assertFalse(Files.exists(Path.of("relative")));
    env = Map.of("HOME", Files.createDirectory(directory.resolve("home")).toString());
    probe();
    probe();
    assertEquals(asked + 2, timesAsked());
    assertTrue(Files.isDirectory(directory.resolve("home/.cache/ocicap")));
  }

  @Test
  void a_runtime_that_knows_no_features_is_asked_once_too() throws IOException {
    Files.writeString(
        program,
        "#!/bin/sh\necho x >>\"${0%/*}/asked\"\n[ $1 = --version ] && echo crun version 1.8.1\n");
    assertEquals(new RuntimeProbe("crun version 1.8.1\n", Optional.empty()), probe());
    assertEquals(new RuntimeProbe("crun version 1.8.1\n", Optional.empty()), probe());
    assertEquals(2, timesAsked());
  }

  @Test
  void a_runtime_that_fails_is_asked_again() throws IOException {
    Files.writeString(program, "#!/bin/sh\necho x >>\"${0%/*}/asked\"\nexit 1\n");
    assertEquals(new RuntimeProbe("", Optional.empty()), probe());
    assertEquals("", probe().name() + probe().version() + probe().specVersion());
    assertEquals(4, timesAsked());
  }

  @Test
  void what_cannot_be_executed_is_126() throws IOException {
    Files.writeString(program, "#!/nonexistent\n");
    OcicapException e = assertThrows(OcicapException.class, this::probe);
    assertEquals(ExitStatus.NOT_EXECUTABLE, e.status());
  }

  @Test
  void runc_and_crun_say_what_they_are() {
    RuntimeProbe runc =
        new RuntimeProbe(
            "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\ngo: go1.19.8\n",
            Optional.empty());
    assertEquals("runc 1.1.5+ds1 1.0.2-dev", words(runc));
    RuntimeProbe crun =
        new RuntimeProbe(
            "crun version 1.8.1\ncommit: f8a\nrundir: /run/crun\nspec: 1.0.0\n+SYSTEMD +CAP\n",
            Optional.empty());
    assertEquals("crun 1.8.1 1.0.0", words(crun));
    assertEquals("youki 0.5.4 ", words(new RuntimeProbe("youki version 0.5.4", Optional.empty())));
  }

  private static String words(RuntimeProbe probe) {
    return probe.name() + " " + probe.version() + " " + probe.specVersion();
  }

  @Test
  void each_installed_program_is_found_once() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path other = Files.createDirectories(directory.resolve("other"));
    Path runc = Files.copy(program, bin.resolve("runc"));
    Files.createSymbolicLink(other.resolve("runc"), runc);
    Files.createFile(other.resolve("crun"));
    Path youki = Files.copy(program, other.resolve("youki"));
    List<OciRuntime> found =
        OciRuntime.installed(Map.of("PATH", other + ":" + bin + ":" + other)).stream()
            .filter(runtime -> runtime.executable().startsWith(directory))
            .toList();
    assertEquals(List.of(new OciRuntime(other.resolve("runc")), new OciRuntime(youki)), found);
    assertEquals("youki", found.getLast().kind());
  }
}
