package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.docker.ConversionOptions;
import dev.ocicap.docker.Converted;
import dev.ocicap.docker.ConvertedBundle;
import dev.ocicap.image.Image;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap convert -- docker run …`: the bundle that dockerd would have made; and `ocicap convert
/// FILE`: one for each docker command in a shell text.
final class ConvertCommand implements Command {
  private static final String BUNDLE = "--bundle";
  private static final String CONFIG_ONLY = "--config-only";
  private static final String EXPLAIN = "--explain";
  private static final String FORMAT = "--format";
  private static final String INSPECT = "--inspect";
  private static final String LABEL = "--label";
  private static final String NAME = "--name";
  private static final List<String> OPTS = List.of("--opt1", "--opt2", "--opt3");

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.optionalPositional(
                    "FILE|-",
                    "a shell text with docker commands, of which nothing is executed; '-' is"
                        + " standard input"))
            .addOption(
                Options.single(
                    "DIR",
                    "the bundle to make; default: named after the container or the image; of several"
                        + " commands the directory that holds their bundles",
                    "-b",
                    BUNDLE))
            .addOption(
                Options.flag(
                    "print config.json as dockerd writes it; make and need nothing else",
                    CONFIG_ONLY))
            .addOption(Options.flag("say which flag decides which property", EXPLAIN))
            .addOption(
                Options.single(
                    "text|json",
                    "json: what became of each flag, and the warnings; of several commands an array",
                    FORMAT));
    spec.addOption(
            Options.single(
                "FILE|-",
                "instead of a command: what docker inspect or podman inspect prints of a container",
                INSPECT))
        .addOption(
            Options.single(
                "RUN|INSTALL|UNINSTALL",
                "instead of a command: the one in this label of --image, with ${IMAGE}, ${NAME} and"
                    + " ${OPT1} to ${OPT3} replaced; it is shown",
                LABEL))
        .addOption(
            Options.single("NAME", "what ${NAME} is in a label; default: the image's name", NAME));
    for (String opt : OPTS) {
      spec.addOption(
          Options.single(
              "TEXT",
              "what ${" + opt.substring(2).toUpperCase(Locale.ROOT) + "} is in a label",
              opt));
    }
    Conversions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  /// A command, its conversion and its bundle's name.
  private record Job(
      DockerCommands.Typed typed, Image image, Converted converted, Optional<Path> directory) {}

  /// A command and how often it was there before, itself included.
  private record Numbered(DockerCommands.Typed typed, int occurrence) {}

  @Override
  public boolean wordsReplace() {
    return true;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    boolean configOnly = invocation.has(CONFIG_ONLY);
    if (configOnly && invocation.has(BUNDLE)) {
      throw OcicapException.usage("--bundle and --config-only exclude each other", null);
    }
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON);
    Conversions conversions =
        new Conversions(
            invocation,
            console,
            configOnly ? Conversions.Purpose.PRINT : Conversions.Purpose.BUNDLE);
    DockerCommands commands = commands(invocation, console, conversions);
    if (configOnly && commands.commands().size() > 1) {
      throw OcicapException.usage(
          CONFIG_ONLY
              + " prints one configuration, and there are "
              + commands.commands().size()
              + " commands",
          "-b DIR");
    }
    List<Job> jobs = convert(commands, conversions);
    if (!configOnly) {
      jobs = named(jobs, invocation.value(BUNDLE), console);
      make(jobs, conversions);
    }
    if (format == Format.JSON) {
      console.out().print(JsonText.lines(json(jobs, commands.notes(), invocation.has(EXPLAIN))));
    } else {
      print(jobs, commands.notes(), invocation.has(EXPLAIN), console);
    }
    return ExitStatus.DONE;
  }

  private static DockerCommands commands(
      Invocation invocation, Console console, Conversions conversions) {
    List<String> files = invocation.positionals();
    int sources = files.size();
    sources += invocation.words() == null ? 0 : 1;
    sources += invocation.has(INSPECT) ? 1 : 0;
    sources += invocation.has(LABEL) ? 1 : 0;
    if (sources > 1) {
      throw OcicapException.usage(
          "a FILE, " + INSPECT + ", " + LABEL + " and a command after '--' exclude each other",
          null);
    }
    if (invocation.has(INSPECT)) {
      return DockerCommands.ofInspection(
          invocation.value(INSPECT).orElseThrow(), conversions.client(), console);
    }
    if (invocation.has(LABEL)) {
      return label(invocation, console, conversions);
    }
    return files.isEmpty()
        ? DockerCommands.ofWords(invocation.words(), conversions.client())
        : DockerCommands.ofScript(files.getFirst(), conversions.client(), console);
  }

  private static DockerCommands label(
      Invocation invocation, Console console, Conversions conversions) {
    String label = invocation.value(LABEL).orElseThrow();
    Image image = conversions.namedImage(LABEL);
    String reference = Conversions.reference(image);
    Map<String, String> variables = new HashMap<>();
    variables.put("IMAGE", reference);
    int colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
    variables.put(
        "NAME",
        invocation
            .value(NAME)
            .orElse(
                reference.substring(
                    reference.lastIndexOf('/') + 1, colon < 0 ? reference.length() : colon)));
    for (String opt : OPTS) {
      variables.put(opt.substring(2).toUpperCase(Locale.ROOT), invocation.value(opt).orElse(""));
    }
    DockerCommands commands =
        DockerCommands.ofLabel(label, image.config(), variables, conversions.client());
    for (DockerCommands.Typed typed : commands.commands()) {
      Notes.note(console, label + ": " + typed.text());
    }
    return commands;
  }

  /// Converts all of them before anything is made, so that one that cannot be converted leaves
  /// nothing behind.
  private static List<Job> convert(DockerCommands commands, Conversions conversions) {
    Map<String, Integer> seen = new HashMap<>();
    List<Numbered> numbered = new ArrayList<>();
    for (DockerCommands.Typed typed : commands.commands()) {
      numbered.add(
          new Numbered(
              typed, seen.merge(ConversionOptions.idFor(typed.command()), 1, Integer::sum)));
    }
    return AllCores.map(
        numbered,
        one -> {
          DockerCommands.Typed typed = one.typed();
          try {
            Image image = conversions.image(typed.command());
            Converted converted = conversions.convert(typed, image, one.occurrence());
            return new Job(typed, image, converted, Optional.empty());
          } catch (OcicapException e) {
            throw located(typed, e);
          }
        });
  }

  private static OcicapException located(DockerCommands.Typed typed, OcicapException e) {
    if (typed.place() == null) {
      return e;
    }
    List<Problem> problems = new ArrayList<>();
    for (Problem problem : e.problems()) {
      problems.add(typed.located(problem));
    }
    // The command line was right, what it names is not.
    return new OcicapException(
        e.status() == ExitStatus.USAGE ? ExitStatus.INPUT : e.status(), problems);
  }

  /// Gives every bundle a directory: the one that was named, or one in it for each of several.
  private static List<Job> named(List<Job> jobs, Optional<String> bundle, Console console) {
    Set<String> used = new HashSet<>();
    List<Job> named = new ArrayList<>();
    for (Job job : jobs) {
      String suggested = job.typed().command().suggestedName();
      String name = suggested;
      for (int i = 2; !used.add(name); i++) {
        name = suggested + "-" + i;
      }
      Path directory =
          jobs.size() == 1
              ? CliPaths.of(bundle.orElse(name), console)
              : bundle.isPresent()
                  ? CliPaths.of(bundle.get(), console).resolve(name)
                  : CliPaths.of(name, console);
      named.add(new Job(job.typed(), job.image(), job.converted(), Optional.of(directory)));
    }
    return named;
  }

  /// Makes every bundle, or none.
  private static void make(List<Job> jobs, Conversions conversions) {
    List<ConvertedBundle.Made> made = new ArrayList<>();
    try {
      AllCores.map(
          jobs,
          job -> {
            try {
              ConvertedBundle.Made one =
                  conversions.make(job.directory().orElseThrow(), job.converted(), job.image());
              synchronized (made) {
                made.add(one);
              }
              return one;
            } catch (OcicapException e) {
              throw located(job.typed(), e);
            }
          });
    } catch (RuntimeException e) {
      for (ConvertedBundle.Made one : made.reversed()) {
        one.undo(e);
      }
      throw e;
    }
  }

  private static JsonNode json(List<Job> jobs, List<Problem> notes, boolean explain) {
    ArrayNode array = JsonValues.array();
    for (Job job : jobs) {
      array.add(
          ConversionReport.json(
              job.directory().map(Path::toString), job.converted(), warnings(job, notes), explain));
    }
    return jobs.size() == 1 ? array.get(0) : array;
  }

  /// The warnings of a command; what was assumed when the text was read belongs to the command that
  /// stands there, which nobody can tell, so all of them have it.
  private static List<Problem> warnings(Job job, List<Problem> notes) {
    List<Problem> warnings = new ArrayList<>(notes);
    for (Problem problem : Conversions.warnings(job.converted(), job.image())) {
      warnings.add(job.typed().located(problem));
    }
    return warnings;
  }

  private static void print(List<Job> jobs, List<Problem> notes, boolean explain, Console console) {
    for (Problem note : notes) {
      Notes.warn(console, note);
    }
    for (Job job : jobs) {
      if (job.directory().isPresent()) {
        console.out().println(Escape.text(job.directory().get().toString()));
      } else {
        console.out().print(job.converted().config().text());
      }
      for (Problem warning : Conversions.spoken(job.converted(), job.image())) {
        Notes.warn(console, job.typed().located(warning));
      }
      if (explain) {
        ConversionReport.explain(
            job.converted(), job.directory().isPresent() ? console.out() : console.err());
      }
    }
  }
}
