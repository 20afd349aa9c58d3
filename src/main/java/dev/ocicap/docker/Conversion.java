package dev.ocicap.docker;

import dev.ocicap.image.ImageConfig;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One conversion under way: what goes in, and what is found on the way. Problems are collected, so
/// that all of them can be shown at once.
final class Conversion {
  final DockerRunCommand command;
  final ImageConfig image;
  final ImageFiles rootfs;
  final TargetHost host;
  final ClientEnvironment client;
  final ConversionOptions options;

  private static final List<String> ENGINE_FILES =
      List.of("/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/.dockerenv", "/dev/console");

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Preparation> preparations = new ArrayList<>();
  private final Map<String, FlagMeaning> meanings = new HashMap<>();

  Conversion(
      DockerRunCommand command,
      ImageConfig image,
      ImageFiles rootfs,
      TargetHost host,
      ClientEnvironment client,
      ConversionOptions options) {
    this.command = command;
    this.image = image;
    this.rootfs = rootfs;
    this.host = host;
    this.client = client;
    this.options = options;
  }

  /// Notes that something cannot be converted.
  void problem(String message, @Nullable String hint) {
    problems.add(Problem.of(message, hint));
  }

  /// Notes that something in a file cannot be converted.
  void problem(Problem problem) {
    problems.add(problem);
  }

  /// Notes that a flag's value cannot be used.
  void badValue(String flag, BadValue e) {
    problem("--" + flag + ": " + e.reason(), e.hint());
  }

  /// Notes that two flags contradict each other.
  void conflict(String one, String other) {
    problem("'" + one + "' and '" + other + "' contradict each other", null);
  }

  /// Notes that something works otherwise than the words suggest.
  void warning(String message, @Nullable String hint) {
    warnings.add(Problem.of(message, hint));
  }

  void prepare(Preparation preparation) {
    preparations.add(preparation);
  }

  /// Says what became of a flag, where it is not what the table says.
  void report(String flag, FlagMeaning meaning) {
    meanings.put(flag, meaning);
  }

  /// Whether it becomes a bundle, and not only the engine's document.
  boolean isBundle() {
    return options.form() == ConversionOptions.Form.BUNDLE;
  }

  /// Whether the host's kernel and its runtimes can mount read-only recursively.
  boolean recursiveReadonly() {
    return host.recursiveReadonly()
        && (host.elsewhere() || options.known().features().knowMountOption("rro"));
  }

  /// Whether a path in the container is a file before it starts: one of the image's, or one that
  /// the engine puts there.
  boolean isFile(String path) {
    return ENGINE_FILES.contains(path) || rootfs.isFile(path);
  }

  boolean isPrivileged() {
    return command.isOn("privileged");
  }

  /// Every value of a flag, parsed; values that are no good are noted and left out.
  <T> List<T> all(String flag, Function<String, T> parser) {
    List<T> parsed = new ArrayList<>();
    for (String text : command.all(flag)) {
      try {
        parsed.add(parser.apply(text));
      } catch (BadValue e) {
        badValue(flag, e);
      }
    }
    return parsed;
  }

  /// The last value of a flag, parsed; every value is checked.
  <T> T last(String flag, T otherwise, Function<String, T> parser) {
    if (!command.has(flag)) {
      return otherwise;
    }
    List<T> parsed = all(flag, parser);
    return parsed.isEmpty() ? otherwise : parsed.getLast();
  }

  /// The last whole number of a flag.
  long integer(String flag, long otherwise) {
    return last(flag, otherwise, GoSyntax::parseInt);
  }

  /// The last whole number without a sign of a flag; 0 when it was not given or is no good.
  long unsigned(String flag) {
    return Math.max(0, integer(flag, 0));
  }

  /// The last size of a flag in bytes; 0 when it was not given.
  long bytes(String flag) {
    return last(flag, 0L, text -> ByteSize.parse(text).bytes());
  }

  /// Ends the conversion if anything was wrong.
  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
  }

  List<Problem> warnings() {
    return warnings;
  }

  List<Preparation> preparations() {
    return preparations;
  }

  /// What became of each flag, in the order in which they were first given.
  List<FlagReport> reports() {
    List<FlagReport> reports = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (FlagValue value : command.flags()) {
      String name = value.flag().canonicalName();
      DockerFlag flag = DockerFlag.named(command.engine().flags(), name);
      if (flag != null && !seen.contains(name)) {
        seen.add(name);
        reports.add(new FlagReport(flag, command.all(name), meaning(flag)));
      }
    }
    return reports;
  }

  private FlagMeaning meaning(DockerFlag flag) {
    DockerRunCommand.Engine engine = options.grants().engine();
    if (engine != command.engine() && DockerFlag.named(engine.flags(), flag.name()) == null) {
      return new FlagMeaning.Unsupported(
          engine.program() + " knows no such flag", "--engine " + command.engine().program());
    }
    String last = command.text(flag.name());
    if (flag.type() == FlagType.BOOL && !GoSyntax.parseBool(last)) {
      return new FlagMeaning.Ignored("it is off");
    }
    if (flag.type() == FlagType.STRING && last.isEmpty() && !flag.name().equals("entrypoint")) {
      return new FlagMeaning.Ignored("an empty value is the default");
    }
    FlagMeaning meaning = meanings.getOrDefault(flag.name(), flag.meaning());
    return isBundle() || !(meaning instanceof FlagMeaning.Kept kept) ? meaning : kept.dropped();
  }
}
