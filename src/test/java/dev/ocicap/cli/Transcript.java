package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Plays a transcript: lines that begin with `$ ` are commands, what follows is their output.
///
/// Standard output stands as it is, standard error behind `! `, a status other than 0 as `[2]` on a
/// line of its own. A command is `ocicap …` (with `|`, `< FILE`, `> FILE`), or one of a few
/// builtins: `cat`, `head -N`, `diff`, `ls`, `mkdir`, `chmod`, `ln -s`, `printf TEXT` (with `\n`),
/// `NAME=VALUE` before a command. Words are split as a shell splits them, with '…' and "…"; nothing
/// is expanded. Paths are relative to a new directory.
final class Transcript {
  private final Path directory;
  private final Map<String, String> env = new TreeMap<>();

  Transcript(Path directory) {
    this.directory = directory;
    env.put("HOME", "/home/someone");
    env.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
  }

  /// Plays the whole text and compares it with what really came.
  void play(String text) throws IOException {
    assertEquals(normalized(text), normalized(played(text)));
  }

  /// The commands of the text, each with what really came.
  String played(String text) throws IOException {
    StringBuilder played = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith("$ ")) {
        played.append(line).append('\n').append(run(line.substring(2)));
      } else if (line.startsWith("#")) {
        played.append(line).append('\n');
      }
    }
    return played.toString();
  }

  private static String normalized(String text) {
    return text.lines().filter(line -> !line.isEmpty()).reduce("", (a, b) -> a + b + "\n");
  }

  private record Outcome(String out, String err, int status) {}

  private String run(String line) throws IOException {
    String in = "";
    StringBuilder shown = new StringBuilder();
    Outcome last = new Outcome("", "", 0);
    for (List<String> command : pipeline(line)) {
      last = command(command, in);
      in = last.out();
      last.err().lines().forEach(text -> shown.append("! ").append(text).append('\n'));
    }
    String out = last.out();
    if (!out.isEmpty()) {
      shown.insert(0, out.endsWith("\n") ? out : out + "\n");
    }
    if (last.status() != 0) {
      shown.append('[').append(last.status()).append("]\n");
    }
    return shown.toString().replace(directory + "/", "").replace(directory.toString(), ".");
  }

  private Outcome command(List<String> words, String piped) throws IOException {
    List<String> args = new ArrayList<>();
    Map<String, String> environment = new TreeMap<>(env);
    String in = piped;
    Path out = null;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("<")) {
        in = read(words.get(++i));
      } else if (word.equals(">")) {
        out = directory.resolve(words.get(++i));
      } else if (args.isEmpty() && word.matches("[A-Z_]+=.*")) {
        environment.put(
            word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
      } else {
        args.add(word);
      }
    }
    Outcome outcome = execute(args, environment, in);
    if (out != null) {
      Files.writeString(out, outcome.out());
      return new Outcome("", outcome.err(), outcome.status());
    }
    return outcome;
  }

  private Outcome execute(List<String> args, Map<String, String> environment, String in)
      throws IOException {
    List<String> rest = args.subList(1, args.size());
    return switch (args.getFirst()) {
      case "ocicap" -> ocicap(rest, environment, in);
      case "cat" -> new Outcome(rest.isEmpty() ? in : read(rest.getFirst()), "", 0);
      case "head" -> {
        StringBuilder lines = new StringBuilder();
        in.lines()
            .limit(Integer.parseInt(rest.getFirst().substring(1)))
            .forEach(line -> lines.append(line).append('\n'));
        yield new Outcome(lines.toString(), "", 0);
      }
      case "printf" -> new Outcome(rest.getFirst().replace("\\n", "\n"), "", 0);
      case "ls" -> {
        try (Stream<Path> files =
            Files.list(directory.resolve(rest.isEmpty() ? "" : rest.getFirst()))) {
          String names =
              files.map(file -> file.getFileName() + "\n").sorted().reduce("", String::concat);
          yield new Outcome(names, "", 0);
        }
      }
      case "diff" -> diff(read(rest.get(0)), read(rest.get(1)));
      case "mkdir" -> {
        Files.createDirectories(directory.resolve(rest.getFirst()));
        yield new Outcome("", "", 0);
      }
      case "chmod" -> {
        Files.setPosixFilePermissions(
            directory.resolve(rest.get(1)), PosixFilePermissions.fromString(rest.get(0)));
        yield new Outcome("", "", 0);
      }
      case "ln" -> {
        Files.createSymbolicLink(directory.resolve(rest.get(2)), Path.of(rest.get(1)));
        yield new Outcome("", "", 0);
      }
      default -> throw new IllegalArgumentException("no such builtin: " + args);
    };
  }

  private String read(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  /// The lines that only one of the two texts has, in order, by a longest common subsequence; the
  /// status is always 0.
  private static Outcome diff(String left, String right) {
    List<String> a = left.lines().toList();
    List<String> b = right.lines().toList();
    int[][] longest = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        longest[i][j] =
            a.get(i).equals(b.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && longest[i + 1][j] >= longest[i][j + 1])) {
        out.append("< ").append(a.get(i++).strip()).append('\n');
      } else {
        out.append("> ").append(b.get(j++).strip()).append('\n');
      }
    }
    return new Outcome(out.toString(), "", 0);
  }

  private Outcome ocicap(List<String> args, Map<String, String> environment, String in) {
    InProcess.Outcome outcome = new InProcess(environment, directory).run(in, args);
    return new Outcome(outcome.out(), outcome.err(), outcome.status());
  }

  private static List<List<String>> pipeline(String line) {
    List<List<String>> commands = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String word : words(line)) {
      if (word.equals("|")) {
        commands.add(words);
        words = new ArrayList<>();
      } else {
        words.add(word);
      }
    }
    commands.add(words);
    return commands;
  }

  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean started = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == ' ') {
        if (started) {
          words.add(word.toString());
          word.setLength(0);
          started = false;
        }
      } else {
        started = true;
        if (c == '\'' || c == '"') {
          quote = c;
        } else {
          word.append(c);
        }
      }
    }
    if (started) {
      words.add(word.toString());
    }
    return words;
  }
}
