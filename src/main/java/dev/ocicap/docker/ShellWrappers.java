package dev.ocicap.docker;

import dev.ocicap.shell.ShellLexer;
import dev.ocicap.shell.ShellWord;
import java.util.List;

/// Where the docker command is in a simple command: behind `sudo`, `env` and their like, and among
/// docker's other commands.
final class ShellWrappers {
  private ShellWrappers() {}

  /// Where the program stands behind words such as `sudo` and `env`.
  static int programIndex(List<ShellWord> words) {
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at).text();
      switch (word.substring(word.lastIndexOf('/') + 1)) {
        case "nohup", "doas", "setsid", "builtin", "chronic", "unbuffer" ->
            at = behind(words, at + 1);
        case "command" -> at = behind(words, at + 1);
        case "exec" -> at = behind(words, at + 1, "-a");
        case "sudo" ->
            at =
                behind(
                    words, at + 1, "-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user",
                    "--group", "--chdir");
        case "env" -> at = behind(words, at + 1, "-u", "-C", "-S");
        case "time" -> at = behind(words, at + 1, "-f", "-o");
        case "nice" -> at = behind(words, at + 1, "-n");
        case "ionice" -> at = behind(words, at + 1, "-c", "-n");
        case "stdbuf" -> at = behind(words, at + 1, "-i", "-o", "-e");
        // The duration stands before the command.
        case "timeout" -> at = behind(words, at + 1, "-k", "-s") + 1;
        default -> {
          if (!ShellLexer.isAssignment(word) || at == 0) {
            return at;
          }
          at++;
        }
      }
    }
    return Math.min(at, words.size());
  }

  /// Skips flags, of which some take a value, and assignments.
  private static int behind(List<ShellWord> words, int start, String... withValue) {
    int at = start;
    while (at < words.size()) {
      String word = words.get(at).text();
      if (word.equals("--")) {
        return at + 1;
      }
      if (!word.startsWith("-") && !ShellLexer.isAssignment(word)) {
        return at;
      }
      at += List.of(withValue).contains(word) ? 2 : 1;
    }
    return at;
  }

  /// Whether the words are an engine's and have `run` or `create` as their subcommand.
  static boolean makesContainer(List<ShellWord> words) {
    if (CommandParser.engine(words.getFirst().text()) == null) {
      return false;
    }
    String last = "";
    for (ShellWord one : words.subList(1, words.size())) {
      String word = one.text();
      if (word.equals("run") || word.equals("create")) {
        return !isOtherObject(last);
      }
      if (isOtherObject(word)) {
        return false;
      }
      last = word;
    }
    return false;
  }

  private static boolean isOtherObject(String word) {
    return switch (word) {
      case "volume",
          "network",
          "image",
          "config",
          "secret",
          "service",
          "context",
          "plugin",
          "pod",
          "manifest",
          "buildx",
          "swarm",
          "stack",
          "exec",
          "build",
          "pull",
          "push",
          "compose" ->
          true;
      default -> false;
    };
  }
}
