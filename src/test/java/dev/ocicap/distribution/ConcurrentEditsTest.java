package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many processes that edit one bundle at once.
@Tag("distribution")
class ConcurrentEditsTest {
  private static final Installation BUILT = Installation.built();
  private static final int PROCESSES = 16;
  private static final int ROUNDS = 3;

  @TempDir Path directory;

  @Test
  void one_of_them_wins_whole() throws Exception {
    Path config = directory.resolve("config.json");
    assertEquals(0, BUILT.ocicap("generate", "--bundle", directory.toString()).status());
    String template = Files.readString(config);
    for (int round = 0; round < ROUNDS; round++) {
      Set<String> possible = new HashSet<>();
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        // Names of different lengths: a mixture of two would have another length than either.
        String name = "host-" + round + "-" + "x".repeat(i + 1);
        possible.add(template.replace("\"runc\"", '"' + name + '"'));
        processes.add(
            new ProcessBuilder(
                    BUILT.launcher().toString(), "edit", "--hostname", name, directory.toString())
                .inheritIO()
                .start());
      }
      for (Process process : processes) {
        assertEquals(0, process.waitFor());
      }
      assertTrue(possible.contains(Files.readString(config)), Files.readString(config));
      try (Stream<Path> files = Files.list(directory)) {
        assertEquals(List.of(config), files.toList());
      }
    }
  }
}
