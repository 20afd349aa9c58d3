package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.docker.Converted;
import dev.ocicap.image.Image;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap convert -- docker run …`: the bundle that dockerd would have made.
final class ConvertCommand implements Command {
  private static final String BUNDLE = "--bundle";
  private static final String CONFIG_ONLY = "--config-only";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addOption(
                Options.single(
                    "DIR",
                    "the bundle to make; default: named after the container or the image",
                    "-b",
                    BUNDLE))
            .addOption(
                Options.flag(
                    "print config.json as dockerd writes it; make and need nothing else",
                    CONFIG_ONLY));
    Conversions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    boolean configOnly = invocation.has(CONFIG_ONLY);
    Optional<String> bundle = invocation.value(BUNDLE);
    if (configOnly && bundle.isPresent()) {
      throw OcicapException.usage("--bundle and --config-only exclude each other", null);
    }
    Conversions conversions = new Conversions(invocation, console);
    Image image = conversions.image(!configOnly);
    Converted converted =
        conversions.convert(
            image, configOnly ? Conversions.Purpose.PRINT : Conversions.Purpose.BUNDLE);
    if (configOnly) {
      console.out().print(converted.config().text());
    } else {
      String name = bundle.orElse(conversions.command().suggestedName());
      Path directory = CliPaths.of(name, console);
      Bundle made = conversions.make(directory, converted, image);
      console.out().println(Escape.text(made.directory().toString()));
    }
    conversions.say(converted, image);
    return ExitStatus.DONE;
  }
}
