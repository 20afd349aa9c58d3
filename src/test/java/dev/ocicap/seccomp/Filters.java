package dev.ocicap.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Filters as the case files write them: a word for every system call of every rule. A name alone
/// is allowed; behind it stand, when there are any, `=ACTION/ERRNO` and
/// `[argument,comparison,value]`.
final class Filters {
  static final Path CASES = Path.of("src/test/resources/cases/seccomp");

  private Filters() {}

  static Set<String> words(JsonNode filter) {
    Set<String> words = new TreeSet<>();
    for (JsonNode rule : filter.path("syscalls")) {
      for (JsonNode name : rule.path("names")) {
        words.add(name.asText() + action(rule) + arguments(rule));
      }
    }
    return words;
  }

  private static String action(JsonNode rule) {
    String action = rule.path("action").asText();
    String errno = rule.has("errnoRet") ? "/" + rule.path("errnoRet").asText() : "";
    return action.equals("SCMP_ACT_ALLOW")
        ? errno
        : "=" + action.substring("SCMP_ACT_".length()) + errno;
  }

  private static String arguments(JsonNode rule) {
    StringBuilder words = new StringBuilder();
    for (JsonNode argument : rule.path("args")) {
      words
          .append('[')
          .append(argument.path("index").asText())
          .append(',')
          .append(argument.path("op").asText().substring("SCMP_CMP_".length()))
          .append(',')
          .append(argument.path("value").asText())
          .append(argument.has("valueTwo") ? "," + argument.path("valueTwo").asText() : "")
          .append(']');
    }
    return words.toString();
  }

  /// The words of every line of a case file that is no comment.
  static List<List<String>> lines(String file) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(CASES.resolve(file))) {
      if (!line.startsWith("#") && !line.isBlank()) {
        lines.add(List.of(line.split(" ", -1)));
      }
    }
    return lines;
  }

  static Set<String> expected(String file) throws IOException {
    Set<String> words = new TreeSet<>();
    for (List<String> line : lines(file)) {
      words.addAll(line);
    }
    return words;
  }
}
