package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// `ocicap generate --each FILE`: one document for each line of options, on all cores. Lines are
/// read and answered in their order, and only few of them are held in memory. One that is wrong
/// does not keep the others from being done.
final class ManyGenerations {
  private static final int MAX_LINE = 1 << 20;

  private final GenerateCommand command;
  private final List<String> common;
  private final @Nullable List<String> words;
  private final Console console;
  private ExitStatus status = ExitStatus.DONE;
  private int count;

  /// Many documents.
  ///
  /// @param common the options that hold for every line
  /// @param words the process' command where a line has none
  ManyGenerations(
      GenerateCommand command, List<String> common, @Nullable List<String> words, Console console) {
    this.command = command;
    this.common = common;
    this.words = words;
    this.console = console;
  }

  /// A line of options.
  private record Line(Place place, String text) {}

  /// What became of a line.
  private record Told(ByteArrayOutputStream out, ByteArrayOutputStream err, ExitStatus end) {}

  /// Does every line of a file, or of standard input.
  ///
  /// @return the gravest status of all
  ExitStatus generate(String file) {
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
        ProgressLine progress = new ProgressLine(console)) {
      int[] number = new int[1];
      AllCores.each(() -> next(file, lines, number), this::told, told -> tell(told, progress));
    } catch (IOException e) {
      throw ConfigFile.failure(Path.of(file), "cannot read", e);
    }
    return status;
  }

  private InputStream open(String file) throws IOException {
    return file.equals(CliPaths.STANDARD_STREAM)
        ? console.in().take()
        : Files.newInputStream(CliPaths.of(file, console));
  }

  private static @Nullable Line next(String file, BufferedReader lines, int[] number) {
    try {
      String line;
      do {
        line = lines.readLine();
        number[0]++;
      } while (line != null && (line.isBlank() || line.stripLeading().startsWith("#")));
      Place place = new Place(file, number[0], 1);
      if (line != null && line.length() > MAX_LINE) {
        throw OcicapException.input(place, "a line of more than a million characters", null);
      }
      return line == null ? null : new Line(place, line);
    } catch (IOException e) {
      throw ConfigFile.failure(Path.of(file), "cannot read", e);
    }
  }

  private Told told(Line line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream(0);
    Console aside = console.with(print(out), print(err));
    ExitStatus end = ExitStatus.DONE;
    try {
      end = command.run(invocation(line.text()), aside);
    } catch (OcicapException e) {
      List<Problem> problems = new ArrayList<>();
      for (Problem problem : e.problems()) {
        problems.add(
            problem.place() == null
                ? new Problem(line.place(), problem.message(), problem.hint())
                : problem);
      }
      Problems.print(problems, aside);
      // The command line was right, what it names is not.
      end = e.status() == ExitStatus.USAGE ? ExitStatus.INPUT : e.status();
    }
    aside.out().flush();
    aside.err().flush();
    return new Told(out, err, end);
  }

  private Invocation invocation(String line) {
    List<String> all = new ArrayList<>(common);
    List<String> own = OptionLine.words(line);
    int dashes = own.indexOf("--");
    all.addAll(dashes < 0 ? own : own.subList(0, dashes));
    Arguments arguments = new Arguments(command.spec(Mention.in(all)));
    try {
      Invocation invocation =
          arguments.read(all, dashes < 0 ? words : own.subList(dashes + 1, own.size()));
      if (invocation.has(GenerateCommand.EACH)) {
        throw OcicapException.usage(GenerateCommand.EACH + " in a line of its own file", null);
      }
      return invocation;
    } catch (CommandLine.ParameterException e) {
      throw UsageErrors.explain("generate", command.spec(), e);
    }
  }

  private static PrintStream print(ByteArrayOutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /// Says what a line has to say.
  ///
  /// @return whether anybody listens still
  private boolean tell(Told told, ProgressLine progress) {
    progress.clear();
    console.out().writeBytes(told.out().toByteArray());
    console.err().writeBytes(told.err().toByteArray());
    console.err().flush();
    if (told.end().code() > status.code()) {
      status = told.end();
    }
    count++;
    if (!console.outIsTerminal()) {
      progress.update(count);
    }
    return !console.out().checkError();
  }
}
