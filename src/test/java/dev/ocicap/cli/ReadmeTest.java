package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the README to what it says: its examples are played, its tables compared.
class ReadmeTest {
  private static final Path README = Path.of("README.md");

  @TempDir Path directory;

  @Test
  void every_example_plays() throws IOException {
    Transcript transcript = new Transcript(directory);
    int played = 0;
    for (String block : blocks("```console\n")) {
      transcript.play(block);
      played++;
    }
    assertTrue(played > 3);
  }

  @Test
  void every_exit_status_is_listed() throws IOException {
    StringBuilder expected = new StringBuilder("| status | meaning |\n|---|---|\n");
    for (ExitStatus status : ExitStatus.values()) {
      expected.append("| " + status.code() + " | " + status.meaning() + " |\n");
    }
    assertTrue(Files.readString(README).contains(expected));
  }

  @Test
  void every_command_has_its_example() throws IOException {
    String text = Files.readString(README);
    List<String> missing = new ArrayList<>();
    for (String name : Commands.names()) {
      if (!text.contains("$ ocicap " + name) && !text.contains("| ocicap " + name)) {
        missing.add(name);
      }
    }
    assertEquals(List.of(), missing);
  }

  private static List<String> blocks(String opening) throws IOException {
    List<String> blocks = new ArrayList<>();
    String text = Files.readString(README);
    int start = text.indexOf(opening);
    while (start >= 0) {
      int from = start + opening.length();
      int end = text.indexOf("```", from);
      blocks.add(text.substring(from, end));
      start = text.indexOf(opening, end);
    }
    return blocks;
  }
}
