package dev.ocicap.docker;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits the text of a shell script into commands and their words, as a POSIX shell does (sh(1p),
/// "Token recognition", "Quoting", "Word expansions"). Nothing is ever executed: of command
/// substitutions only `$(pwd)` has a value, and file name patterns stay as they are.
final class ShellLexer {
  private static final int MAX_TEXT = 16 << 20;

  /// What a shell knows while it reads.
  interface Context {
    /// The value of a variable, or null when it is not set.
    @Nullable String variable(String name);

    /// Sets a variable, for `${NAME:=VALUE}`.
    void assign(String name, String value);

    /// The current directory.
    String directory();

    /// Notes that a variable without a value was used.
    void unset(String name, Place place);
  }

  /// One simple command.
  ///
  /// @param place where it begins
  /// @param assignments `NAME=value` before its first word
  /// @param words its words; none for a command that only assigns
  record Command(Place place, List<String> assignments, List<String> words) {
    Command {
      assignments = List.copyOf(assignments);
      words = List.copyOf(words);
    }
  }

  private final String file;
  private final String text;
  private final Context context;
  private final List<String> hereDocuments = new ArrayList<>();
  private int at;

  // the command being read
  private List<String> assignments = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private int commandStart = -1;

  // the word being read
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;

  /// How much of it was read when a quote or an expansion came; -1 without one.
  private int plain = -1;

  // where the last place was
  private int countedTo;
  private int line = 1;
  private int column = 1;

  ShellLexer(String file, String text, Context context) {
    if (text.length() > MAX_TEXT) {
      throw OcicapException.input(
          Place.file(file), "longer than " + MAX_TEXT + " characters", null);
    }
    this.file = file;
    this.text = text;
    this.context = context;
  }

  /// The next command, or null at the end of the text. Expansions are made while reading, so that
  /// what an earlier command assigned is seen by a later one.
  @Nullable Command next() {
    assignments = new ArrayList<>();
    words = new ArrayList<>();
    commandStart = -1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        endWord();
        at++;
        skipHereDocuments();
        if (commandStart >= 0) {
          return command();
        }
      } else if (isOperator(c)) {
        endWord();
        if (c == '<' || c == '>') {
          redirection();
        } else {
          at++;
          if (commandStart >= 0) {
            return command();
          }
        }
      } else {
        character(c);
      }
    }
    endWord();
    return commandStart < 0 ? null : command();
  }

  private Command command() {
    return new Command(place(commandStart), assignments, words);
  }

  private static boolean isOperator(char c) {
    return c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')';
  }

  private void character(char c) {
    switch (c) {
      case ' ', '\t', '\r' -> {
        endWord();
        at++;
      }
      case '#' -> {
        if (inWord) {
          append(c);
        } else {
          skipLine();
        }
      }
      case '\\' -> backslash();
      case '\'' -> singleQuotes();
      case '"' -> doubleQuotes();
      case '$' -> dollar(false);
      case '`' -> backquotes(false);
      case '~' -> tilde();
      default -> append(c);
    }
  }

  private void append(char c) {
    begin();
    word.append(c);
    at++;
  }

  private void begin() {
    if (commandStart < 0) {
      commandStart = at;
    }
    inWord = true;
  }

  private void notPlain() {
    if (plain < 0) {
      plain = word.length();
    }
  }

  private void endWord() {
    if (!inWord) {
      return;
    }
    String finished = word.toString();
    word.setLength(0);
    inWord = false;
    boolean assigns =
        words.isEmpty() && isAssignment(finished) && (plain < 0 || plain > finished.indexOf('='));
    plain = -1;
    (assigns ? assignments : words).add(finished);
  }

  /// Whether a word is `NAME=…`.
  static boolean isAssignment(String word) {
    int equals = word.indexOf('=');
    return equals > 0 && isName(word.substring(0, equals));
  }

  static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isNamePart(text.charAt(i), i == 0)) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isNamePart(char c, boolean first) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (!first && c >= '0' && c <= '9');
  }

  private void skipLine() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void backslash() {
    if (at + 1 >= text.length()) {
      at++;
    } else if (text.charAt(at + 1) == '\n') {
      at += 2;
    } else if (text.startsWith("\r\n", at + 1)) {
      at += 3;
    } else {
      at++;
      append(text.charAt(at));
    }
  }

  private void singleQuotes() {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw error(at, "a single quote is not closed");
    }
    begin();
    notPlain();
    word.append(text, at + 1, end);
    at = end + 1;
  }

  private void doubleQuotes() {
    int open = at;
    begin();
    notPlain();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '"' -> {
          at++;
          return;
        }
        case '\\' -> quotedBackslash();
        case '$' -> dollar(true);
        case '`' -> backquotes(true);
        default -> {
          word.append(c);
          at++;
        }
      }
    }
    throw error(open, "a double quote is not closed");
  }

  /// In double quotes a backslash means something only before `$`, `` ` ``, `"`, `\` and the end of
  /// a line.
  private void quotedBackslash() {
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    switch (next) {
      case '$', '`', '"', '\\' -> word.append(next);
      case '\n' -> {
        // the line goes on
      }
      default -> word.append('\\').append(next);
    }
    at += 2;
  }

  /// `~` and `~/…` at the beginning of a word, and after the `=` of an assignment.
  private void tilde() {
    String before = word.toString();
    boolean assigns =
        before.endsWith("=") && isName(before.substring(0, before.length() - 1)) && plain < 0;
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    boolean ends = next == '/' || next == ':' || Character.isWhitespace(next) || isOperator(next);
    String home = context.variable("HOME");
    if ((inWord && !assigns) || !ends || home == null) {
      append('~');
      return;
    }
    begin();
    word.append(home);
    at++;
  }

  private void backquotes(boolean inQuotes) {
    int end = text.indexOf('`', at + 1);
    if (end < 0) {
      throw error(at, "a backquote is not closed");
    }
    substitution(text.substring(at + 1, end), inQuotes);
    at = end + 1;
  }

  private void substitution(String command, boolean inQuotes) {
    if (!command.strip().equals("pwd")) {
      throw error(
          at, "'$(" + command.strip() + ")' is not executed: only '$(pwd)' has a value here");
    }
    expanded(context.directory(), inQuotes);
  }

  private void dollar(boolean inQuotes) {
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    if (next == '(') {
      int end = text.indexOf(')', at);
      if (text.startsWith("$((", at) || end < 0) {
        throw error(at, "arithmetic and unclosed substitutions have no value here");
      }
      substitution(text.substring(at + 2, end), inQuotes);
      at = end + 1;
    } else if (next == '{') {
      braces(inQuotes);
    } else if (isNamePart(next, true)) {
      int end = at + 2;
      while (end < text.length() && isNamePart(text.charAt(end), false)) {
        end++;
      }
      String name = text.substring(at + 1, end);
      String value = value(name);
      expanded(value == null ? unset(name) : value, inQuotes);
      at = end;
    } else if (next == '\'' && !inQuotes) {
      at++;
      escapedQuotes();
    } else if ("0123456789@*#?$!-".indexOf(next) >= 0 && !(next == '-' && !inQuotes)) {
      throw error(at, "'$" + next + "' has no value here");
    } else {
      begin();
      word.append('$');
      at++;
    }
  }

  /// `$'…'` of bash, with the escapes of C.
  private void escapedQuotes() {
    int open = at;
    begin();
    notPlain();
    at++;
    while (at < text.length() && text.charAt(at) != '\'') {
      char c = text.charAt(at++);
      if (c == '\\' && at < text.length()) {
        char escaped = text.charAt(at++);
        switch (escaped) {
          case 'n' -> word.append('\n');
          case 't' -> word.append('\t');
          case 'r' -> word.append('\r');
          case '\\', '\'', '"' -> word.append(escaped);
          default -> throw error(at - 2, "the escape '\\" + escaped + "' is not known");
        }
      } else {
        word.append(c);
      }
    }
    if (at >= text.length()) {
      throw error(open, "a single quote is not closed");
    }
    at++;
  }

  /// `${NAME}`, and with `-`, `=`, `+`, `?`, each after an optional `:`, and a word.
  private void braces(boolean inQuotes) {
    int end = closingBrace(at + 2);
    String inner = text.substring(at + 2, end);
    int length = 0;
    while (length < inner.length() && isNamePart(inner.charAt(length), length == 0)) {
      length++;
    }
    String name = inner.substring(0, length);
    String rest = inner.substring(length);
    if (name.isEmpty()) {
      throw error(at, "'${" + inner + "}' has no value here");
    }
    String value = value(name);
    if (rest.isEmpty()) {
      expanded(value == null ? unset(name) : value, inQuotes);
      at = end + 1;
      return;
    }
    boolean colon = rest.startsWith(":");
    String operation = colon ? rest.substring(1) : rest;
    boolean absent = value == null || (colon && value.isEmpty());
    if (operation.isEmpty()) {
      throw error(at, "'${" + inner + "}' has no value here");
    }
    String other = operation.substring(1);
    switch (operation.charAt(0)) {
      case '-' -> expanded(absent || value == null ? nested(other) : value, inQuotes);
      case '+' -> expanded(absent ? "" : nested(other), inQuotes);
      case '=' -> {
        if (absent) {
          context.assign(name, nested(other));
        }
        String assigned = value(name);
        expanded(assigned == null ? "" : assigned, inQuotes);
      }
      case '?' -> {
        if (absent || value == null) {
          throw error(at, "'" + name + "' is not set" + (other.isEmpty() ? "" : ": " + other));
        }
        expanded(value, inQuotes);
      }
      default -> throw error(at, "'${" + inner + "}' is not expanded here");
    }
    at = end + 1;
  }

  private int closingBrace(int start) {
    int depth = 1;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' && text.charAt(i - 1) == '$') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw error(at, "'${' is not closed");
  }

  /// The text of a word inside of braces: quotes go, expansions are made.
  private String nested(String inner) {
    ShellLexer lexer = new ShellLexer(file, '"' + unquoted(inner) + '"', context);
    Command command = lexer.next();
    if (command == null) {
      return "";
    }
    return command.words().isEmpty()
        ? String.join(" ", command.assignments())
        : String.join(" ", command.words());
  }

  private static String unquoted(String inner) {
    boolean single = inner.length() > 1 && inner.startsWith("'") && inner.endsWith("'");
    boolean twice = inner.length() > 1 && inner.startsWith("\"") && inner.endsWith("\"");
    if (single) {
      return inner
          .substring(1, inner.length() - 1)
          .replace("\\", "\\\\")
          .replace("$", "\\$")
          .replace("`", "\\`")
          .replace("\"", "\\\"");
    }
    return twice ? inner.substring(1, inner.length() - 1) : inner.replace("\"", "\\\"");
  }

  private @Nullable String value(String name) {
    return name.equals("PWD") ? context.directory() : context.variable(name);
  }

  private String unset(String name) {
    context.unset(name, place(at));
    return "";
  }

  /// Adds the value of an expansion: as it is in quotes and in assignments, else split at blanks.
  private void expanded(String value, boolean inQuotes) {
    boolean assigns = words.isEmpty() && isAssignment(word.toString());
    if (inQuotes || assigns) {
      begin();
      notPlain();
      word.append(value);
      return;
    }
    if (commandStart < 0) {
      commandStart = at;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n') {
        endWord();
      } else {
        inWord = true;
        notPlain();
        word.append(c);
      }
    }
  }

  /// `>FILE`, `2>&1`, `<<WORD`: they are the shell's, not the command's.
  private void redirection() {
    if (!words.isEmpty() && at > 0 && Character.isDigit(text.charAt(at - 1))) {
      String last = words.getLast();
      if (GoSyntax.isDigits(last) && text.startsWith(last, at - last.length())) {
        words.removeLast();
      }
    }
    boolean here = text.startsWith("<<", at) && !text.startsWith("<<<", at);
    while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean indented = here && at < text.length() && text.charAt(at) == '-';
    if (indented) {
      at++;
    }
    int before = words.size();
    int assigned = assignments.size();
    if (before == 0) {
      words.add("");
    }
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    while (at < text.length()
        && !Character.isWhitespace(text.charAt(at))
        && !isOperator(text.charAt(at))) {
      character(text.charAt(at));
    }
    endWord();
    int kept = Math.max(before, 1);
    if (here && words.size() > kept) {
      hereDocuments.add((indented ? "-" : " ") + words.get(kept));
    }
    while (words.size() > before) {
      words.removeLast();
    }
    while (assignments.size() > assigned) {
      assignments.removeLast();
    }
  }

  private void skipHereDocuments() {
    for (String document : hereDocuments) {
      boolean indented = document.startsWith("-");
      String end = document.substring(1);
      while (at < text.length()) {
        int newline = text.indexOf('\n', at);
        String line = text.substring(at, newline < 0 ? text.length() : newline);
        at = newline < 0 ? text.length() : newline + 1;
        if ((indented ? line.stripLeading() : line).equals(end)) {
          break;
        }
      }
    }
    hereDocuments.clear();
  }

  /// Lines are counted on from the last place that was asked for.
  private Place place(int offset) {
    if (offset < countedTo) {
      countedTo = 0;
      line = 1;
      column = 1;
    }
    for (; countedTo < offset && countedTo < text.length(); countedTo++) {
      if (text.charAt(countedTo) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Place(file, line, column);
  }

  private OcicapException error(int offset, String message) {
    return OcicapException.input(place(offset), message, null);
  }
}
