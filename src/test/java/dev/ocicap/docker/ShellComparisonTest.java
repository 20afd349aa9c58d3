package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bash is the measure: what it gives to a program called `docker` is what ocicap reads. The texts
/// are the project's own and do no harm.
class ShellComparisonTest {
  private static final Path TEXTS = Path.of("src/test/resources/cases/docker/shell.txt");
  private static final Map<String, String> VARIABLES =
      Map.of("HOME", "/home/me", "TAG", "1.2", "EMPTY", "", "TWO", "a b", "USER", "me");

  /// Ends each word with a NUL, and each command with an empty word.
  private static final String DOCKER = "#!/bin/sh\nprintf '%s\\0' \"$@\" '' >>\"$RECORD\"\n";

  @TempDir Path directory;

  @Test
  void words_are_those_that_bash_gives_to_docker() throws Exception {
    Path programs = Files.createDirectory(directory.resolve("bin"));
    Path docker = Files.writeString(programs.resolve("docker"), DOCKER);
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    StringBuilder wrong = new StringBuilder();
    int number = 0;
    for (String text : Files.readString(TEXTS).split("(?m)^----\\n", -1)) {
      Path here = Files.createDirectory(directory.resolve("t" + number++));
      List<String> expected = bash(text, here, programs);
      List<String> actual = ocicap(text, here);
      if (!expected.equals(actual)) {
        wrong.append(text).append("bash ").append(expected);
        wrong.append("\nours ").append(actual).append("\n\n");
      }
    }
    assertEquals("", wrong.toString());
  }

  private List<String> bash(String text, Path here, Path programs) throws Exception {
    Path record = directory.resolve("record");
    Files.writeString(record, "");
    Path script = Files.writeString(directory.resolve("script"), text);
    Files.writeString(here.resolve("in.txt"), "");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--norc", "--noprofile", script.toString())
            .directory(here.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile());
    builder.environment().clear();
    builder.environment().putAll(VARIABLES);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("RECORD", record.toString());
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    String written = Files.readString(record, StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>(List.of(written.split("\0", -1)));
    words.removeLast();
    return words;
  }

  private static List<String> ocicap(String text, Path here) throws IOException {
    ClientEnvironment client =
        new ClientEnvironment(
            VARIABLES::get,
            here.toRealPath().toString(),
            ClientEnvironment.Stdin.UNKNOWN,
            null,
            HostFiles.local());
    List<String> words = new ArrayList<>();
    try {
      ShellScript script = new ShellScript("-", text, client);
      for (ShellScript.Invocation one = script.next(); one != null; one = script.next()) {
        words.addAll(one.words().subList(1, one.words().size()));
        words.add("");
      }
    } catch (OcicapException e) {
      words.add(e.problems().toString());
    }
    return words;
  }
}
