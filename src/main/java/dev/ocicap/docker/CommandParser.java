package dev.ocicap.docker;

import dev.ocicap.docker.DockerRunCommand.Engine;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the words of a command line with the rules of spf13/pflag, which docker uses: full names
/// only, `--flag value` and `--flag=value`, bundles of letters with a value at the end, and no flag
/// after the first other word.
final class CommandParser {
  private static final int MAX_WORDS = 100_000;

  private final List<String> words;
  private final List<FlagValue> flags = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private int at;
  private boolean create;
  private List<DockerFlag> table = DockerFlag.ALL;

  CommandParser(List<String> words) {
    this.words = words;
  }

  DockerRunCommand parse() {
    if (words.size() > MAX_WORDS) {
      throw OcicapException.usage("more than " + MAX_WORDS + " words", null);
    }
    for (String word : words) {
      if (word.indexOf('\0') >= 0) {
        throw OcicapException.usage("'" + word + "' contains a NUL character", null);
      }
    }
    Engine engine = engine();
    table = engine.flags();
    subcommand(engine);
    flags();
    if (at >= words.size()) {
      problems.add(
          Problem.of(
              "'" + engine.program() + (create ? " create" : " run") + "' needs an image",
              engine.program() + " run IMAGE [COMMAND]"));
    } else if (!isRootfs()) {
      check(words.get(at));
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
    return new DockerRunCommand(
        engine, create, flags, words.get(at), words.subList(at + 1, words.size()));
  }

  /// Whether the image is the directory of a root file system.
  private boolean isRootfs() {
    for (int i = flags.size() - 1; i >= 0; i--) {
      if (flags.get(i).flag().name().equals("rootfs")) {
        return GoSyntax.parseBool(flags.get(i).text());
      }
    }
    return false;
  }

  private void check(String image) {
    String reason = ImageReference.problem(image);
    if (reason != null) {
      problems.add(Problem.of("image " + reason));
    }
  }

  private Engine engine() {
    if (words.isEmpty()) {
      throw OcicapException.usage("no command line", "docker run IMAGE [COMMAND]");
    }
    String first = words.getFirst();
    Engine engine = engine(first);
    if (engine == null) {
      boolean bare = first.equals("run") || first.equals("create") || first.startsWith("-");
      throw OcicapException.usage(
          "'" + first + "' is neither docker, podman nor nerdctl",
          bare ? "docker " + (first.startsWith("-") ? "run " : "") + first + " …" : null);
    }
    at = 1;
    return engine;
  }

  /// The engine whose program a word names, or null.
  static @Nullable Engine engine(String word) {
    String name = word.substring(word.lastIndexOf('/') + 1);
    for (Engine engine : Engine.values()) {
      if (engine.program().equals(name)) {
        return engine;
      }
    }
    return null;
  }

  /// Skips the program's own flags, which stand before the subcommand.
  private void subcommand(Engine engine) {
    boolean container = false;
    while (at < words.size()) {
      String word = words.get(at++);
      if (word.startsWith("-") && !container) {
        skipGlobal(engine, word);
      } else if (word.equals("run") || word.equals("create")) {
        create = word.equals("create");
        return;
      } else if (word.equals("container") && !container) {
        container = true;
      } else {
        throw OcicapException.usage(
            "'"
                + engine.program()
                + (container ? " container " : " ")
                + word
                + "' does not make a"
                + " container",
            engine.program() + " run IMAGE [COMMAND]");
      }
    }
    throw OcicapException.usage(
        "'" + engine.program() + "' without 'run'", engine.program() + " run IMAGE [COMMAND]");
  }

  private void skipGlobal(Engine engine, String word) {
    if (word.equals("--")) {
      return;
    }
    if (word.startsWith("-D") && word.length() > 2 && word.charAt(2) != '=') {
      skipGlobal(engine, "-" + word.substring(2));
      return;
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (takesNoValue(name)) {
      return;
    }
    if (takesValue(engine, name)) {
      String value =
          equals < 0 ? at < words.size() ? words.get(at) : "" : word.substring(equals + 1);
      if (equals < 0) {
        at++;
      }
      if (name.equals("-l") || name.equals("--log-level")) {
        checkLogLevel(value);
      }
      return;
    }
    if (!name.startsWith("--") && name.length() > 2 && takesValue(engine, name.substring(0, 2))) {
      return;
    }
    throw OcicapException.usage(
        "unknown flag '" + name + "' before 'run'", "the flags of 'run' stand after it");
  }

  private static void checkLogLevel(String value) {
    switch (value.toLowerCase(Locale.ROOT)) {
      case "", "panic", "fatal", "error", "warn", "warning", "info", "debug", "trace" -> {
        // It concerns what the client says.
      }
      default ->
          throw OcicapException.usage(
              "--log-level: '" + value + "' is not a level such as 'info'", null);
    }
  }

  private static boolean takesNoValue(String name) {
    return switch (name) {
      case "-D",
          "--debug",
          "--tls",
          "--tlsverify",
          "--remote",
          "--noout",
          "--syslog",
          "--transient-store",
          "--insecure-registry",
          "--experimental",
          "--debug-full" ->
          true;
      default -> false;
    };
  }

  private static boolean takesValue(Engine engine, String name) {
    return switch (name) {
      case "--config",
          "-c",
          "--context",
          "-H",
          "--host",
          "-l",
          "--log-level",
          "--tlscacert",
          "--tlscert",
          "--tlskey" ->
          true;
      case "--cgroup-manager", "--storage-driver" -> engine != Engine.DOCKER;
      case "-r",
          "--conmon",
          "--connection",
          "--events-backend",
          "--hooks-dir",
          "--identity",
          "--module",
          "--network-cmd-path",
          "--network-config-dir",
          "--out",
          "--root",
          "--runroot",
          "--runtime",
          "--runtime-flag",
          "--ssh",
          "--storage-opt",
          "--tmpdir",
          "--imagestore",
          "--db-backend",
          "--network-backend",
          "--url",
          "--volumepath" ->
          engine == Engine.PODMAN;
      case "-n",
          "--namespace",
          "-a",
          "--address",
          "--cni-netconfpath",
          "--cni-path",
          "--data-root",
          "--hosts-dir",
          "--snapshotter",
          "--host-gateway-ip",
          "--bridge-ip" ->
          engine == Engine.NERDCTL;
      default -> false;
    };
  }

  private void flags() {
    while (at < words.size()) {
      String word = words.get(at);
      if (word.length() < 2 || word.charAt(0) != '-') {
        return;
      }
      at++;
      if (word.equals("--")) {
        return;
      }
      if (word.charAt(1) == '-') {
        longFlag(word);
      } else {
        letters(word);
      }
    }
  }

  private void longFlag(String word) {
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    if (name.isEmpty() || name.startsWith("-")) {
      throw stop("'" + word + "' is not a flag", null);
    }
    DockerFlag flag = known(DockerFlag.named(table, name));
    if (flag == null) {
      throw stop("unknown flag '--" + name + "'", suggestion(name));
    }
    String spelling = "--" + name;
    if (equals >= 0) {
      add(flag, word.substring(equals + 1), spelling);
    } else if (flag.type() == FlagType.BOOL) {
      add(flag, "true", spelling);
    } else {
      add(flag, nextWord(spelling), spelling);
    }
  }

  private void letters(String word) {
    for (int i = 1; i < word.length(); i++) {
      DockerFlag flag = known(DockerFlag.lettered(table, word.charAt(i)));
      if (flag == null) {
        throw stop(
            "unknown flag '-" + word.charAt(i) + "' in '" + word + "'",
            word.length() > 2 ? suggestion(word.substring(1)) : null);
      }
      String spelling = "-" + word.charAt(i);
      if (word.length() - i > 2 && word.charAt(i + 1) == '=') {
        add(flag, word.substring(i + 2), spelling);
        return;
      }
      if (flag.type() == FlagType.BOOL) {
        add(flag, "true", spelling);
      } else if (i + 1 < word.length()) {
        add(flag, word.substring(i + 1), spelling);
        return;
      } else {
        add(flag, nextWord(spelling), spelling);
      }
    }
  }

  private @Nullable DockerFlag known(@Nullable DockerFlag flag) {
    DockerFlag.Scope other = create ? DockerFlag.Scope.RUN : DockerFlag.Scope.CREATE;
    return flag != null && flag.scope() == other ? null : flag;
  }

  private String nextWord(String spelling) {
    if (at >= words.size()) {
      throw stop("'" + spelling + "' needs a value", null);
    }
    return words.get(at++);
  }

  private void add(DockerFlag flag, String text, String spelling) {
    if (flag.name().equals("help") && (!GoSyntax.isBool(text) || GoSyntax.parseBool(text))) {
      throw stop("'--help' makes no container", "ocicap convert --help");
    }
    if (flag.type() == FlagType.BOOL && !GoSyntax.isBool(text)) {
      problems.add(
          Problem.of(
              "'" + spelling + "=" + text + "': expected 'true' or 'false'",
              "'" + spelling + "' alone switches it on"));
      return;
    }
    if (flag.type() == FlagType.COMMAS) {
      addAll(flag, text, spelling);
    } else {
      flags.add(new FlagValue(flag, text, spelling));
    }
  }

  private void addAll(DockerFlag flag, String text, String spelling) {
    if (text.isEmpty()) {
      return;
    }
    try {
      for (String field : Csv.parse(text)) {
        flags.add(new FlagValue(flag, field, spelling));
      }
    } catch (BadValue e) {
      problems.add(Problem.of(spelling + ": " + e.reason(), e.hint()));
    }
  }

  private OcicapException stop(String message, @Nullable String hint) {
    problems.add(Problem.of(message, hint));
    return new OcicapException(ExitStatus.USAGE, problems);
  }

  private @Nullable String suggestion(String name) {
    List<String> names = new ArrayList<>();
    for (DockerFlag flag : table) {
      if (flag.status() == DockerFlag.Status.SHOWN) {
        names.add(flag.name());
      }
    }
    String nearest = Suggestion.nearest(name, names).orElse(null);
    return nearest == null ? null : "--" + nearest;
  }
}
