package dev.ocicap.shell;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits the text of a shell script into words and operators, as a POSIX shell does (sh(1p), 2.3
/// Token Recognition, 2.2 Quoting, 2.6 Word Expansions), with the arrays and expansions of bash
/// that scripts around docker use. Nothing is ever executed: a value that could only be known by
/// executing something makes its word unknown, which matters to whoever needs the word.
public final class ShellLexer {

  /// What a shell knows while it reads.
  public interface Context {
    /// The value of a variable.
    ///
    /// @param assigning whether a command's own assignments count, as they do for those behind them
    ShellVariable variable(String name, boolean assigning);

    /// Sets a variable, for `${NAME:=VALUE}`.
    void assign(String name, String value);

    /// What a command prints that need not be executed for that, or null.
    @Nullable String printed(String command);

    /// Is told of the commands in a substitution, which are a part of the text.
    void nested(int start, int end);

    /// The home directory of a user, "" for one's own; null when it is not known.
    @Nullable String home(String user);
  }

  /// Between these the value of an expansion is split, unless `IFS` says otherwise.
  private static final String BLANKS = " \t\n";

  private final String file;

  /// The text; for a moment one word of those that braces have made of one.
  private String text;

  private int end;
  private final Context context;
  private final ShellPrompts prompts;
  private final Deque<ShellToken> ready = new ArrayDeque<>();
  private final List<String> hereDocuments = new ArrayList<>();
  private int at;
  private boolean lineBegins = true;
  private boolean input;

  /// The here-documents that were read over.
  private final StringBuilder documents = new StringBuilder();

  /// Where everything is that is read here, when that is not where it stands in the text.
  private @Nullable Place only;

  /// Whether other shells than bash may read it.
  private boolean plain;

  /// Whether the words are being read that braces have made of one.
  private boolean expanding;

  /// Whether all that braces do has been done.
  private boolean settled;

  /// Where the next `{` is, at least.
  private int brace = -1;

  /// What was assumed for words that became nothing.
  private final List<Problem> notes = new ArrayList<>();

  /// How many expansions are being read whose result nobody takes.
  private int muted;

  // the word being read
  private Fields fields = new Fields(0, false);

  // where the last place was
  private int countedTo;
  private int line = 1;
  private int column = 1;

  /// Reads a part of a text.
  ///
  /// @param file how places name it
  public ShellLexer(
      String file, String text, int start, int end, ShellPrompts prompts, Context context) {
    this.file = file;
    this.text = text;
    this.at = start;
    this.end = end;
    this.prompts = prompts;
    this.context = context;
  }

  /// Reads a text that a word of another one is.
  ///
  /// @param place where that word's command is
  /// @param plain whether it may be read by another shell than bash
  public static ShellLexer within(Place place, String text, boolean plain, Context context) {
    ShellLexer lexer =
        new ShellLexer(place.file(), text, 0, text.length(), ShellPrompts.none(text), context);
    lexer.only = place;
    lexer.plain = plain;
    return lexer;
  }

  /// The next word or operator, or null at the end of the text. Expansions are made while reading,
  /// so that what an earlier command assigned is seen by a later one.
  ///
  /// @param commandBegins whether a command may begin here
  /// @param assigns whether `NAME=VALUE` assigns here
  /// @throws OcicapException when a quote or an expansion is not closed
  public @Nullable ShellToken next(boolean commandBegins, boolean assigns) {
    while (ready.isEmpty()) {
      if (lineBegins) {
        lineBegins = false;
        at = prompts.skip(at, commandBegins);
      }
      if (at >= end) {
        return null;
      }
      char c = text.charAt(at);
      if (isBlank(at)) {
        at++;
      } else if (c == '#') {
        skipLine();
      } else if (isContinuation(at)) {
        continueLine();
      } else if (c == '\n') {
        return newline();
      } else if (isSubstitutedFile(at)) {
        word(assigns);
      } else if (c == '<' || c == '>' || (text.startsWith("&>", at) && !isForPlainShell())) {
        redirection();
      } else if (isOperator(c)) {
        return operator();
      } else {
        word(assigns);
      }
    }
    return ready.poll();
  }

  /// Where reading goes on.
  public int position() {
    return at;
  }

  /// Goes on reading elsewhere.
  public void seek(int position) {
    at = position;
    brace = -1;
    ready.clear();
    lineBegins = false;
  }

  /// Whether there was `<`, `<<` or `<<<` since this was last asked.
  public boolean takeInput() {
    boolean was = input;
    input = false;
    return was;
  }

  /// The here-documents that were read over since this was last asked.
  public String takeDocuments() {
    String taken = documents.toString();
    documents.setLength(0);
    return taken;
  }

  /// Reads over arithmetic whose second parenthesis stands here, and gives what is between the
  /// parentheses; null where there is none.
  public @Nullable String arithmetic() {
    if (at >= end || text.charAt(at) != '(') {
      return null;
    }
    int close = closing(at + 1);
    if (!text.startsWith("))", close)) {
      return null;
    }
    String expression = text.substring(at + 1, close);
    at = close + 2;
    return expression;
  }

  /// What was assumed for words that became nothing, since this was last asked.
  public List<Problem> takeNotes() {
    List<Problem> taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }

  private ShellToken.Operator newline() {
    ShellToken.Operator operator = new ShellToken.Operator(at++, "\n");
    skipHereDocuments();
    lineBegins = true;
    return operator;
  }

  private ShellToken.Operator operator() {
    int start = at;
    for (String word : List.of(";;&", ";;", ";&", "&&", "||", "|&")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return new ShellToken.Operator(start, word);
      }
    }
    return new ShellToken.Operator(start, String.valueOf(text.charAt(at++)));
  }

  /// A blank; a carriage return is one where it ends a line.
  private boolean isBlank(int index) {
    char c = text.charAt(index);
    return c == ' '
        || c == '\t'
        || (c == '\r' && (index + 1 >= end || text.charAt(index + 1) == '\n'));
  }

  private static boolean isOperator(char c) {
    return c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')';
  }

  private boolean isContinuation(int index) {
    return text.startsWith("\\\n", index) || text.startsWith("\\\r\n", index);
  }

  private void continueLine() {
    at = text.indexOf('\n', at) + 1;
    at = prompts.skip(at, false);
  }

  private void skipLine() {
    while (at < end && text.charAt(at) != '\n') {
      at++;
    }
  }

  private boolean isSubstitutedFile(int index) {
    return text.startsWith("<(", index) || text.startsWith(">(", index);
  }

  /// Reads a word, which may become several or none.
  private void word(boolean assigns) {
    List<String> expanded = braceExpanded(assigns);
    if (expanded == null) {
      field(at, assigns);
      return;
    }
    int start = at;
    int behind = rawEnd(at);
    String whole = text;
    int wholeEnd = end;
    Place before = only;
    only = place(start);
    expanding = true;
    try {
      for (String one : expanded) {
        text = one;
        at = 0;
        end = one.length();
        field(start, assigns && expanded.size() == 1);
      }
    } finally {
      text = whole;
      at = behind;
      end = wholeEnd;
      only = before;
      expanding = false;
    }
  }

  /// One word of the text, which its expansions may split.
  private void field(int start, boolean assigns) {
    fields = new Fields(start, assigns);
    fields.settled = settled;
    while (at < end && !endsWord(at)) {
      character();
    }
    fields.end();
    ready.addAll(fields.done);
    notes.addAll(fields.notes);
  }

  /// What braces make of the word that begins here; null when there is nothing that they could do,
  /// or it cannot be done.
  private @Nullable List<String> braceExpanded(boolean assigns) {
    if (expanding) {
      return null;
    }
    settled = false;
    if (brace < at) {
      int found = text.indexOf('{', at);
      brace = found < 0 ? Integer.MAX_VALUE : found;
    }
    int behind = brace >= end ? -1 : rawEnd(at);
    if (behind <= brace) {
      return null;
    }
    String word = text.substring(at, behind);
    boolean assignment = assigns && (isAssignment(word) || isAssignment(word.replace("+=", "=")));
    boolean executes = word.contains("$(") || word.indexOf('`') >= 0;
    boolean lines = word.indexOf('\n') >= 0 && (prompts.pasted() || word.contains("\\\n"));
    if (executes || lines || isForPlainShell()) {
      return null;
    }
    List<String> expanded = assignment ? List.of(word) : ShellBraces.expand(word);
    settled = expanded != null;
    return expanded == null || (expanded.size() == 1 && expanded.getFirst().equals(word))
        ? null
        : expanded;
  }

  /// Whether the text says itself that it is not for bash, or who is given it.
  private boolean isForPlainShell() {
    return plain || text.startsWith("#!/bin/sh\n") || text.startsWith("#!/bin/dash\n");
  }

  /// The end of the word that begins somewhere, before any expansion.
  private int rawEnd(int start) {
    int i = start;
    while (i < end && text.charAt(i) != '\n' && !isBlank(i) && !isOperator(text.charAt(i))) {
      if (text.startsWith("$(", i)) {
        i = closing(i + 2) + 1;
      } else if (text.charAt(i) == '`') {
        int close = text.indexOf('`', i + 1);
        i = close < 0 ? end : close + 1;
      } else {
        i = ShellBraces.next(text, i);
      }
    }
    return Math.min(i, end);
  }

  private boolean endsWord(int index) {
    char c = text.charAt(index);
    if (isSubstitutedFile(index)) {
      return fields.open;
    }
    if ((c == '<' || c == '>') && fields.isDescriptor(isForPlainShell())) {
      fields.drop();
      return true;
    }
    return c == '\n' || isBlank(index) || isOperator(c);
  }

  private void character() {
    char c = text.charAt(at);
    switch (c) {
      case '\\' -> backslash();
      case '\'' -> singleQuotes();
      case '"' -> doubleQuotes();
      case '$' -> dollar(false);
      case '`' -> backquotes(false);
      case '~' -> tilde();
      case '<', '>' -> substitutedFile();
      case '=' -> equals();
      default -> {
        fields.literal(c);
        at++;
      }
    }
  }

  private void equals() {
    fields.literal('=');
    at++;
    if (fields.becomesAssignment() && at < end && text.charAt(at) == '(') {
      array();
    }
  }

  /// `NAME=(WORD …)`.
  private void array() {
    Fields outer = fields;
    int open = at++;
    List<String> elements = new ArrayList<>();
    while (true) {
      if (at >= end) {
        throw error(open, "'(' is not closed");
      }
      char c = text.charAt(at);
      if (c == ')') {
        at++;
        break;
      } else if (c == '\n' || isBlank(at) || c == ';' || c == '&' || c == '|') {
        at++;
      } else if (c == '#') {
        skipLine();
      } else if (isContinuation(at)) {
        continueLine();
      } else {
        int before = at;
        word(false);
        at = Math.max(at, before + 1);
        List<ShellToken> read = List.copyOf(ready);
        ready.clear();
        for (ShellToken token : read) {
          if (!(token instanceof ShellWord element)) {
            continue;
          }
          elements.add(element.text());
          outer.unknown.addAll(element.unknown());
          outer.notes.addAll(element.notes());
        }
      }
    }
    fields = outer;
    fields.elements = elements;
  }

  /// Whether a word is `NAME=…`.
  public static boolean isAssignment(String word) {
    int equals = word.indexOf('=');
    return equals > 0 && isName(word.substring(0, equals));
  }

  /// Whether a variable can have this name.
  public static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isNamePart(text.charAt(i), i == 0)) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Whether a text is one or more decimal digits.
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
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

  private void backslash() {
    if (isContinuation(at)) {
      continueLine();
      return;
    }
    at++;
    if (at < end) {
      if (isBlank(at) && isRestBlank(at)) {
        fields.notes.add(
            problem(at - 1, "behind this backslash stands a blank, so the line does not go on"));
      }
      fields.quoted(String.valueOf(text.charAt(at)));
      at++;
    } else {
      fields.quoted("\\");
    }
  }

  private boolean isRestBlank(int from) {
    int i = from;
    while (i < end && isBlank(i)) {
      i++;
    }
    return i < end && text.charAt(i) == '\n';
  }

  private void singleQuotes() {
    int close = text.indexOf('\'', at + 1);
    if (close < 0 || close >= end) {
      throw error(at, "a single quote is not closed");
    }
    fields.quoted(prompts.within(text.substring(at + 1, close)));
    at = close + 1;
  }

  private void doubleQuotes() {
    int open = at;
    at++;
    boolean opened = fields.open;
    boolean empty = true;
    boolean emptyArray = false;
    while (true) {
      if (at >= end) {
        throw error(open, "a double quote is not closed");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        break;
      }
      int done = fields.done.size();
      int length = fields.text.length();
      switch (c) {
        case '\\' -> quotedBackslash();
        case '$' -> emptyArray |= dollar(true);
        case '`' -> backquotes(true);
        default -> {
          fields.quoted(String.valueOf(c));
          at++;
          if (c == '\n') {
            at = prompts.skip(at, false);
          }
        }
      }
      empty &= done == fields.done.size() && length == fields.text.length();
    }
    if (empty && emptyArray && !opened) {
      fields.open = false;
    } else {
      fields.quoted("");
    }
  }

  /// In double quotes a backslash means something only before `$`, `` ` ``, `"`, `\` and the end of
  /// a line.
  private void quotedBackslash() {
    if (isContinuation(at)) {
      continueLine();
      return;
    }
    char next = at + 1 < end ? text.charAt(at + 1) : ' ';
    fields.quoted("$`\"\\".indexOf(next) >= 0 ? String.valueOf(next) : "\\" + next);
    at += 2;
  }

  /// `~`, `~/…` and `~USER` at the beginning of a word; in what looks like an assignment behind the
  /// `=` and each `:` too.
  private void tilde() {
    int close = at + 1;
    // Bash looks behind a `=` only where braces have not made several words of one.
    boolean assigns =
        fields.equals >= 0 || (fields.looksLikeAssignment() && !expanding && !isForPlainShell());
    while (close < end
        && !isContinuation(close)
        && text.charAt(close) != '/'
        && text.charAt(close) != ':'
        && !isBlank(close)
        && text.charAt(close) != '\n'
        && !isOperator(text.charAt(close))) {
      close++;
    }
    String user = text.substring(at + 1, close);
    boolean here = (!fields.open && fields.plain) || (assigns && fields.endsWithSeparator());
    boolean quoted = user.indexOf('\\') >= 0 || user.indexOf('"') >= 0 || user.indexOf('\'') >= 0;
    String home = here && !quoted ? context.home(user) : null;
    if (home == null) {
      fields.literal('~');
      at++;
    } else {
      fields.expanded(home);
      at = close;
    }
  }

  /// `<(…)`, whose name is only known when it runs.
  private void substitutedFile() {
    int close = closing(at + 2);
    String command = text.substring(at, close + 1);
    fields.unknown(problem(at, "'" + command + "' is not executed, so that its file has no name"));
    nested(at + 2, close);
    at = close + 1;
  }

  private void backquotes(boolean inQuotes) {
    int close = at + 1;
    while (close < end && text.charAt(close) != '`') {
      close += text.charAt(close) == '\\' ? 2 : 1;
    }
    if (close >= end) {
      throw error(at, "a backquote is not closed");
    }
    substitution(at + 1, close, inQuotes);
    at = close + 1;
  }

  private void substitution(int start, int close, boolean inQuotes) {
    String command = text.substring(start, close).strip();
    String printed = context.printed(command);
    if (printed != null) {
      expanded(printed, inQuotes);
      return;
    }
    String shown = command.replace('\n', ' ');
    shown = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    fields.unknown(
        problem(at, "'$(" + shown + ")' is not executed, so that nobody knows what it prints"));
    nested(start, close);
  }

  private void nested(int start, int close) {
    if (muted == 0) {
      Fields outer = fields;
      context.nested(start, close);
      fields = outer;
    }
  }

  /// The parenthesis that closes a substitution which begins here.
  private int closing(int start) {
    int depth = 1;
    boolean wordBegins = true;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> i++;
        case '\'' -> i = quoteEnd(i, '\'');
        case '"' -> i = quoteEnd(i, '"');
        case '(' -> depth++;
        case ')' -> {
          if (--depth == 0) {
            return i;
          }
        }
        case '#' -> {
          while (wordBegins && i + 1 < end && text.charAt(i + 1) != '\n') {
            i++;
          }
        }
        default -> {}
      }
      wordBegins = c == ' ' || c == '\n' || c == '\t' || c == ';' || c == '(';
    }
    throw error(at, "a substitution is not closed");
  }

  /// The end of a quote in a substitution.
  private int quoteEnd(int open, char quote) {
    int i = open + 1;
    while (i < end && text.charAt(i) != quote) {
      if (quote == '"' && text.charAt(i) == '\\') {
        i += 2;
      } else if (quote == '"' && text.startsWith("$(", i)) {
        i = closing(i + 2) + 1;
      } else {
        i++;
      }
    }
    if (i >= end) {
      throw error(open, "a quote is not closed");
    }
    return i;
  }

  /// An expansion; whether it was that of an array without elements.
  private boolean dollar(boolean inQuotes) {
    char next = at + 1 < end ? text.charAt(at + 1) : ' ';
    if (next == '(') {
      int close = closing(at + 2);
      if (text.startsWith("((", at + 1) && text.charAt(close - 1) == ')') {
        fields.unknown(problem(at, "arithmetic has no value here"));
      } else {
        substitution(at + 2, close, inQuotes);
      }
      at = close + 1;
    } else if (next == '{') {
      return braces(inQuotes);
    } else if (isNamePart(next, true)) {
      int close = at + 2;
      while (close < end && isNamePart(text.charAt(close), false)) {
        close++;
      }
      String name = text.substring(at + 1, close);
      value(name, use(name), inQuotes);
      at = close;
    } else if (next == '\'' && !inQuotes) {
      if (isForPlainShell()) {
        fields.unknown(problem(at, "not every shell knows $'…'"));
      }
      escapedQuotes();
    } else if (next == '"' && !inQuotes) {
      at++;
    } else if ("0123456789@*#?$!-".indexOf(next) >= 0) {
      fields.unknown(problem(at, "'$" + next + "' has no value here"));
      at += 2;
    } else {
      fields.literal('$');
      at++;
    }
    return false;
  }

  /// A variable as it is used here.
  private ShellVariable use(String name) {
    ShellVariable variable = context.variable(name, fields.equals >= 0);
    fields.notes.addAll(variable.notes());
    return variable;
  }

  private void value(String name, ShellVariable variable, boolean inQuotes) {
    if (!variable.set()) {
      fields.notes.add(
          problem(at, "the variable '" + name + "' is not set: nothing stands for it"));
    }
    if (variable.unknown().isEmpty()) {
      expanded(variable.text(), inQuotes);
    } else {
      fields.unknown(variable.unknown());
    }
  }

  /// `$'…'` of bash, with the escapes of C; `\xC3` and `\303` are bytes.
  private void escapedQuotes() {
    int open = at;
    at += 2;
    StringBuilder out = new StringBuilder();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (at < end && text.charAt(at) != '\'') {
      char c = text.charAt(at++);
      if (c != '\\' || at >= end) {
        out.append(c);
      } else if (isByte(at)) {
        bytes.writeBytes(out.toString().getBytes(StandardCharsets.UTF_8));
        out.setLength(0);
        boolean octal = text.charAt(at) != 'x';
        at += octal ? 0 : 1;
        bytes.write(octal ? number(8, 3) : number(16, 2));
      } else {
        escape(out);
      }
    }
    if (at >= end) {
      throw error(open, "a single quote is not closed");
    }
    bytes.writeBytes(out.toString().getBytes(StandardCharsets.UTF_8));
    String all = bytes.toString(StandardCharsets.UTF_8);
    if (!Arrays.equals(all.getBytes(StandardCharsets.UTF_8), bytes.toByteArray())) {
      throw error(open, "these bytes are no characters (UTF-8)");
    }
    fields.quoted(all);
    at++;
  }

  private boolean isByte(int index) {
    char c = text.charAt(index);
    return c == 'x' || (c >= '0' && c <= '7');
  }

  private void escape(StringBuilder out) {
    char escaped = text.charAt(at++);
    switch (escaped) {
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'c' -> control(out);
      case 'e', 'E' -> out.append('\u001b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case '\\', '\'', '"', '?' -> out.append(escaped);
      case 'u' -> out.appendCodePoint(number(16, 4));
      case 'U' -> out.appendCodePoint(number(16, 8));
      default -> out.append('\\').append(escaped);
    }
  }

  /// `\cX`: the character that a terminal makes of control and X.
  private void control(StringBuilder out) {
    char c = at < end ? text.charAt(at) : '@';
    if (c == '@' || c == '\'' || c == '\\' || c >= 0x80) {
      throw error(at - 2, "this escape is no character");
    }
    out.append(c == '?' ? '\u007f' : (char) (c & 0x1f));
    at++;
  }

  /// A number in as many digits as there are, up to a few; 0 would end the word.
  private int number(int radix, int digits) {
    int start = at;
    int value = 0;
    while (at < end && at < start + digits && Character.digit(text.charAt(at), radix) >= 0) {
      value = value * radix + Character.digit(text.charAt(at++), radix);
    }
    if (at == start
        || (value & (radix == 8 ? 0xff : -1)) == 0
        || !Character.isValidCodePoint(value)) {
      throw error(start - 2, "this escape is no character");
    }
    return value;
  }

  /// `${NAME}`, and the same with `-`, `=`, `+`, `?` (after an optional `:`), `#`, `##`, `%`, `%%`,
  /// `/`, `//`, `:OFFSET:LENGTH` and a word; `${#NAME}`; `${NAME[@]}`.
  ///
  /// @return whether it is an array without elements
  private boolean braces(boolean inQuotes) {
    int open = at;
    at += 2;
    boolean length = at + 1 < end && text.charAt(at) == '#' && text.charAt(at + 1) != '}';
    if (length) {
      at++;
    }
    int start = at;
    while (at < end && isNamePart(text.charAt(at), false)) {
      at++;
    }
    String name = text.substring(start, at);
    boolean all = text.startsWith("[@]", at) || text.startsWith("[*]", at);
    boolean separate = all && text.charAt(at + 1) == '@';
    int element = 0;
    if (all) {
      at += 3;
    } else if (at < end && text.charAt(at) == '[') {
      int close = text.indexOf(']', at);
      String index = close < 0 ? "" : text.substring(at + 1, close);
      element = isDigits(index) && index.length() < 7 ? Integer.parseInt(index) : -1;
      at = Math.max(at, close + 1);
    }
    boolean numbered = !name.isEmpty() && Character.isDigit(name.charAt(0));
    char operation = at < end ? text.charAt(at) : '}';
    if (name.isEmpty() || element < 0 || (numbered && operation == '}')) {
      return noValue(open);
    }
    ShellVariable variable = numbered ? ShellVariable.UNSET : use(name);
    if (element > 0) {
      List<String> values = variable.values();
      variable =
          new ShellVariable(
              element < values.size(),
              element < values.size() ? List.of(values.get(element)) : List.of(),
              variable.unknown(),
              List.of());
    }
    if (numbered) {
      fields.notes.add(problem(open, "the arguments of the script are not known: it has none"));
    }
    if (all && operation == '}' && !length) {
      at++;
      elements(variable, separate, inQuotes);
      return separate && variable.values().isEmpty() && variable.unknown().isEmpty();
    }
    if (length || all) {
      if (operation != '}' || !variable.unknown().isEmpty()) {
        return noValue(open);
      }
      at++;
      int count = all ? variable.values().size() : variable.text().length();
      expanded(String.valueOf(count), inQuotes);
      return false;
    }
    operation(open, name, variable, inQuotes);
    return false;
  }

  /// Everything behind the name in `${NAME…}`.
  private void operation(int open, String name, ShellVariable variable, boolean inQuotes) {
    boolean colon = text.startsWith(":", at);
    char operation = at + (colon ? 1 : 0) < end ? text.charAt(at + (colon ? 1 : 0)) : ' ';
    boolean absent = !variable.set() || (colon && variable.text().isEmpty());
    if (!colon && operation == '}') {
      at++;
      int close = at;
      at = open;
      value(name, variable, inQuotes);
      at = close;
      return;
    }
    if ("-+=?".indexOf(operation) >= 0) {
      at += colon ? 2 : 1;
      if (!variable.unknown().isEmpty()) {
        fields.unknown(variable.unknown());
        ignored();
      } else if (operation == '-' || operation == '+') {
        if ((operation == '-') == absent) {
          nestedWord(open, inQuotes);
        } else {
          ignored();
          expanded(operation == '-' ? variable.text() : "", inQuotes);
        }
      } else {
        String word = absent ? collected(open, inQuotes) : "";
        if (!absent) {
          ignored();
        } else if (operation == '=') {
          if (muted == 0) {
            context.assign(name, word);
          }
        } else {
          fields.unknown(
              problem(open, "'" + name + "' is not set" + (word.isEmpty() ? "" : ": " + word)));
        }
        expanded(absent ? word : variable.text(), inQuotes);
      }
      return;
    }
    if (!variable.unknown().isEmpty()) {
      fields.unknown(variable.unknown());
      ignored();
      return;
    }
    String changed = colon ? part(variable.text()) : changed(open, operation, variable.text());
    if (changed == null) {
      noValue(open);
    } else {
      expanded(changed, inQuotes);
    }
  }

  /// `:OFFSET` and `:OFFSET:LENGTH` with numbers; null for anything else.
  private @Nullable String part(String value) {
    int close = text.indexOf('}', at);
    String numbers = close < 0 ? "x" : text.substring(at + 1, close);
    int second = numbers.indexOf(':');
    String offset = (second < 0 ? numbers : numbers.substring(0, second)).strip();
    String length = second < 0 ? "" : numbers.substring(second + 1).strip();
    boolean known =
        isDigits(offset)
            && offset.length() < 7
            && (second < 0 || (isDigits(length) && length.length() < 7));
    if (!known) {
      return null;
    }
    at = close + 1;
    int from = Math.min(Integer.parseInt(offset), value.length());
    int to = second < 0 ? value.length() : from + Integer.parseInt(length);
    return value.substring(from, Math.min(to, value.length()));
  }

  /// What `#`, `%` and `/` make of a value; null for anything else.
  private @Nullable String changed(int open, char operation, String value) {
    if (operation != '#' && operation != '%' && operation != '/') {
      return null;
    }
    at++;
    boolean twice = at < end && text.charAt(at) == operation;
    at += twice ? 1 : 0;
    if (operation != '/') {
      ShellPattern pattern = new ShellPattern(pattern(open, '}'));
      return operation == '#'
          ? pattern.withoutPrefix(value, twice)
          : pattern.withoutSuffix(value, twice);
    }
    String pattern = pattern(open, '/');
    String by = text.charAt(at - 1) == '/' ? collected(open, false) : "";
    // Since version 5.2 of bash `&` is what was matched.
    return pattern.startsWith("#") || pattern.startsWith("%") || by.indexOf('&') >= 0
        ? null
        : new ShellPattern(pattern).replaced(value, by, twice);
  }

  /// The pattern up to a character or `}`; what is quoted in it is literal.
  private String pattern(int open, char stop) {
    Fields outer = fields;
    StringBuilder pattern = new StringBuilder();
    int first = at;
    while (true) {
      if (at >= end) {
        throw error(open, "'${' is not closed");
      }
      char c = text.charAt(at);
      // What is to be replaced may begin with the sign that ends it.
      if (c == '/' && stop == '/' && at == first) {
        pattern.append(c);
        at++;
        continue;
      }
      if (c == stop || c == '}') {
        at++;
        fields = outer;
        return pattern.toString();
      }
      fields = new Fields(at, false);
      switch (c) {
        case '\\' -> backslash();
        case '\'' -> singleQuotes();
        case '"' -> doubleQuotes();
        case '$' -> dollar(true);
        default -> {
          pattern.append(c);
          at++;
        }
      }
      outer.notes.addAll(fields.notes);
      outer.unknown.addAll(fields.unknown);
      for (int i = 0; i < fields.text.length(); i++) {
        char one = fields.text.charAt(i);
        pattern.append("*?[\\".indexOf(one) >= 0 && c != '$' ? "\\" : "").append(one);
      }
    }
  }

  /// A whole expansion that has no value here.
  private boolean noValue(int open) {
    at = open + 2;
    ignored();
    fields.unknown(problem(open, "'" + text.substring(open, at) + "' has no value here"));
    return false;
  }

  /// The elements of an array: words of their own, or one text.
  private void elements(ShellVariable variable, boolean separate, boolean inQuotes) {
    if (!variable.unknown().isEmpty()) {
      fields.unknown(variable.unknown());
    } else if (inQuotes && !separate) {
      String separators = separators();
      String between = separators.isEmpty() ? "" : separators.substring(0, 1);
      expanded(String.join(between, variable.values()), true);
    } else {
      for (int i = 0; i < variable.values().size(); i++) {
        if (i > 0) {
          fields.end();
        }
        expanded(variable.values().get(i), inQuotes);
      }
    }
  }

  /// The word in braces as a part of the word being read, up to and with the closing brace.
  private void nestedWord(int open, boolean inQuotes) {
    int first = at;
    int quotes = 0;
    boolean between = false;
    while (true) {
      if (at >= end) {
        throw error(open, "'${' is not closed");
      }
      char c = text.charAt(at);
      // What stands outside of quotes in quotes is not quoted, but nothing splits it either.
      between |= quotes % 2 == 0 && (c == '$' || c == '`' || c == ' ' || c == '\t' || c == '\n');
      switch (c) {
        case '}' -> {
          at++;
          if (quotes > 0 && between) {
            fields.unknown(problem(open, "what is not quoted among quotes in quotes is not known"));
          }
          return;
        }
        case '\\' -> {
          if (inQuotes && text.startsWith("\\}", at)) {
            fields.quoted("}");
            at += 2;
          } else if (inQuotes) {
            quotedBackslash();
          } else {
            backslash();
          }
        }
        case '"' -> {
          if (inQuotes) {
            // Quotes in quotes change nothing.
            quotes++;
            at++;
          } else {
            doubleQuotes();
          }
        }
        case '\'' -> {
          if (inQuotes) {
            fields.quoted("'");
            at++;
          } else {
            singleQuotes();
          }
        }
        case '$' -> dollar(inQuotes);
        case '`' -> backquotes(inQuotes);
        default -> {
          if (c == '~' && at == first && !inQuotes) {
            nestedTilde();
            continue;
          }
          expanded(String.valueOf(c), inQuotes);
          at++;
        }
      }
    }
  }

  private void nestedTilde() {
    char next = at + 1 < end ? text.charAt(at + 1) : '}';
    String home = next == '/' || next == '}' ? context.home("") : null;
    expanded(home == null ? "~" : home, true);
    at++;
  }

  /// The same as a text of its own.
  private String collected(int open, boolean inQuotes) {
    Fields outer = fields;
    fields = new Fields(at, true);
    nestedWord(open, inQuotes);
    String word = fields.text.toString();
    if (!fields.done.isEmpty()) {
      StringBuilder joined = new StringBuilder();
      for (ShellWord done : fields.done) {
        joined.append(done.text()).append(' ');
      }
      word = joined.append(word).toString();
    }
    outer.unknown.addAll(fields.unknown);
    outer.notes.addAll(fields.notes);
    fields = outer;
    return word;
  }

  /// Reads over a word in braces, and takes nothing from it.
  private void ignored() {
    Fields outer = fields;
    fields = new Fields(at, false);
    muted++;
    nestedWord(at, false);
    muted--;
    fields = outer;
  }

  /// Adds the value of an expansion: as it is in quotes and in assignments, else split at blanks.
  private void expanded(String value, boolean inQuotes) {
    if (inQuotes) {
      fields.quoted(value);
    } else if (fields.equals >= 0) {
      fields.expanded(value);
    } else {
      String separators = separators();
      if (!separators.equals(BLANKS) && (has(value, BLANKS) || has(value, separators))) {
        fields.unknown(problem(at, "'IFS' is set, and how it splits '" + value + "' is not known"));
      }
      fields.split(value);
    }
  }

  /// The characters between which the value of an expansion is split.
  private String separators() {
    ShellVariable variable = context.variable("IFS", false);
    return variable.set() && variable.unknown().isEmpty() ? variable.text() : BLANKS;
  }

  private static boolean has(String value, String characters) {
    for (int i = 0; i < value.length(); i++) {
      if (characters.indexOf(value.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// `>FILE`, `2>&1`, `<<WORD`: they are the shell's, not the command's.
  private void redirection() {
    boolean here = text.startsWith("<<", at) && !text.startsWith("<<<", at);
    input |= text.charAt(at) == '<';
    while (at < end && "<>&|".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean indented = here && at < end && text.charAt(at) == '-';
    at += indented ? 1 : 0;
    while (at < end && (isBlank(at) || isContinuation(at))) {
      at += isContinuation(at) ? 2 : 1;
    }
    Fields outer = fields;
    fields = new Fields(at, false);
    while (at < end && !endsWord(at)) {
      character();
    }
    if (here) {
      hereDocuments.add((indented ? "-" : " ") + fields.text);
    }
    fields = outer;
  }

  private void skipHereDocuments() {
    for (String document : hereDocuments) {
      boolean indented = document.startsWith("-");
      String close = document.substring(1);
      while (at < end) {
        int newline = text.indexOf('\n', at);
        String found = text.substring(at, newline < 0 ? end : Math.min(newline, end));
        at = newline < 0 ? end : newline + 1;
        found = found.endsWith("\r") ? found.substring(0, found.length() - 1) : found;
        if ((indented ? found.stripLeading() : found).equals(close)) {
          break;
        }
        documents.append(found).append('\n');
      }
    }
    hereDocuments.clear();
  }

  /// A place in the text. Lines are counted on from the last place that was asked for.
  public Place place(int offset) {
    Place known = only;
    if (known != null) {
      return known;
    }
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

  private Problem problem(int offset, String message) {
    return new Problem(place(offset), message, null);
  }

  private OcicapException error(int offset, String message) {
    return OcicapException.input(place(offset), message, null);
  }

  /// The words that one word becomes.
  private static final class Fields {
    private final int start;
    private final boolean assigns;
    private final List<ShellWord> done = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean open;
    private boolean plain = true;
    private int equals = -1;
    private @Nullable List<String> elements;
    private boolean files;
    private int brace = -1;
    private boolean braces;
    private boolean settled;
    private final List<Problem> unknown = new ArrayList<>();
    private final List<Problem> notes = new ArrayList<>();

    Fields(int start, boolean assigns) {
      this.start = start;
      this.assigns = assigns;
    }

    void literal(char c) {
      open = true;
      files |= c == '*' || c == '?' || c == '[';
      if (c == '{') {
        brace = text.length();
      } else if (c == '}' && brace >= 0) {
        String inner = text.substring(brace + 1);
        braces |= inner.indexOf(',') >= 0 || inner.contains("..");
        brace = -1;
      }
      text.append(c);
    }

    void quoted(String more) {
      open = true;
      plain = false;
      text.append(more);
    }

    /// What comes from an expansion where nothing is split.
    void expanded(String more) {
      quoted(more);
    }

    /// What comes from an expansion: words of its own between blanks.
    void split(String value) {
      plain = false;
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == ' ' || c == '\t' || c == '\n') {
          end();
        } else {
          open = true;
          plain = false;
          files |= c == '*' || c == '?' || c == '[';
          text.append(c);
        }
      }
    }

    void unknown(Problem why) {
      unknown(List.of(why));
    }

    void unknown(List<Problem> why) {
      open = true;
      plain = false;
      unknown.addAll(why);
    }

    /// Whether the word so far says which file descriptor is redirected: `2`, and to bash `{NAME}`.
    boolean isDescriptor(boolean forPlainShell) {
      if (!open || !plain || !done.isEmpty()) {
        return false;
      }
      String all = text.toString();
      return isDigits(all)
          || (!forPlainShell
              && all.startsWith("{")
              && all.endsWith("}")
              && isName(all.substring(1, all.length() - 1)));
    }

    void drop() {
      open = false;
      text.setLength(0);
    }

    /// Whether the `=` that was just read makes the word an assignment.
    boolean becomesAssignment() {
      if (assigns && equals < 0 && looksLikeAssignment() && done.isEmpty()) {
        equals = text.length() - 1;
        return true;
      }
      return false;
    }

    /// Whether the word so far is `NAME=…`, with an unquoted name.
    boolean looksLikeAssignment() {
      if (equals >= 0) {
        return true;
      }
      int sign = text.indexOf("=");
      if (sign <= 0 || (!plain && sign == text.length() - 1)) {
        return false;
      }
      String name = text.substring(0, sign);
      return isName(name.endsWith("+") && assigns ? name.substring(0, name.length() - 1) : name);
    }

    boolean endsWithSeparator() {
      char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
      return last == ':' || (last == '=' && text.indexOf("=") == text.length() - 1);
    }

    void end() {
      if (open) {
        ShellWord.Pattern pattern =
            braces && !settled
                ? ShellWord.Pattern.BRACES
                : files ? ShellWord.Pattern.FILES : ShellWord.Pattern.NONE;
        done.add(
            new ShellWord(
                start, text.toString(), plain, equals, elements, pattern, unknown, notes));
        unknown.clear();
        notes.clear();
      }
      open = false;
      plain = false;
      equals = -1;
      elements = null;
      files = false;
      braces = false;
      brace = -1;
      text.setLength(0);
    }
  }
}
