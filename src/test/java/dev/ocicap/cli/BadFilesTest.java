package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import dev.ocicap.spec.DefaultConfig;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that cannot be read or written: one line with the place, status 3, and what was there is
/// untouched.
class BadFilesTest {
  @TempDir Path directory;

  private record Outcome(int status, String err) {}

  private Outcome run(String... words) {
    InProcess.Outcome outcome = InProcess.PLAIN.in(directory).run("", words);
    return new Outcome(outcome.status(), outcome.err().replace(directory + "/", "").strip());
  }

  private Outcome edit(String... args) {
    List<String> words = new ArrayList<>(List.of("edit"));
    words.addAll(List.of(args));
    return run(words.toArray(new String[0]));
  }

  @Test
  void a_file_of_a_gibibyte_is_refused_before_it_is_read() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("big.json").toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    assertEquals(
        new Outcome(3, "big.json: error: larger than 16 MiB"), edit("big.json", "--hostname", "x"));
  }

  @Test
  void nesting_of_a_hundred_thousand_levels_is_refused_with_its_place() throws IOException {
    Files.writeString(directory.resolve("deep.json"), "{\"a\":" + "[".repeat(100_000));
    assertEquals(
        new Outcome(3, "deep.json:1:1005: error: nested deeper than 1000 levels"),
        edit("deep.json", "--hostname", "x"));
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused_with_their_place() throws IOException {
    Files.write(directory.resolve("latin.json"), new byte[] {'{', '\n', '"', (byte) 0xe4, '"'});
    assertEquals(
        new Outcome(3, "latin.json:2:2: error: a byte that is not UTF-8"),
        edit("latin.json", "--hostname", "x"));
  }

  @Test
  void a_directory_in_the_place_of_the_file_is_refused() throws IOException {
    Files.createDirectories(directory.resolve("box/config.json"));
    assertEquals(
        new Outcome(3, "box/config.json: error: cannot read: is a directory"),
        edit("box", "--hostname", "x"));
  }

  @Test
  void a_named_pipe_is_refused_and_not_waited_for() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, Containers.execute(List.of("mkfifo", pipe.toString()), Map.of()).status());
    Files.writeString(directory.resolve("config.json"), "{}");
    String refused =
        "pipe: error: is a named pipe, and reading it might wait for ever\n  hint: cat ";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertEquals(
              new Outcome(3, refused + "pipe | ocicap edit -"), edit("pipe", "--hostname", "x"));
          for (String option : List.of("--merge", "--patch", "--env-file", "--seccomp")) {
            assertEquals(
                new Outcome(3, refused + "pipe | ocicap … " + option + " -"),
                edit("config.json", option, "pipe"));
          }
        });
  }

  @Test
  void a_symbolic_link_to_nothing_is_followed_and_one_to_itself_is_refused() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("target.json"));
    assertEquals(0, generateTo("link").status());
    assertTrue(Files.isSymbolicLink(directory.resolve("link")));
    assertTrue(Files.isRegularFile(directory.resolve("target.json")));
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    assertEquals(
        new Outcome(3, "loop: error: cannot read: too many levels of symbolic links"),
        edit("loop", "--hostname", "x"));
  }

  @Test
  void a_document_that_grows_without_end_is_refused() throws IOException {
    Files.writeString(directory.resolve("config.json"), "{\"a\": {}}");
    Files.writeString(
        directory.resolve("bomb.json"),
        "["
            + "{\"op\": \"copy\", \"from\": \"\", \"path\": \"/a/b\"},".repeat(2000)
            + "{\"op\": \"add\", \"path\": \"/c\", \"value\": 1}]");
    Outcome patched = edit("config.json", "--patch", "bomb.json");
    assertEquals(3, patched.status(), patched.err());
    assertTrue(patched.err().endsWith("the document grows beyond what ocicap reads"));
    Outcome set = edit("config.json", "--set", "/a".repeat(50_000) + "=1");
    assertEquals(
        new Outcome(2, "ocicap: error: --set: a JSON pointer of more than 1000 steps"), set);
    assertEquals("{\"a\": {}}", Files.readString(directory.resolve("config.json")));
  }

  @Test
  void a_device_is_written_to_and_not_replaced() {
    Outcome generated = generateTo("/dev/null");
    assertEquals(0, generated.status(), generated.err());
    assertTrue(!Files.isRegularFile(Path.of("/dev/null")));
  }

  private Outcome generateTo(String file) {
    return run("generate", "--output", file);
  }

  @Test
  void a_full_disk_leaves_the_old_file() throws Exception {
    Containers.need("root".equals(System.getProperty("user.name")), "mounting needs root");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    List<String> mount = List.of("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", "" + disk);
    Containers.need(Containers.execute(mount, Map.of()).status() == 0, "no tmpfs can be mounted");
    try {
      Path file = disk.resolve("config.json");
      Files.writeString(file, DefaultConfig.runc(false).text());
      byte[] before = Files.readAllBytes(file);
      Files.write(disk.resolve("fill"), new byte[12_000]);
      Outcome outcome = edit("disk", "--set", "/x=\"" + "x".repeat(8192) + "\"");
      assertEquals(
          new Outcome(3, "disk/config.json: error: cannot write: no space left on device"),
          outcome);
      assertArrayEquals(before, Files.readAllBytes(file));
      try (Stream<Path> files = Files.list(disk)) {
        assertEquals(2, files.count(), "no part of the new file is left");
      }
    } finally {
      Containers.execute(List.of("umount", disk.toString()), Map.of());
    }
  }

  @Test
  void a_caller_without_permission_is_told_so() throws Exception {
    Containers.need("root".equals(System.getProperty("user.name")), "changing the user needs root");
    Path classes = Files.createDirectory(directory.resolve("classes"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.contains("classes") || entry.contains("picocli") || entry.contains("jackson")) {
        Containers.execute(List.of("cp", "-r", entry, classes.toString()), Map.of());
      }
    }
    Containers.execute(List.of("chmod", "-R", "a+rX", directory.toString()), Map.of());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = directory.resolve("config.json");
    Files.writeString(file, DefaultConfig.runc(false).text());
    assertTrue(asNobody(classes, file).contains("config.json: error: cannot write: permission"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertTrue(asNobody(classes, file).contains("config.json: error: cannot read: permission"));
    assertEquals(DefaultConfig.runc(false).text(), Files.readString(file));
  }

  private static String asNobody(Path classes, Path file) throws Exception {
    List<String> command =
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes + "/classes:" + classes + "/*",
            "dev.ocicap.cli.Main",
            "edit",
            file.toString(),
            "--add",
            "setuid");
    Containers.Result result = Containers.execute(command, Map.of());
    assertEquals(3, result.status(), result.err());
    return result.err();
  }
}
