package dev.ocicap.cli;

import dev.ocicap.docker.ConversionOptions;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Converts many commands on all cores: they are read, carried out and shown in their order, and
/// only few of them are held in memory. One that cannot be carried out does not keep the others
/// from it.
final class ManyConversions {
  private final Conversions conversions;
  private final ConversionOutput output;
  private final Optional<Path> place;
  private final Console console;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private ExitStatus status = ExitStatus.DONE;
  private int count;

  /// Many commands.
  ///
  /// @param place the directory of their bundles; none when none are made
  ManyConversions(
      Conversions conversions, ConversionOutput output, Optional<Path> place, Console console) {
    this.conversions = conversions;
    this.output = output;
    this.place = place;
    this.console = console;
  }

  /// What became of one command.
  ///
  /// @param out what it has to say on standard output
  /// @param err what it has to say on standard error
  /// @param end its status
  private record Told(ByteArrayOutputStream out, ByteArrayOutputStream err, ExitStatus end) {}

  /// Carries out the commands that were read and all that are left to read.
  ///
  /// @return the gravest status of all
  ExitStatus convert(List<DockerCommands.Read> read, DockerCommands others) {
    conversions.checkNamedImage();
    Iterator<DockerCommands.Read> ready = read.iterator();
    output.begin();
    try (ProgressLine progress = new ProgressLine(console)) {
      AllCores.each(
          () -> work(ready.hasNext() ? ready.next() : others.next()),
          Work::told,
          told -> tell(told, progress));
    }
    output.end();
    return status;
  }

  /// One command that is to be carried out.
  @FunctionalInterface
  private interface Work {
    Told told();
  }

  /// What is to be done for a command. What depends on the commands before it is decided here.
  private @Nullable Work work(DockerCommands.@Nullable Read read) {
    if (read == null) {
      return null;
    }
    return switch (read) {
      case DockerCommands.Refused refused -> () -> refused(refused.problems(), ExitStatus.INPUT);
      case DockerCommands.Typed typed -> {
        int occurrence = ids.merge(ConversionOptions.idFor(typed.command()), 1, Integer::sum);
        Optional<Path> bundle = place.map(folder -> folder.resolve(name(typed)));
        yield () -> carriedOut(typed, occurrence, bundle);
      }
    };
  }

  /// A name that no other bundle of this call has.
  private String name(DockerCommands.Typed typed) {
    String suggested = typed.command().suggestedName();
    String name = suggested;
    while (!names.add(name)) {
      name = suggested + "-" + numbers.merge(suggested, 2, (old, two) -> old + 1);
    }
    return name;
  }

  private Told carriedOut(DockerCommands.Typed typed, int occurrence, Optional<Path> bundle) {
    try {
      ConversionOutput.Done done = conversions.carryOut(typed, occurrence, bundle);
      return told(ExitStatus.DONE, to -> to.printMember(done));
    } catch (OcicapException e) {
      List<Problem> problems = new ArrayList<>();
      for (Problem problem : e.problems()) {
        problems.add(typed.located(problem));
      }
      // The command line was right, what it names is not.
      return refused(problems, e.status() == ExitStatus.USAGE ? ExitStatus.INPUT : e.status());
    }
  }

  private Told refused(List<Problem> problems, ExitStatus why) {
    return told(why, to -> to.printMember(problems));
  }

  private Told told(ExitStatus end, Consumer<ConversionOutput> speech) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream(0);
    Console aside = console.with(print(out), print(err));
    speech.accept(output.to(aside));
    aside.out().flush();
    aside.err().flush();
    return new Told(out, err, end);
  }

  private static PrintStream print(ByteArrayOutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /// Says what a command has to say.
  ///
  /// @return whether anybody listens still
  private boolean tell(Told told, ProgressLine progress) {
    progress.clear();
    if (count++ > 0) {
      output.separate();
    }
    console.out().writeBytes(told.out().toByteArray());
    console.err().writeBytes(told.err().toByteArray());
    console.err().flush();
    if (told.end().code() > status.code()) {
      status = told.end();
    }
    if (!console.outIsTerminal()) {
      progress.update(count);
    }
    return !console.out().checkError();
  }
}
