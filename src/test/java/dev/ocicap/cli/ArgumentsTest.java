package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read without picocli is read as picocli reads it.
class ArgumentsTest {
  private static final List<String> VALUES =
      List.of("x", "", "-", "-5", "a=b", "=", "true", "false", "--set", "kill,chown", "\"q\"");

  static List<String> commands() {
    return Commands.names();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void random_command_lines_mean_what_picocli_says(String command) {
    Random random = new Random(command.hashCode());
    int plain = 0;
    for (int i = 0; i < 300; i++) {
      List<String> words = commandLine(random, command);
      Arguments arguments = arguments(command);
      Invocation own = arguments.plain(words, null);
      if (own != null) {
        plain++;
        Invocation reference = arguments(command).picocli(words, null);
        assertEquals(reference.options(), own.options(), () -> command + " " + words);
        assertEquals(reference.positionals(), own.positionals(), () -> command + " " + words);
      }
    }
    assertTrue(plain > 10, command + ": only " + plain + " were spelt in full");
  }

  @Test
  void a_mistake_is_picoclis_to_understand() {
    for (List<String> words :
        List.of(
            List.of("--no-such"),
            List.of("--add"),
            List.of("--readonly=maybe"),
            List.of("--ambient=true"),
            List.of("-oFILE"),
            List.of("unexpected"))) {
      assertNull(arguments("generate").plain(words, null), words.toString());
    }
    assertThrows(
        OcicapException.class, () -> arguments("generate").read(List.of("unexpected"), null));
    assertNull(arguments("edit").plain(List.of(), null), "the bundle is missing");
  }

  private static Arguments arguments(String command) {
    return new Arguments(command, Commands.find(command).orElseThrow().make(), Mention.ALL);
  }

  private static List<String> commandLine(Random random, String command) {
    List<OptionSpec> options = Commands.find(command).orElseThrow().make().spec().options();
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      OptionSpec option = options.get(random.nextInt(options.size()));
      String name = option.names().get(random.nextInt(option.names().size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      boolean bare = option.isBare() || random.nextInt(10) == 0;
      words.add(bare ? name : name + "=" + (option.isTruth() ? "true" : value));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      words.add(random.nextInt(words.size() + 1), "word" + i);
    }
    return words;
  }
}
