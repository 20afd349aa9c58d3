package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ocicap convert -- docker run …`: the bundle that dockerd would have made; and `ocicap convert
/// FILE`: one for each docker command in a shell text.
final class ConvertCommand implements Command {
  private static final String BUNDLE = "--bundle";
  private static final String CONFIG_ONLY = "--config-only";
  private static final String EXPLAIN = "--explain";
  private static final String FORMAT = "--format";
  private static final String INSPECT = "--inspect";
  private static final String LABEL = LabelOptions.LABEL;

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
            INSPECT));
    LabelOptions.declare(spec);
    Conversions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

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
    ConversionOutput output =
        new ConversionOutput(format == Format.JSON, invocation.has(EXPLAIN), console);
    DockerCommands.Read first = Objects.requireNonNull(commands.next());
    DockerCommands.@Nullable Read second = commands.next();
    if (second != null) {
      return new ManyConversions(conversions, output, place(invocation, console), console)
          .convert(List.of(first, second), commands);
    }
    // Not a switch: one over types is linked anew at each start.
    if (first instanceof DockerCommands.Refused refused) {
      throw new OcicapException(ExitStatus.INPUT, refused.problems());
    }
    if (first instanceof DockerCommands.Typed typed) {
      output.print(conversions.carryOut(typed, 1, bundle(typed, invocation, console)));
    }
    return ExitStatus.DONE;
  }

  /// The bundle of the only command; none when none is made.
  private static Optional<Path> bundle(
      DockerCommands.Typed typed, Invocation invocation, Console console) {
    return invocation.has(CONFIG_ONLY)
        ? Optional.empty()
        : Optional.of(
            CliPaths.of(invocation.value(BUNDLE).orElse(typed.command().suggestedName()), console));
  }

  /// Where the bundles of several commands are; nowhere when none are made.
  private static Optional<Path> place(Invocation invocation, Console console) {
    return invocation.has(CONFIG_ONLY)
        ? Optional.empty()
        : Optional.of(CliPaths.of(invocation.value(BUNDLE).orElse(""), console));
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
      return DockerCommands.of(LabelOptions.commands(invocation, console, conversions));
    }
    return files.isEmpty()
        ? DockerCommands.of(
            List.of(DockerCommands.ofWords(invocation.words(), conversions.client())))
        : DockerCommands.ofScript(files.getFirst(), conversions.client(), console);
  }
}
