package dev.ocicap.docker;

import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The docker commands in a shell text: a script, or lines pasted from a terminal with their
/// prompts. Assignments and `cd` are followed; everything else that is not `docker run` or `docker
/// create` is left out.
public final class ShellScript {

  /// One command that makes a container.
  ///
  /// @param place where it begins
  /// @param words its words, the program first
  /// @param client where it would run: with the variables and the directory that the script has set
  /// @param notes what was assumed when it was read
  public record Invocation(
      Place place, List<String> words, ClientEnvironment client, List<Problem> notes) {
    /// Copies the lists.
    public Invocation {
      words = List.copyOf(words);
      notes = List.copyOf(notes);
    }
  }

  private final String file;
  private final String text;
  private final ClientEnvironment client;
  private final Map<String, String> assigned = new HashMap<>();
  private final List<Problem> notes = new ArrayList<>();
  private String directory;
  private ShellLexer lexer;
  private boolean hash;
  private @Nullable Invocation found;
  private boolean any;

  /// A text. Nothing in it is executed.
  ///
  /// @param file how places name it
  /// @param client where the script would begin
  /// @throws dev.ocicap.report.OcicapException when it is too long
  public ShellScript(String file, String text, ClientEnvironment client) {
    this.file = file;
    this.text = text;
    this.client = client;
    this.directory = client.workingDirectory();
    this.lexer = new ShellLexer(file, withoutPrompts(text, false), new Variables());
  }

  /// The next command, or null behind the last one.
  ///
  /// @throws dev.ocicap.report.OcicapException when a quote is not closed, or a value could only be
  ///   known by executing something; what follows cannot be read then
  public @Nullable Invocation next() {
    found = null;
    while (found == null) {
      ShellLexer.Command command = lexer.next();
      if (command != null) {
        command(command);
      } else if (any || hash) {
        return null;
      } else {
        // `# ` begins a comment, unless nothing else is there: then it is the prompt of root.
        hash = true;
        assigned.clear();
        directory = client.workingDirectory();
        lexer = new ShellLexer(file, withoutPrompts(text, true), new Variables());
      }
    }
    any = true;
    return found;
  }

  private void command(ShellLexer.Command command) {
    int first = programIndex(command.words());
    Map<String, String> local = new HashMap<>(assigned);
    for (String assignment : command.assignments()) {
      assign(local, assignment);
    }
    if (first >= command.words().size()) {
      assigned.putAll(local);
      return;
    }
    List<String> words = command.words().subList(first, command.words().size());
    for (String skipped : command.words().subList(0, first)) {
      if (ShellLexer.isAssignment(skipped)) {
        assign(local, skipped);
      }
    }
    switch (words.getFirst()) {
      case "export", "readonly", "declare", "local", "typeset" -> {
        assigned.putAll(local);
        for (String word : words) {
          if (ShellLexer.isAssignment(word)) {
            assign(assigned, word);
          }
        }
      }
      case "unset" -> words.forEach(name -> assigned.put(name, ""));
      case "cd" -> {
        if (words.size() == 2) {
          String path = words.get(1);
          directory = Texts.cleanPath(path.startsWith("/") ? path : directory + "/" + path);
        }
      }
      default -> {
        if (makesContainer(words)) {
          found = new Invocation(command.place(), words, environment(local, directory), notes);
          notes.clear();
        }
      }
    }
  }

  private static void assign(Map<String, String> variables, String assignment) {
    int equals = assignment.indexOf('=');
    variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  private ClientEnvironment environment(Map<String, String> variables, String workingDirectory) {
    Map<String, String> copy = Map.copyOf(variables);
    return new ClientEnvironment(
        name -> copy.containsKey(name) ? copy.get(name) : client.variables().value(name),
        workingDirectory,
        client.stdin(),
        client.consoleSize(),
        client.files());
  }

  /// Where the program stands behind words such as `sudo`, `env`, `exec`, and keywords of the
  /// shell.
  private static int programIndex(List<String> words) {
    int at = 0;
    while (at < words.size()) {
      switch (words.get(at)) {
        case "if",
            "then",
            "else",
            "elif",
            "while",
            "until",
            "do",
            "{",
            "!",
            "time",
            "exec",
            "nohup",
            "command",
            "doas" ->
            at++;
        case "sudo" ->
            at = afterFlags(words, at + 1, "-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T");
        case "env" -> at = afterFlags(words, at + 1, "-u", "-C");
        case "nice" -> at = afterFlags(words, at + 1, "-n");
        default -> {
          if (!ShellLexer.isAssignment(words.get(at))) {
            return at;
          }
          at++;
        }
      }
    }
    return at;
  }

  /// Skips flags, of which some take a value, and assignments.
  private static int afterFlags(List<String> words, int start, String... withValue) {
    int at = start;
    while (at < words.size()) {
      String word = words.get(at);
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
  private static boolean makesContainer(List<String> words) {
    if (CommandParser.engine(words.getFirst()) == null) {
      return false;
    }
    String last = "";
    for (String word : words.subList(1, words.size())) {
      if (word.equals("run") || word.equals("create")) {
        return !isOtherObject(last);
      }
      if (isOtherObject(word) || word.equals("compose")) {
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

  /// The text without the prompts of a terminal at the beginning of lines: `$ `, `% `, `> `,
  /// `user@host:dir$ `; and `# ` too when that is asked for, which begins a comment in a script.
  private static String withoutPrompts(String text, boolean hash) {
    StringBuilder out = new StringBuilder(text.length());
    boolean prompted = false;
    for (String line : Texts.split(text, '\n')) {
      int start = promptEnd(line, hash);
      if (start > 0) {
        prompted = true;
      } else if (prompted && line.startsWith("> ")) {
        start = 2;
      }
      out.append(out.isEmpty() ? "" : "\n")
          .append(" ".repeat(start))
          .append(line, start, line.length());
    }
    return out.toString();
  }

  /// How long the prompt is; 0 when there is none.
  private static int promptEnd(String line, boolean hash) {
    int start = 0;
    while (start < line.length() && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
      start++;
    }
    String rest = line.substring(start);
    if (rest.startsWith("$ ") || rest.startsWith("% ") || (hash && rest.startsWith("# "))) {
      return start + 2;
    }
    int at = rest.indexOf('@');
    for (int i = rest.indexOf(' '); at > 0 && i > at; i = rest.indexOf(' ', i + 1)) {
      char before = rest.charAt(i - 1);
      boolean prompt = before == '$' || before == '#' || before == '%';
      if (prompt
          && rest.substring(0, i).indexOf('"') < 0
          && rest.substring(0, i).indexOf('\'') < 0) {
        return isPrompt(rest.substring(0, i)) ? start + i + 1 : 0;
      }
    }
    return 0;
  }

  /// Whether the text is `user@host` and a directory, perhaps in brackets.
  private static boolean isPrompt(String text) {
    String inner = text.startsWith("[") ? text.substring(1) : text;
    int at = inner.indexOf('@');
    return at > 0 && ShellLexer.isName(inner.substring(0, at).replace('-', '_').replace('.', '_'));
  }

  /// The variables of the script over those of the client.
  private final class Variables implements ShellLexer.Context {
    @Override
    public @Nullable String variable(String name) {
      String value = assigned.get(name);
      return value == null ? client.variables().value(name) : value;
    }

    @Override
    public void assign(String name, String value) {
      assigned.put(name, value);
    }

    @Override
    public String directory() {
      return directory;
    }

    @Override
    public void unset(String name, Place place) {
      notes.add(
          new Problem(
              place, "the variable '" + name + "' is not set: nothing stands for it", null));
    }
  }
}
