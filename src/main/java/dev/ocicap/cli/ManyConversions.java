package dev.ocicap.cli;

import dev.ocicap.docker.ConversionOptions;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
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
  private final Answers answers;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /// Many commands.
  ///
  /// @param place the directory of their bundles; none when none are made
  ManyConversions(
      Conversions conversions, ConversionOutput output, Optional<Path> place, Console console) {
    this.conversions = conversions;
    this.output = output;
    this.place = place;
    this.answers = new Answers(console, output::separate);
  }

  /// Carries out the commands that were read and all that are left to read.
  ///
  /// @return the gravest status of all
  ExitStatus convert(List<DockerCommands.Read> read, DockerCommands others) {
    for (DockerCommands.Read one : read) {
      if (one instanceof DockerCommands.Typed typed) {
        conversions.checkNamedImage(typed);
        break;
      }
    }
    Iterator<DockerCommands.Read> ready = read.iterator();
    output.begin();
    try (answers) {
      AllCores.each(
          () -> work(ready.hasNext() ? ready.next() : others.next()), Work::answer, answers::tell);
    }
    output.end();
    return answers.status();
  }

  /// One command that is to be carried out.
  @FunctionalInterface
  private interface Work {
    Answers.Answer answer();
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

  private Answers.Answer carriedOut(
      DockerCommands.Typed typed, int occurrence, Optional<Path> bundle) {
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

  private Answers.Answer refused(List<Problem> problems, ExitStatus why) {
    return told(why, to -> to.printMember(problems));
  }

  private Answers.Answer told(ExitStatus end, Consumer<ConversionOutput> speech) {
    return answers.of(aside -> {
      speech.accept(output.to(aside));
      return end;
    });
  }
}
