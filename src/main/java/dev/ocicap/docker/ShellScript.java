package dev.ocicap.docker;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.shell.ShellLexer;
import dev.ocicap.shell.ShellPattern;
import dev.ocicap.shell.ShellPrompts;
import dev.ocicap.shell.ShellToken;
import dev.ocicap.shell.ShellVariable;
import dev.ocicap.shell.ShellWord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The docker commands in a shell text: a script, or lines pasted from a terminal with their
/// prompts. Assignments, `cd`, subshells and loops over known words are followed; conditions are
/// not decided, so that what stands under one is converted and said to be so. Everything else that
/// is not `docker run` or `docker create` is left out.
public final class ShellScript {
  private static final int MAX_TEXT = 32 << 20;

  /// Loops in loops could go on for ever.
  private static final int MAX_ROUNDS = 100_000;

  /// Texts in texts could go on for ever.
  private static final int MAX_DEPTH = 20;

  /// A docker command in the arguments of one of these is only a text.
  private static final Set<String> PRINTERS =
      Set.of("echo", "printf", ":", "true", "grep", "alias");

  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "dash", "ash", "zsh", "ksh", "su", "eval", "ssh");

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

  /// What was found: a command, or why one cannot be had.
  private record Found(@Nullable Invocation invocation, List<Problem> problems) {}

  /// What a part of the text is in.
  private enum Kind {
    SUBSHELL("a subshell"),
    GROUP("a group"),
    FUNCTION("a function: it is converted as it stands there"),
    IF("an 'if': it is converted as if it were reached"),
    CASE("a 'case': it is converted as if it were reached"),
    LOOP("a loop whose rounds are not known: it is converted once");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /// Something that has been opened and not closed yet.
  private static final class Frame {
    private final Kind kind;
    private final Place place;
    private final Set<String> assigned = new HashSet<>();
    private final String directory;
    private @Nullable State before;
    private String variable = "";
    private List<String> values = List.of();
    private int round;
    private int body = -1;

    Frame(Kind kind, Place place, String directory) {
      this.kind = kind;
      this.place = place;
      this.directory = directory;
    }

    boolean isConditional() {
      return switch (kind) {
        case SUBSHELL, GROUP, FUNCTION -> false;
        case IF, CASE -> true;
        case LOOP -> values.isEmpty();
      };
    }
  }

  /// What a subshell cannot change.
  private record State(
      Map<String, ShellVariable> variables, Set<String> exported, String directory) {}

  private final String file;

  /// The text; while a text in one of its words is read, that one.
  private String text;

  private final ClientEnvironment client;
  private final Deque<Found> found = new ArrayDeque<>();
  private final Deque<Frame> frames = new ArrayDeque<>();

  /// How many frames were open when the text being read began: it cannot close those.
  private int floor;

  private Map<String, ShellVariable> variables = new HashMap<>();
  private Set<String> exported = new HashSet<>();
  private @Nullable Map<String, ShellVariable> environment;
  private boolean exportsAll;

  /// Whether a pattern that no file matches becomes nothing.
  private boolean dropsPatterns;

  private String directory;
  private ShellLexer lexer;
  private boolean hash;
  private boolean any;
  private boolean ended;
  private int rounds;

  // the command being read
  private List<ShellWord> assignments = new ArrayList<>();
  private List<ShellWord> words = new ArrayList<>();
  private List<Problem> notes = new ArrayList<>();
  private String connective = "";
  private boolean piped;

  /// How many texts in words are being read.
  private int depth;

  /// What has to be said with the next docker command.
  private final List<Problem> pending = new ArrayList<>();

  /// A text. Nothing in it is executed.
  ///
  /// @param file how places name it
  /// @param client where the script would begin
  /// @throws OcicapException when it is too long
  public ShellScript(String file, String text, ClientEnvironment client) {
    if (text.length() > MAX_TEXT) {
      throw OcicapException.input(
          Place.file(file), "longer than " + MAX_TEXT + " characters", null);
    }
    this.file = file;
    this.text = text;
    this.client = client;
    this.directory = client.workingDirectory();
    this.lexer =
        new ShellLexer(file, text, 0, text.length(), ShellPrompts.in(text, false), new Variables());
  }

  /// The next command, or null behind the last one.
  ///
  /// @throws OcicapException when a command cannot be had because a value in it could only be known
  ///   by executing something, or the text cannot be read on because a quote is not closed; there
  ///   may be more commands behind it
  public @Nullable Invocation next() {
    while (found.isEmpty() && !ended) {
      read();
    }
    Found one = found.poll();
    if (one == null) {
      return null;
    }
    if (one.invocation() == null) {
      throw new OcicapException(ExitStatus.INPUT, one.problems());
    }
    return one.invocation();
  }

  /// Reads on until something was found, or to the end.
  private void read() {
    try {
      while (found.isEmpty()) {
        ShellToken token = token();
        if (token != null) {
          take(token);
          continue;
        }
        execute();
        if (found.isEmpty() && !any && !hash) {
          // `# ` begins a comment, unless nothing else is there: then it is the prompt of root.
          hash = true;
          restart();
        } else {
          ended = true;
          return;
        }
      }
    } catch (OcicapException e) {
      found.add(new Found(null, e.problems()));
      ended = true;
    }
    any = true;
  }

  private void restart() {
    variables.clear();
    exported.clear();
    environment = null;
    frames.clear();
    floor = 0;
    pending.clear();
    directory = client.workingDirectory();
    ShellPrompts prompts = ShellPrompts.in(text, true);
    lexer =
        new ShellLexer(
            file, text, 0, prompts.pasted() ? text.length() : 0, prompts, new Variables());
  }

  private @Nullable ShellToken token() {
    boolean begins = words.isEmpty() && assignments.isEmpty();
    boolean declares =
        !words.isEmpty()
            && switch (words.getFirst().text()) {
              case "export", "readonly", "declare", "local", "typeset" -> true;
              default -> false;
            };
    boolean goesOn = !connective.isEmpty() || !frames.isEmpty();
    return lexer.next(begins && !goesOn, words.isEmpty() || declares);
  }

  private void take(ShellToken token) {
    if (token instanceof ShellWord word) {
      word(word);
    } else if (token instanceof ShellToken.Operator operator) {
      operator(operator);
    }
  }

  private void word(ShellWord word) {
    if (words.isEmpty() && word.assigns()) {
      assignments.add(word);
    } else if (!words.isEmpty() || !assignments.isEmpty() || !keyword(word)) {
      words.add(word);
    }
  }

  /// Follows a reserved word (sh(1p), 2.4); says whether it is one.
  private boolean keyword(ShellWord word) {
    if (!word.plain()) {
      return false;
    }
    switch (word.text()) {
      case "if" -> open(Kind.IF, word);
      case "while", "until" -> open(Kind.LOOP, word);
      case "then", "else", "elif", "!", "time", "coproc" -> {}
      case "do" -> {
        Frame loop = top(Kind.LOOP);
        if (loop != null && loop.body < 0) {
          loop.body = lexer.position();
        }
      }
      case "fi" -> close(Kind.IF);
      case "esac" -> close(Kind.CASE);
      case "done" -> done();
      case "{" -> {
        Frame function = top(Kind.FUNCTION);
        if (function == null || function.body >= 0) {
          open(Kind.GROUP, word);
        } else {
          function.body = word.start();
        }
      }
      case "}" -> {
        close(top(Kind.FUNCTION) == null ? Kind.GROUP : Kind.FUNCTION);
      }
      case "for", "select" -> loop(word);
      case "case" -> cases(word);
      case "function" -> {
        open(Kind.FUNCTION, word);
        lexer.next(false, false);
      }
      default -> {
        return false;
      }
    }
    connective = "";
    return true;
  }

  private Frame open(Kind kind, ShellToken at) {
    Frame frame = new Frame(kind, lexer.place(at.start()), directory);
    frames.push(frame);
    return frame;
  }

  /// What was opened last, if it is of this kind and may be closed.
  private @Nullable Frame top(Kind kind) {
    Frame top = frames.size() > floor ? frames.peek() : null;
    return top != null && top.kind == kind ? top : null;
  }

  private void close(Kind kind) {
    Frame top = top(kind);
    if (top == null) {
      return;
    }
    frames.pop();
    if (top.isConditional() || top.kind == Kind.FUNCTION) {
      for (String name : top.assigned) {
        doubt(name, top.place);
      }
      if (!top.directory.equals(directory)) {
        pending.add(
            new Problem(
                top.place,
                "whether its 'cd' is reached is not known: relative paths begin in '"
                    + directory
                    + "'",
                null));
      }
    }
    Frame outer = frames.peek();
    if (outer != null) {
      outer.assigned.addAll(top.assigned);
    }
  }

  private void doubt(String name, Place place) {
    ShellVariable variable = variables.get(name);
    if (variable != null) {
      set(
          name,
          variable.with(
              new Problem(
                  place,
                  "what the variable '"
                      + name
                      + "' is depends on a condition: '"
                      + variable.text()
                      + "' is taken",
                  null)));
    }
  }

  /// Follows arithmetic as far as to know which variables it changes.
  private void calculates(String expression, Place place) {
    boolean assigns = expression.contains("++") || expression.contains("--");
    for (int i = 0; i < expression.length(); i++) {
      char before = i == 0 ? ' ' : expression.charAt(i - 1);
      boolean compares = "=<>!".indexOf(before) >= 0 || expression.startsWith("==", i);
      boolean shifts = expression.startsWith("<<=", i - 2) || expression.startsWith(">>=", i - 2);
      assigns |= expression.charAt(i) == '=' && (!compares || shifts);
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; assigns && i <= expression.length(); i++) {
      char c = i == expression.length() ? ' ' : expression.charAt(i);
      if (Character.isLetterOrDigit(c) || c == '_') {
        name.append(c);
        continue;
      }
      if (ShellLexer.isName(name.toString())) {
        set(
            name.toString(),
            ShellVariable.unknown(
                new Problem(place, "what arithmetic makes of '" + name + "' is not known", null)));
      }
      name.setLength(0);
    }
  }

  /// `for NAME in WORD …`.
  private void loop(ShellWord keyword) {
    Frame frame = open(Kind.LOOP, keyword);
    ShellToken name = lexer.next(false, false);
    if (!(name instanceof ShellWord variable)) {
      String arithmetic = lexer.arithmetic();
      if (arithmetic != null) {
        calculates(arithmetic, frame.place);
      }
      return;
    }
    List<String> values = new ArrayList<>();
    boolean known = false;
    ShellToken token = lexer.next(false, false);
    if (token instanceof ShellWord in && in.is("in")) {
      known = true;
      token = lexer.next(false, false);
      while (token instanceof ShellWord value) {
        known &= value.unknown().isEmpty() && value.pattern() == ShellWord.Pattern.NONE;
        values.add(value.text());
        token = lexer.next(false, false);
      }
    } else if (token instanceof ShellWord word) {
      keyword(word);
    }
    frame.variable = variable.text();
    frame.values = known ? List.copyOf(values) : List.of();
    if (frame.values.isEmpty()) {
      set(
          frame.variable,
          ShellVariable.unknown(
              new Problem(
                  frame.place,
                  "what the loop's variable '" + frame.variable + "' is cannot be known",
                  null)));
    } else {
      set(frame.variable, ShellVariable.of(frame.values.getFirst()));
    }
  }

  private void done() {
    Frame loop = top(Kind.LOOP);
    if (loop == null) {
      return;
    }
    if (loop.body >= 0 && ++loop.round < loop.values.size()) {
      if (++rounds > MAX_ROUNDS) {
        throw OcicapException.input(
            loop.place, "the loops go on for more than " + MAX_ROUNDS + " rounds", null);
      }
      set(loop.variable, ShellVariable.of(loop.values.get(loop.round)));
      lexer.seek(loop.body);
    } else {
      close(Kind.LOOP);
    }
  }

  /// `case WORD in`, up to the first pattern.
  private void cases(ShellWord keyword) {
    open(Kind.CASE, keyword);
    ShellToken token = lexer.next(false, false);
    while (token != null && !(token instanceof ShellWord in && in.is("in"))) {
      token = lexer.next(false, false);
    }
    pattern();
  }

  /// A pattern of a `case` and its parenthesis, or the end of it.
  private void pattern() {
    ShellToken token = lexer.next(false, false);
    while (token != null) {
      if (token instanceof ShellWord word && word.is("esac")) {
        close(Kind.CASE);
        return;
      }
      if (token instanceof ShellToken.Operator operator && operator.text().equals(")")) {
        return;
      }
      token = lexer.next(false, false);
    }
  }

  private void operator(ShellToken.Operator operator) {
    String sign = operator.text();
    if (isTest() && List.of("(", ")", "|", "&&", "||").contains(sign)) {
      return;
    }
    if (sign.equals("(")) {
      parenthesis(operator);
      return;
    }
    boolean isEmpty = words.isEmpty() && assignments.isEmpty();
    execute();
    if (isEmpty && sign.equals("\n")) {
      return;
    }
    connective =
        switch (sign) {
          case "&&", "||", "|", "|&" -> sign;
          default -> "";
        };
    piped = sign.equals("|") || sign.equals("|&");
    if (sign.equals(")")) {
      closeSubshell();
    } else if (sign.startsWith(";;") || sign.equals(";&")) {
      if (top(Kind.CASE) != null) {
        pattern();
      }
    }
  }

  /// Whether a `[[` is open, in which operators are a part of the expression.
  private boolean isTest() {
    return !words.isEmpty() && words.getFirst().is("[[") && !words.getLast().is("]]");
  }

  /// `(` begins a subshell, or stands behind the name of a function.
  private void parenthesis(ShellToken.Operator operator) {
    String arithmetic = words.isEmpty() && assignments.isEmpty() ? lexer.arithmetic() : null;
    if (arithmetic != null) {
      calculates(arithmetic, lexer.place(operator.start()));
      words.add(
          new ShellWord(
              operator.start(),
              ":",
              false,
              -1,
              null,
              ShellWord.Pattern.NONE,
              List.of(),
              List.of()));
      return;
    }
    if (words.size() == 1 && assignments.isEmpty()) {
      words = new ArrayList<>();
      lexer.next(false, false);
      open(Kind.FUNCTION, operator);
    } else {
      execute();
      Frame frame = open(Kind.SUBSHELL, operator);
      frame.before = state();
    }
    connective = "";
  }

  private State state() {
    return new State(new HashMap<>(variables), new HashSet<>(exported), directory);
  }

  private void restore(State state) {
    variables = state.variables();
    exported = state.exported();
    directory = state.directory();
    environment = null;
  }

  private void closeSubshell() {
    while (frames.size() > floor) {
      Frame frame = frames.pop();
      if (frame.before != null) {
        restore(frame.before);
        break;
      }
    }
    Frame function = top(Kind.FUNCTION);
    if (function != null && function.body < 0) {
      close(Kind.FUNCTION);
    }
  }

  /// Carries out the command that was read, as far as it concerns docker commands.
  private void execute() {
    List<ShellWord> assigning = assignments;
    List<ShellWord> command = words;
    List<Problem> said = notes;
    boolean input = lexer.takeInput() || piped;
    String documents = lexer.takeDocuments();
    said.addAll(lexer.takeNotes());
    assignments = new ArrayList<>();
    words = new ArrayList<>();
    notes = new ArrayList<>();
    int first = ShellWrappers.programIndex(command);
    if (first >= command.size()) {
      for (ShellWord assignment : assigning) {
        assign(assignment, said);
      }
      return;
    }
    List<ShellWord> arguments = command.subList(first, command.size());
    if (isShell(arguments) && isAboutContainers(documents)) {
      hidden(arguments, lexer.place(command.getFirst().start()));
    }
    switch (arguments.getFirst().text()) {
      case "export", "readonly", "declare", "local", "typeset" -> declare(arguments);
      case "unset" -> {
        for (ShellWord name : arguments) {
          int element = name.text().indexOf('[');
          if (element > 0) {
            changes(name.text().substring(0, element), arguments);
          } else {
            set(name.text(), ShellVariable.UNSET);
          }
        }
      }
      case "let" -> {
        for (ShellWord expression : arguments) {
          calculates(expression.text(), lexer.place(expression.start()));
        }
      }
      case "shopt" -> dropsPatterns |= isAny(arguments, "-s") && isAny(arguments, "nullglob");
      case "mapfile", "readarray" -> changes(arguments.getLast().text(), arguments);
      case "getopts" -> {
        changes(arguments.getLast().text(), arguments);
        changes("OPTARG", arguments);
      }
      case "set" -> exportsAll |= arguments.size() > 1 && arguments.get(1).text().equals("-a");
      case "cd", "pushd" -> changeDirectory(arguments);
      case "read" -> {
        for (ShellWord name : arguments.subList(1, arguments.size())) {
          set(
              name.text(),
              ShellVariable.unknown(
                  new Problem(
                      lexer.place(name.start()),
                      "what 'read' puts into '" + name.text() + "' cannot be known",
                      null)));
        }
      }
      case "source", "." ->
          pending.add(
              new Problem(
                  lexer.place(arguments.getFirst().start()),
                  "what is read with 'source' is not looked into, so that its variables are not set",
                  null));
      default -> program(assigning, command, first, said, input);
    }
  }

  /// Notes that a command does something to a variable that is not followed.
  private void changes(String name, List<ShellWord> words) {
    set(
        name,
        ShellVariable.unknown(
            new Problem(
                lexer.place(words.getFirst().start()),
                "what '" + words.getFirst().text() + "' makes of '" + name + "' is not known",
                null)));
  }

  /// `NAME[INDEX]=VALUE` and `printf -v NAME`.
  private void changedOtherwise(List<ShellWord> words) {
    String first = words.getFirst().text();
    int open = first.indexOf('[');
    boolean element = open > 0 && first.indexOf("=", open) > 0;
    if (element && ShellLexer.isName(first.substring(0, open))) {
      changes(first.substring(0, open), words);
    } else if (first.equals("printf") && words.size() > 2 && words.get(1).is("-v")) {
      changes(words.get(2).text(), words);
    }
  }

  private void program(
      List<ShellWord> assigning,
      List<ShellWord> command,
      int first,
      List<Problem> said,
      boolean input) {
    List<ShellWord> arguments = command.subList(first, command.size());
    changedOtherwise(arguments);
    Place place =
        lexer.place(
            assigning.isEmpty() ? command.getFirst().start() : assigning.getFirst().start());
    if (!ShellWrappers.makesContainer(arguments)) {
      if (embedded(assigning, command, first, said, place)) {
        return;
      }
      if (hidesCommand(arguments)) {
        hidden(arguments, place);
      }
      return;
    }
    List<Problem> unknown = new ArrayList<>();
    List<Problem> all = new ArrayList<>(pending);
    pending.clear();
    Map<String, ShellVariable> local = new HashMap<>();
    for (ShellWord word : assigning) {
      local.put(word.name(), assigned(word));
      all.addAll(word.notes());
    }
    for (ShellWord word : command.subList(0, first)) {
      if (ShellLexer.isAssignment(word.text())) {
        int equals = word.text().indexOf('=');
        local.put(
            word.text().substring(0, equals), ShellVariable.of(word.text().substring(equals + 1)));
      }
    }
    List<String> texts = new ArrayList<>();
    for (ShellWord word : arguments) {
      texts.add(word.text());
      add(unknown, word.unknown());
      add(all, word.notes());
      pattern(word, all, unknown);
    }
    add(all, said);
    for (Frame frame : frames) {
      if (frame.isConditional() || frame.kind == Kind.FUNCTION) {
        add(all, List.of(new Problem(place, "it stands in " + frame.kind.words, null)));
      }
    }
    if (input) {
      all.add(
          new Problem(
              place, "what the shell gives it on standard input is not a part of a bundle", null));
    }
    found.add(
        unknown.isEmpty()
            ? new Found(new Invocation(place, texts, client(local), all), List.of())
            : new Found(null, unknown));
  }

  /// Reads the text that a shell is given as a word: `sh -c TEXT` in a shell of its own, `eval
  /// TEXT` in this one. Says whether there is one that is known.
  private boolean embedded(
      List<ShellWord> assigning,
      List<ShellWord> command,
      int first,
      List<Problem> said,
      Place place) {
    List<ShellWord> arguments = command.subList(first, command.size());
    String program = program(arguments);
    StringBuilder code = new StringBuilder();
    boolean evaluates = program.equals("eval");
    int from = evaluates ? 1 : codeIndex(program, arguments);
    int to = evaluates || from < 0 ? arguments.size() : from + 1;
    for (int i = from < 0 ? to : from; i < to; i++) {
      ShellWord word = arguments.get(i);
      if (!word.unknown().isEmpty()) {
        return false;
      }
      pending.addAll(word.notes());
      code.append(code.isEmpty() ? "" : " ").append(word.text());
    }
    if (code.isEmpty() || depth == MAX_DEPTH) {
      return false;
    }
    pending.addAll(said);
    if (evaluates) {
      embedded(place, code.toString(), false, variables, exported);
    } else {
      boolean plain = program.equals("sh") || program.equals("dash") || program.equals("ash");
      Map<String, ShellVariable> inherited = new HashMap<>();
      for (Map.Entry<String, ShellVariable> one : variables.entrySet()) {
        if (exported.contains(one.getKey()) || client.variables().value(one.getKey()) != null) {
          inherited.put(one.getKey(), one.getValue());
        }
      }
      for (ShellWord word : assigning) {
        inherited.put(word.name(), assigned(word));
      }
      for (ShellWord word : command.subList(0, first)) {
        if (ShellLexer.isAssignment(word.text())) {
          int equals = word.text().indexOf('=');
          inherited.put(
              word.text().substring(0, equals),
              ShellVariable.of(word.text().substring(equals + 1)));
        }
      }
      State state = state();
      embedded(place, code.toString(), plain, inherited, new HashSet<>(inherited.keySet()));
      restore(state);
    }
    return true;
  }

  /// Where the text stands that a shell is given with `-c`; -1 when it is given none.
  private static int codeIndex(String program, List<ShellWord> words) {
    boolean shell =
        switch (program) {
          case "sh", "bash", "dash", "ash", "zsh", "ksh" -> true;
          default -> false;
        };
    boolean code = false;
    for (int i = 1; shell && i < words.size(); i++) {
      String word = words.get(i).text();
      if (code && !word.startsWith("-") && !word.startsWith("+")) {
        return i;
      }
      if (!word.startsWith("-") && !word.startsWith("+")) {
        break;
      }
      code |= word.startsWith("-") && !word.startsWith("--") && word.indexOf('c') > 0;
      i += word.equals("-o") || word.equals("+o") || word.equals("-O") ? 1 : 0;
    }
    return -1;
  }

  private void embedded(
      Place place,
      String code,
      boolean plain,
      Map<String, ShellVariable> known,
      Set<String> exports) {
    variables = known;
    exported = exports;
    environment = null;
    String outer = text;
    text = code;
    depth++;
    try {
      read(ShellLexer.within(place, code, plain, new Variables()));
    } finally {
      text = outer;
      depth--;
    }
  }

  /// Reads all commands of another text than the one being read.
  private void read(ShellLexer other) {
    ShellLexer outer = lexer;
    List<ShellWord> outerAssignments = assignments;
    List<ShellWord> outerWords = words;
    List<Problem> outerNotes = notes;
    String outerConnective = connective;
    boolean outerPiped = piped;
    assignments = new ArrayList<>();
    words = new ArrayList<>();
    notes = new ArrayList<>();
    connective = "";
    piped = false;
    int outerFloor = floor;
    floor = frames.size();
    lexer = other;
    try {
      for (ShellToken token = token(); token != null; token = token()) {
        take(token);
      }
      execute();
    } finally {
      while (frames.size() > floor) {
        frames.pop();
      }
      floor = outerFloor;
      lexer = outer;
      assignments = outerAssignments;
      words = outerWords;
      notes = outerNotes;
      connective = outerConnective;
      piped = outerPiped;
    }
  }

  private static void add(List<Problem> to, List<Problem> more) {
    for (Problem one : more) {
      if (!to.contains(one)) {
        to.add(one);
      }
    }
  }

  /// What a shell does with a word at last is not done here.
  private void pattern(ShellWord word, List<Problem> said, List<Problem> unknown) {
    switch (word.pattern()) {
      case NONE -> {}
      case BRACES ->
          unknown.add(
              new Problem(
                  lexer.place(word.start()),
                  "bash makes several words of '" + word.text() + "', and other shells one",
                  "put it in quotes, or write each word"));
      case FILES -> {
        if (dropsPatterns) {
          unknown.add(
              new Problem(
                  lexer.place(word.start()),
                  "with 'nullglob' what becomes of '" + word.text() + "' is not known",
                  "put it in quotes"));
        } else if (matches(word.text())) {
          said.add(
              new Problem(
                  lexer.place(word.start()),
                  "a shell would put the names of files for '"
                      + word.text()
                      + "': it stays as it is",
                  null));
        }
      }
    }
  }

  /// Whether a file has a name that matches; only the last part of the path may be a pattern.
  private boolean matches(String pattern) {
    int slash = pattern.lastIndexOf('/');
    String folder = pattern.substring(0, slash + 1);
    String absolute = folder.startsWith("/") ? folder : directory + "/" + folder;
    ShellPattern last = new ShellPattern(pattern.substring(slash + 1));
    for (String name : client.files().list(absolute)) {
      if (last.matches(name) && (!name.startsWith(".") || pattern.startsWith(".", slash + 1))) {
        return true;
      }
    }
    return false;
  }

  private void hidden(List<ShellWord> words, Place place) {
    String message =
        "the docker command that '" + words.getFirst().text() + "' is given is not looked into";
    found.add(
        new Found(null, List.of(new Problem(place, message, "write it as a command of its own"))));
  }

  private static boolean isShell(List<ShellWord> words) {
    return SHELLS.contains(program(words));
  }

  private static boolean isAboutContainers(String text) {
    return text.contains("docker run") || text.contains("podman run");
  }

  private static String program(List<ShellWord> words) {
    String program = words.getFirst().text();
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /// Whether another program is given a docker command to run.
  private static boolean hidesCommand(List<ShellWord> words) {
    String program = program(words);
    if (PRINTERS.contains(program) || CommandParser.engine(program) != null) {
      return false;
    }
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i).text();
      boolean follows = i + 1 < words.size() && words.get(i + 1).text().equals("run");
      if (CommandParser.engine(word) != null && follows) {
        return true;
      }
      if (SHELLS.contains(program) && isAboutContainers(word)) {
        return true;
      }
    }
    return false;
  }

  private void declare(List<ShellWord> words) {
    boolean exports = words.getFirst().text().equals("export");
    boolean changes = false;
    for (ShellWord word : words.subList(1, words.size())) {
      if (word.text().startsWith("-")) {
        exports |= word.text().indexOf('x') > 0;
        changes |= hasAny(word.text(), "nilucA");
        continue;
      }
      if (changes) {
        // Whatever is assigned to it is changed, or goes to another variable.
        changes(word.assigns() ? word.name() : word.text(), words);
        changes(word.assigns() ? word.value() : "", words);
      } else if (word.assigns()) {
        assign(word, List.of());
      }
      if (exports) {
        exported.add(word.assigns() ? word.name() : word.text());
        environment = null;
      }
    }
  }

  private static boolean isAny(List<ShellWord> words, String text) {
    for (ShellWord word : words) {
      if (word.is(text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasAny(String text, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      if (text.indexOf(letters.charAt(i)) > 0) {
        return true;
      }
    }
    return false;
  }

  private void assign(ShellWord word, List<Problem> said) {
    ShellVariable value = assigned(word);
    for (Problem note : said) {
      value = value.with(note);
    }
    String name = word.name();
    boolean conditional = connective.equals("&&") || connective.equals("||");
    set(name, value);
    if (conditional) {
      doubt(name, lexer.place(word.start()));
    }
  }

  private ShellVariable assigned(ShellWord word) {
    ShellVariable old = word.appends() ? variable(word.name(), false) : ShellVariable.UNSET;
    List<Problem> unknown = new ArrayList<>(old.unknown());
    unknown.addAll(word.unknown());
    List<Problem> said = new ArrayList<>(old.notes());
    said.addAll(word.notes());
    List<String> values = new ArrayList<>();
    if (word.elements() != null) {
      values.addAll(old.values());
      values.addAll(word.elements());
    } else {
      values.add(old.text() + word.value());
    }
    return new ShellVariable(true, values, unknown, said);
  }

  private void set(String name, ShellVariable value) {
    variables.put(name, value);
    environment = null;
    Frame frame = frames.peek();
    if (frame != null) {
      frame.assigned.add(name);
    }
    if (exportsAll) {
      exported.add(name);
    }
  }

  private ShellVariable variable(String name, boolean assigning) {
    if (name.equals("PWD")) {
      return ShellVariable.of(directory);
    }
    if (assigning) {
      for (ShellWord earlier : assignments.reversed()) {
        if (earlier.name().equals(name)) {
          return assigned(earlier);
        }
      }
    }
    ShellVariable value = variables.get(name);
    if (value != null) {
      return value;
    }
    String outer = client.variables().value(name);
    return outer == null ? own(name) : ShellVariable.of(outer);
  }

  /// What bash has under a name that is in no environment.
  private ShellVariable own(String name) {
    String command =
        switch (name) {
          case "UID", "EUID" -> "id -u";
          default -> "";
        };
    String value = command.isEmpty() ? null : printed(command);
    return value == null ? ShellVariable.UNSET : ShellVariable.of(value);
  }

  private void changeDirectory(List<ShellWord> words) {
    String path = "";
    List<Problem> unknown = List.of();
    for (ShellWord word : words.subList(1, words.size())) {
      if (!word.is("--") && !word.is("-P") && !word.is("-L")) {
        path = word.text();
        unknown = word.unknown();
      }
    }
    if (words.size() == 1) {
      path = variable("HOME", false).text();
    }
    if (!unknown.isEmpty() || path.isEmpty() || path.equals("-")) {
      pending.add(
          new Problem(
              lexer.place(words.getFirst().start()),
              "where this 'cd' leads is not known: relative paths begin in '" + directory + "'",
              null));
    } else {
      directory = Texts.cleanPath(path.startsWith("/") ? path : directory + "/" + path);
    }
  }

  private @Nullable String printed(String command) {
    return switch (command) {
      case "pwd", "pwd -P", "pwd -L" -> directory;
      case "id -u", "/usr/bin/id -u" -> ids("Uid:");
      case "id -g", "/usr/bin/id -g" -> ids("Gid:");
      default -> null;
    };
  }

  /// The user or group of this process, which is whoever converts.
  private @Nullable String ids(String key) {
    try {
      String status = new String(client.files().read("/proc/self/status"), StandardCharsets.UTF_8);
      int start = status.indexOf("\n" + key + "\t");
      if (start < 0) {
        return null;
      }
      start += key.length() + 2;
      return status.substring(start, status.indexOf('\t', start));
    } catch (IOException e) {
      return null;
    }
  }

  /// Where a docker command runs: with what is exported, and what is set for it alone.
  private ClientEnvironment client(Map<String, ShellVariable> local) {
    Map<String, ShellVariable> shared = environment;
    if (shared == null) {
      shared = new HashMap<>();
      for (Map.Entry<String, ShellVariable> one : variables.entrySet()) {
        String name = one.getKey();
        if (exported.contains(name) || client.variables().value(name) != null) {
          shared.put(name, one.getValue());
        }
      }
      environment = shared;
    }
    Map<String, ShellVariable> all = shared;
    if (!local.isEmpty()) {
      all = new HashMap<>(shared);
      all.putAll(local);
    }
    Map<String, ShellVariable> set = all;
    return new ClientEnvironment(
        name -> {
          ShellVariable variable = set.get(name);
          return variable == null ? client.variables().value(name) : text(variable);
        },
        directory,
        client.stdin(),
        client.consoleSize(),
        client.files());
  }

  private static @Nullable String text(ShellVariable variable) {
    if (!variable.unknown().isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, variable.unknown());
    }
    return variable.set() ? variable.text() : null;
  }

  /// What the lexer asks while it reads.
  private final class Variables implements ShellLexer.Context {
    @Override
    public ShellVariable variable(String name, boolean assigning) {
      return ShellScript.this.variable(name, assigning);
    }

    @Override
    public void assign(String name, String value) {
      set(name, ShellVariable.of(value));
    }

    @Override
    public @Nullable String printed(String command) {
      return ShellScript.this.printed(command);
    }

    /// Finds the docker commands of a substitution, which is a subshell.
    @Override
    public void nested(int start, int end) {
      State state = state();
      frames.push(new Frame(Kind.SUBSHELL, lexer.place(start), directory));
      try {
        read(new ShellLexer(file, text, start, end, ShellPrompts.none(text), this));
      } finally {
        frames.pop();
        restore(state);
      }
    }

    @Override
    public @Nullable String home(String user) {
      if (user.isEmpty()) {
        ShellVariable home = ShellScript.this.variable("HOME", false);
        return home.set() && home.unknown().isEmpty() ? home.text() : null;
      }
      if (user.equals("+")) {
        return directory;
      }
      return ShellLexer.isName(user.replace('-', '_')) ? homeOf(user) : null;
    }

    private @Nullable String homeOf(String user) {
      try {
        String passwd = new String(client.files().read("/etc/passwd"), StandardCharsets.UTF_8);
        for (String line : Texts.split(passwd, '\n')) {
          List<String> fields = Texts.split(line, ':');
          if (fields.size() > 5 && fields.getFirst().equals(user)) {
            return fields.get(5);
          }
        }
      } catch (IOException e) {
        // Nobody is known.
      }
      return null;
    }
  }
}
