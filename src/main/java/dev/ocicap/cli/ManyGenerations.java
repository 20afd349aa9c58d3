package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ocicap generate --each FILE`: one document for each line of options, on all cores. Lines are
/// read and answered in their order, and only few of them are held in memory. One that is wrong
/// does not keep the others from being done.
final class ManyGenerations {
  private static final int MAX_LINE = 1 << 20;

  private final GenerateCommand command;
  private final List<String> common;
  private final @Nullable List<String> words;
  private final Console console;
  private final Answers answers;

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
    this.answers = new Answers(console, () -> {});
  }

  /// A line of options.
  private record Line(Place place, String text) {}

  /// Does every line of a file, or of standard input.
  ///
  /// @return the gravest status of all
  ExitStatus generate(String file) {
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
        answers) {
      int[] number = new int[1];
      AllCores.each(() -> next(file, lines, number), this::answer, answers::tell);
    } catch (IOException e) {
      throw ConfigFile.failure(Path.of(file), "cannot read", e);
    }
    return answers.status();
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
        line = line(lines, new Place(file, ++number[0], 1));
      } while (line != null && (line.isBlank() || line.stripLeading().startsWith("#")));
      return line == null ? null : new Line(new Place(file, number[0], 1), line);
    } catch (IOException e) {
      throw ConfigFile.failure(Path.of(file), "cannot read", e);
    }
  }

  /// The next line without its end, or null behind the last.
  private static @Nullable String line(BufferedReader lines, Place place) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = lines.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (line.length() == MAX_LINE) {
        throw OcicapException.input(place, "a line of more than a million characters", null);
      }
      line.append((char) c);
      c = lines.read();
    }
    return line.toString();
  }

  private Answers.Answer answer(Line line) {
    return answers.of(aside -> {
      try {
        return command.run(invocation(line.text()), aside);
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
        return e.status() == ExitStatus.USAGE ? ExitStatus.INPUT : e.status();
      }
    });
  }

  private Invocation invocation(String line) {
    // What no word of a command line can hold: Java has put U+FFFD for what is not UTF-8.
    if (line.indexOf('\uFFFD') >= 0 || line.indexOf('\0') >= 0) {
      throw OcicapException.usage("the line holds a NUL or a byte that is not UTF-8", null);
    }
    List<String> all = new ArrayList<>(common);
    List<String> own = OptionLine.words(line);
    int dashes = own.indexOf("--");
    all.addAll(dashes < 0 ? own : own.subList(0, dashes));
    Invocation invocation =
        new Arguments("generate", command, Mention.in(all))
            .read(all, dashes < 0 ? words : own.subList(dashes + 1, own.size()));
    if (invocation.has(GenerateCommand.EACH)) {
      throw OcicapException.usage(GenerateCommand.EACH + " in a line of its own file", null);
    }
    return invocation;
  }
}
