package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.manual.Page;
import dev.ocicap.manual.TerminalPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Help is complete, fits a terminal, and its examples do what they say.
class HelpTest {
  private static final Path TEXTS = Path.of("src/main/resources/help");
  private static final String OPENING = "```console\n";

  @TempDir Path directory;

  /// `-Dgolden.update=true` writes down what came, to be read before it is kept.
  @TestFactory
  List<DynamicTest> every_example_of_help_plays() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path text : texts()) {
      if (Files.readString(text).contains(OPENING)) {
        tests.add(DynamicTest.dynamicTest(TEXTS.relativize(text).toString(), () -> play(text)));
      }
    }
    assertTrue(!tests.isEmpty());
    return tests;
  }

  private void play(Path file) throws IOException {
    String text = Files.readString(file);
    StringBuilder whole = new StringBuilder();
    int end = 0;
    for (int start = text.indexOf(OPENING); start >= 0; start = text.indexOf(OPENING, end)) {
      int from = start + OPENING.length();
      whole.append(text, end, from);
      end = text.indexOf("```", from);
      Path own = Files.createTempDirectory(directory, "example");
      whole.append(new Transcript(own).played(text.substring(from, end)));
    }
    whole.append(text.substring(end));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, whole);
    }
    assertEquals(Files.readString(file), whole.toString());
  }

  @Test
  void what_looks_like_a_variable_is_shown_as_it_is() {
    String convert = InProcess.PLAIN.run("", "convert", "--help").out();
    assertTrue(convert.contains("${IMAGE}") && !convert.contains("null"), convert);
  }

  @Test
  void every_topic_has_a_text_with_an_example_and_every_text_a_topic_or_a_command()
      throws IOException {
    Set<String> expected = new TreeSet<>();
    for (String topic : Topics.names()) {
      expected.add("topics/" + topic + ".md");
      assertTrue(Files.readString(TEXTS.resolve("topics/" + topic + ".md")).contains("```console"));
    }
    Set<String> found = new TreeSet<>();
    for (Path text : texts()) {
      String name = TEXTS.relativize(text).toString();
      String command = name.replace("commands/", "").replace(".md", "");
      if (!name.startsWith("commands/") || Commands.find(command).isEmpty()) {
        found.add(name);
      }
    }
    assertEquals(expected, found);
  }

  @Test
  void no_word_is_both_a_command_and_a_topic() {
    List<String> both = new ArrayList<>(Topics.names());
    both.retainAll(Commands.names());
    assertEquals(List.of(), both);
  }

  @Test
  void every_page_fits_into_80_columns_and_has_colours_only_where_asked() {
    for (Map.Entry<String, Page> page : Documentation.pages().entrySet()) {
      String plain = TerminalPage.render(page.getValue(), false);
      for (String line : plain.lines().toList()) {
        assertTrue(line.length() <= 80, page.getKey() + ": " + line);
      }
      assertTrue(plain.indexOf('\u001b') < 0 && plain.indexOf('`') < 0, page.getKey());
      assertEquals(
          plain,
          TerminalPage.render(page.getValue(), true).replaceAll("\u001b\\[[0-9]+m", ""),
          page.getKey());
    }
  }

  @Test
  void every_option_is_in_the_help_and_in_the_manual_page_of_its_command() {
    Map<String, String> files = Documentation.files("1", "2026-01-01");
    for (Commands.Row row : Commands.ALL) {
      String help = files.getOrDefault("ocicap/help/plain/commands/" + row.name(), "");
      String manual =
          files
              .getOrDefault("man/man1/ocicap-" + row.name() + ".1", "")
              .replace("\\-", "-")
              .replace("\\fR", "");
      for (OptionSpec option : row.make().spec().options()) {
        if (!option.hidden()) {
          String name = option.longestName();
          assertTrue(help.matches("(?s).*[ ,]" + name + "[\\[ ,\n].*"), row.name() + " " + name);
          assertTrue(manual.contains("\\fB" + name), row.name() + " " + name);
        }
      }
      assertTrue(help.contains("\n  127  "), row.name());
    }
  }

  @Test
  void the_page_of_a_command_is_what_its_help_option_prints() throws IOException {
    for (Commands.Row row : Commands.ALL) {
      String page = TerminalPage.render(Help.command(row), false);
      Transcript transcript = new Transcript(directory);
      for (String line : List.of("ocicap " + row.name() + " --help", "ocicap help " + row.name())) {
        assertEquals("$ " + line + "\n" + page, transcript.played("$ " + line + "\n"));
      }
    }
  }

  private static List<Path> texts() throws IOException {
    try (Stream<Path> files = Files.walk(TEXTS)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }
}
