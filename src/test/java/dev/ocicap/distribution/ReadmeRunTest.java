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
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Plays the examples of the README and of help that start containers: in a shell, with the
/// distribution on `PATH` and a busybox root file system in `rootfs`. `-Dgolden.update=true` writes
/// down what came, to be read before it is kept.
@Tag("distribution")
class ReadmeRunTest {
  private static final String OPENING = "```console run\n";

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> every_example_with_a_container_plays() throws IOException {
    Containers.require("runc");
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> files = Files.walk(Path.of("src/main/resources/help"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages) {
      if (Files.readString(page).contains(OPENING)) {
        tests.add(DynamicTest.dynamicTest(page.getFileName().toString(), () -> play(page)));
      }
    }
    assertTrue(tests.size() > 1);
    return tests;
  }

  /// Every example of a page in a folder of its own.
  private void play(Path page) throws IOException, InterruptedException {
    String text = Files.readString(page);
    StringBuilder whole = new StringBuilder();
    int end = 0;
    for (int start = text.indexOf(OPENING); start >= 0; start = text.indexOf(OPENING, end)) {
      whole.append(text, end, start + OPENING.length());
      end = text.indexOf("```", start + OPENING.length());
      Path folder = Files.createTempDirectory(directory, "example");
      Containers.rootfs(
          folder.resolve("rootfs"), "sh", "grep", "chown", "sleep", "httpd", "tar", "ls");
      for (String line : text.substring(start, end).lines().toList()) {
        if (line.startsWith("$ ")) {
          whole.append(line).append('\n').append(run(folder, line.substring(2)));
        }
      }
    }
    whole.append(text.substring(end));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(page, whole);
    }
    assertEquals(Files.readString(page), whole.toString());
  }

  private static String run(Path folder, String line) throws IOException, InterruptedException {
    String bin = Installation.built().home().resolve("bin").toString();
    Containers.Result result =
        Containers.execute(
            List.of("/bin/sh", "-c", "cd \"$0\" && eval \"$1\"", folder.toString(), line),
            Map.of("PATH", bin + ":" + System.getenv("PATH")));
    return result.out()
        + result.err()
        + (result.status() == 0 ? "" : "[" + result.status() + "]\n");
  }
}
