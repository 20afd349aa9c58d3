package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.docker.DockerFlag;
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

  /// Rewritten with `-Dgolden.update=true`.
  @Test
  void every_docker_flag_is_listed_with_what_becomes_of_it() throws IOException {
    StringBuilder table = new StringBuilder("| flag | in a bundle |\n|---|---|\n");
    for (DockerFlag flag : DockerFlag.ALL) {
      table.append("| `").append(flag).append('`');
      if (flag.shorthand() != 0) {
        table.append(", `-").append(flag.shorthand()).append('`');
      }
      String meaning = flag.alias() == null ? meaning(flag) : "as `--" + flag.alias() + "`";
      table.append(" | ").append(meaning).append(" |\n");
    }
    String text = Files.readString(README);
    int heading = text.indexOf("## Docker's flags\n");
    int start = text.indexOf("\n\n", heading) + 2;
    start = text.indexOf("| flag |", start) < 0 ? start : text.indexOf("| flag |", start);
    int end = text.indexOf("\n## How to add", start);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(README, text.substring(0, start) + table + text.substring(end));
    }
    assertEquals(
        table.toString(), Files.readString(README).substring(start, start + table.length()));
  }

  private static String meaning(DockerFlag flag) {
    ConversionReport.Outcome outcome = ConversionReport.Outcome.of(flag.meaning());
    StringBuilder meaning = new StringBuilder();
    for (String property : outcome.properties()) {
      meaning.append(meaning.isEmpty() ? "" : ", ").append('`').append(property).append('`');
    }
    if (outcome.reason() != null) {
      meaning.append(
          meaning.isEmpty()
              ? outcome.result()
              : switch (outcome.result()) {
                case "partial" -> "; in part";
                case "unsupported" -> " only";
                default -> "";
              });
      meaning.append(": ").append(outcome.reason());
    }
    return meaning.toString();
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
