package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.containers.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plays the examples of the README that start containers: in a shell, with the distribution on
/// `PATH` and a busybox root file system in `rootfs`.
@Tag("distribution")
class ReadmeRunTest {
  private static final String OPENING = "```console run\n";

  @TempDir Path directory;

  @Test
  void every_example_with_a_container_plays() throws IOException, InterruptedException {
    Containers.require("runc");
    Containers.rootfs(
        directory.resolve("rootfs"), "sh", "grep", "chown", "sleep", "httpd", "tar", "ls");
    String readme = Files.readString(Path.of("README.md"));
    int examples = 0;
    int start = readme.indexOf(OPENING);
    while (start >= 0) {
      int end = readme.indexOf("```", start + OPENING.length());
      play(readme.substring(start + OPENING.length(), end));
      examples++;
      start = readme.indexOf(OPENING, end);
    }
    assertEquals(2, examples);
  }

  private void play(String example) throws IOException, InterruptedException {
    StringBuilder played = new StringBuilder();
    for (String line : example.lines().toList()) {
      if (line.startsWith("$ ")) {
        played.append(line).append('\n').append(run(line.substring(2)));
      }
    }
    assertEquals(example, played.toString());
  }

  private String run(String line) throws IOException, InterruptedException {
    String bin = Installation.built().home().resolve("bin").toString();
    Containers.Result result =
        Containers.execute(
            List.of("/bin/sh", "-c", "cd \"$0\" && eval \"$1\"", directory.toString(), line),
            Map.of("PATH", bin + ":" + System.getenv("PATH")));
    return result.out()
        + result.err()
        + (result.status() == 0 ? "" : "[" + result.status() + "]\n");
  }
}
