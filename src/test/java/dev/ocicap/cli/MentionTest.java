package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MentionTest {
  private static boolean mentions(String name, String... arguments) {
    return Mention.in(List.of(arguments)).of(List.of(name));
  }

  @Test
  void an_option_is_mentioned_by_its_name_with_or_without_a_value() {
    assertTrue(mentions("--user", "--user", "1"));
    assertTrue(mentions("--user", "x", "--user=1"));
    assertTrue(mentions("-u", "-u", "1"));
    assertTrue(mentions("-u", "-u1"));
    assertTrue(mentions("-u", "-u=1"));
    assertTrue(mentions("-u", "-tu", "1"));
  }

  @Test
  void an_option_is_not_mentioned_by_another_ones_name() {
    assertTrue(!mentions("--user", "--users"));
    assertTrue(!mentions("--users", "--user"));
    assertTrue(!mentions("--user", "user"));
    assertTrue(!mentions("--user", "-"));
    assertTrue(!mentions("-u", "--user"));
    assertTrue(!mentions("-u", "u"));
  }

  @Test
  void every_option_is_mentioned_by_each_of_its_names() {
    for (OptionSpec option : new GenerateCommand().spec().options()) {
      for (String name : option.names()) {
        List<String> declared = new ArrayList<>();
        for (OptionSpec one :
            new GenerateCommand().spec(Mention.in(List.of(name + "=x"))).options()) {
          declared.addAll(one.names());
        }
        assertTrue(declared.contains(name), name);
      }
    }
  }

  @Test
  void what_is_parsed_is_the_same_with_all_options_and_with_those_mentioned() {
    for (String line :
        List.of(
            "--add setuid --user 1:2 -e A=b",
            "-tu 1:2 --env=A=b --hostname h",
            "-u1:2 --readonly",
            "--cwd /x --args --user")) {
      List<String> words = List.of(line.split(" ", -1));
      assertEquals(parse(Mention.ALL, words), parse(Mention.in(words), words), line);
    }
  }

  private static List<String> parse(Mention mention, List<String> words) {
    List<String> parsed = new ArrayList<>();
    for (CommandLine.Model.OptionSpec option :
        Picocli.parse(new GenerateCommand().spec(mention), words).matchedOptions()) {
      parsed.add(option.longestName() + " " + option.originalStringValues());
    }
    return parsed;
  }
}
