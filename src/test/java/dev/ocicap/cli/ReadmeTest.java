package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.docker.DockerFlag;
import dev.ocicap.report.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    String text = Files.readString(README);
    int start = text.indexOf(DOCKER_HEADER);
    int end = text.indexOf("\n## ", start);
    String table = dockerTable();
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(README, text.substring(0, start) + table + text.substring(end));
    }
    assertEquals(table, Files.readString(README).substring(start, start + table.length()));
  }

  private static final String DOCKER_HEADER =
      "| flag | in a bundle | flag | in a bundle |\n|---|---|---|---|\n";

  /// The flags that become properties, two in a row; then those of which there is more to say, all
  /// with the same fate in one row.
  private static String dockerTable() {
    List<String> plain = new ArrayList<>();
    Map<String, List<String>> told = new LinkedHashMap<>();
    for (DockerFlag flag : DockerFlag.ALL) {
      String name =
          "`" + flag + "`" + (flag.shorthand() == 0 ? "" : ", `-" + flag.shorthand() + "`");
      String meaning = flag.alias() == null ? meaning(flag) : "as `--" + flag.alias() + "`";
      if (meaning.length() <= 60 && !meaning.contains(": ")) {
        plain.add("| " + name + " | " + meaning + " |");
      } else {
        told.computeIfAbsent(meaning, key -> new ArrayList<>()).add(name);
      }
    }
    StringBuilder table = new StringBuilder(DOCKER_HEADER);
    int half = (plain.size() + 1) / 2;
    for (int i = 0; i < half; i++) {
      String second = i + half < plain.size() ? plain.get(i + half).substring(1) : " | |";
      table.append(plain.get(i)).append(second).append('\n');
    }
    table.append("\n| flags | in a bundle |\n|---|---|\n");
    told.forEach((meaning, names) ->
        table.append("| " + String.join(", ", names) + " | " + meaning + " |\n"));
    return table.toString();
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
