package dev.ocicap.cli;

import dev.ocicap.manual.Page;
import dev.ocicap.manual.TerminalPage;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.runtime.Handover;
import dev.ocicap.runtime.Launcher;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Starts ocicap: finds the command, runs it, prints errors, and ends the process. The only class
/// that touches `System.in`, `out`, `err`, `exit` and `getenv`.
public final class Main {
  /// The system property in which the launcher names the standard streams that are terminals.
  private static final String TERMINALS = "ocicap.terminals";

  private static final String HELP_HINT = "ocicap --help";

  private Main() {}

  /// Runs one command line and ends the process with its status.
  public static void main(String[] args) {
    OutputStream out = buffered(FileDescriptor.out);
    OutputStream err = buffered(FileDescriptor.err);
    @Nullable Launcher launcher = Launcher.ofThisProcess();
    Map<String, String> env =
        launcher == null ? System.getenv() : launcher.userEnvironment(System.getenv());
    int status = run(System.in, out, err, env, Path.of(""), Handover.ofThisProcess(), args);
    // System.exit() would start the logging of the shutdown, a tenth of a cold start.
    Runtime.getRuntime().halt(status);
  }

  /// Runs one command line in this process, which stays what it is: `run` refuses to start a
  /// container.
  ///
  /// @param in standard input
  /// @param out standard output
  /// @param err standard error
  /// @param env the environment variables
  /// @param args the arguments after `ocicap`
  /// @return the exit status
  public static int run(
      InputStream in, OutputStream out, OutputStream err, Map<String, String> env, String... args) {
    return run(in, out, err, env, Path.of(""), args);
  }

  /// The same.
  ///
  /// @param directory what relative paths start from
  static int run(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> env,
      Path directory,
      String... args) {
    return run(in, out, err, env, directory, Main::refuse, args);
  }

  private static ExitStatus refuse(List<String> command) {
    throw new OcicapException(
        ExitStatus.NOT_STARTED,
        List.of(Problem.of("this process cannot become '" + command.getFirst() + "'")));
  }

  /// The same.
  ///
  /// @param handover how `run` becomes the container runtime
  static int run(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> env,
      Path directory,
      Handover handover,
      String... args) {
    Output results = new Output(out);
    Console console =
        new Console(
            new StandardInput(in),
            print(results),
            print(err),
            env,
            directory,
            handover,
            System.getProperty(TERMINALS, ""));
    int status = run(console, args).code();
    console.out().flush();
    if (results.isBrokenPipe()) {
      status = Output.BROKEN_PIPE_STATUS;
    } else if (results.hasFailed()) {
      console.err().println("ocicap: error: cannot write to standard output: " + results.reason());
      status = status == ExitStatus.DONE.code() ? ExitStatus.INPUT.code() : status;
    }
    console.err().flush();
    return status;
  }

  private static ExitStatus run(Console console, String... args) {
    try {
      return dispatch(console, args);
    } catch (OcicapException e) {
      Problems.print(e.problems(), console);
      trace(e, console);
      return e.status();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      console
          .err()
          .println("ocicap: error: this is a mistake in ocicap: " + Escape.text(e.toString()));
      console.err().println("  hint: OCICAP_DEBUG=1 ocicap … shows where; please report it");
      trace(e, console);
      return ExitStatus.BUG;
    }
  }

  /// Java has put U+FFFD for every byte that is not UTF-8: what the user meant is lost, and a
  /// config.json could not hold it.
  private static void requireText(String... args) {
    List<Problem> problems = new ArrayList<>();
    for (String arg : args) {
      if (arg.indexOf('\uFFFD') >= 0) {
        problems.add(Problem.of("'" + arg + "' holds a byte that is not UTF-8"));
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
  }

  private static ExitStatus dispatch(Console console, String... args) {
    if (args.length == 0) {
      console.err().print(TerminalPage.render(Help.overview(), console.coloursErr()));
      return ExitStatus.USAGE;
    }
    requireText(args);
    String first = args[0];
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    return switch (first) {
      case "-h", "--help" -> help(console);
      case "help" -> help(console, rest);
      case "-V", "--version" -> {
        console.out().println("ocicap " + Help.version());
        yield ExitStatus.DONE;
      }
      default ->
          first.startsWith("-") ? behindOptions(console, args) : command(console, first, rest);
    };
  }

  /// The options of a container runtime may stand before the command, as they do for runc.
  private static ExitStatus behindOptions(Console console, String... args) {
    int command = 0;
    while (command < args.length && args[command].startsWith("-")) {
      int words = RuntimeArguments.wordsOfGlobal(args[command]);
      if (words == 0) {
        return command(console, args[command], new String[0]);
      }
      command += words;
    }
    if (command >= args.length) {
      throw OcicapException.usage("a command is missing", HELP_HINT);
    }
    List<String> rest = new ArrayList<>(List.of(args));
    rest.remove(command);
    return command(console, args[command], rest.toArray(new String[0]));
  }

  private static ExitStatus help(Console console, String... words) {
    if (words.length > 1) {
      throw OcicapException.usage("help takes one word", "ocicap help " + words[0]);
    }
    boolean named = words.length == 1 && !words[0].equals("--help") && !words[0].equals("-h");
    Page page = named ? Help.named(words[0]) : Help.overview();
    console.out().print(TerminalPage.render(page, console.coloursOut()));
    return ExitStatus.DONE;
  }

  private static ExitStatus command(Console console, String name, String[] args) {
    Commands.Row row =
        Commands.find(name)
            .orElseThrow(() ->
                name.startsWith("-")
                    ? OcicapException.usage("unknown option '" + name + "'", HELP_HINT)
                    : OcicapException.usage(
                        "unknown command '" + name + "'",
                        Suggestion.nearest(name, Commands.names())
                            .map(nearest -> "ocicap " + nearest)
                            .or(() -> Topics.find(name).map(topic -> "ocicap help " + topic.name()))
                            .orElse(HELP_HINT)));
    Command command = row.make();
    List<String> all = List.of(args);
    int dashes = all.indexOf("--");
    List<String> options = dashes < 0 ? all : all.subList(0, dashes);
    List<String> words = dashes < 0 ? null : all.subList(dashes + 1, all.size());
    if (!command.trailLabel().isEmpty()) {
      Trail trail = Trail.of(all, command.spec());
      options = trail.before();
      words = trail.behind();
    }
    if (options.contains("--help") || options.contains("-h")) {
      return help(console, name);
    }
    if (words != null && command.wordsLabel().isEmpty() && command.trailLabel().isEmpty()) {
      throw OcicapException.usage(
          "'" + name + "' takes no words after '--'", "ocicap " + name + " --help");
    }
    return command.run(
        new Arguments(name, command, Mention.in(options)).read(options, words), console);
  }

  private static void trace(Throwable e, Console console) {
    if (!console.env().getOrDefault("OCICAP_DEBUG", "").isEmpty()) {
      e.printStackTrace(console.err());
    }
  }

  private static OutputStream buffered(FileDescriptor descriptor) {
    return new BufferedOutputStream(new FileOutputStream(descriptor), 8192);
  }

  private static PrintStream print(OutputStream out) {
    return out instanceof PrintStream stream
        ? stream
        : new PrintStream(out, false, StandardCharsets.UTF_8);
  }
}
