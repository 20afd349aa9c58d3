package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.edit.RootlessEdits;
import dev.ocicap.host.Host;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.util.List;

/// `ocicap edit`: the same options as `generate`, on a configuration that exists.
final class EditCommand implements Command {
  private static final String OUTPUT = "--output";
  private static final String DRY_RUN = "--dry-run";
  private static final String ROOTLESS = "--rootless";

  @Override
  public CommandSpec spec() {
    return spec(Mention.ALL);
  }

  @Override
  public CommandSpec spec(Mention mention) {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.positional("BUNDLE|FILE|-", "what to change; - reads standard input"))
            .addOption(
                Options.single(
                    "FILE",
                    "write there and leave the original alone; - is standard output",
                    "-o",
                    OUTPUT))
            .addOption(Options.flag("show what would change, and change nothing", "-n", DRY_RUN))
            .addOption(Options.flag("for a caller without root, as generate --rootless", ROOTLESS));
    ConfigEdit.declare(spec, mention);
    return spec;
  }

  @Override
  public List<Help.Section> sections() {
    return ConfigEdit.sections();
  }

  @Override
  public String wordsLabel() {
    return "ARGS…";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String source = invocation.positionals().getFirst();
    if (invocation.has(DRY_RUN) && invocation.has(OUTPUT)) {
      throw OcicapException.usage("--dry-run and --output exclude each other", null);
    }
    ConfigEdit edit =
        new ConfigEdit(
            invocation,
            new EditOptions.Context(console, Host.bounding()),
            "ocicap edit BUNDLE -- sh");
    RuntimeConfig config = CliPaths.read(source, console);
    RuntimeConfig edited = edited(edit, config, invocation.has(ROOTLESS));
    if (invocation.has(DRY_RUN)) {
      console
          .out()
          .print(
              TextDiff.print(
                  config.json().file(), config.text(), edited.text(), console.coloursOut()));
    } else if (invocation.has(OUTPUT) || source.equals(CliPaths.STANDARD_STREAM)) {
      CliPaths.write(edited, invocation.value(OUTPUT).orElse("-"), console);
    } else if (edited != config) {
      ConfigFile.find(CliPaths.of(source, console)).replace(edited);
    }
    return ExitStatus.DONE;
  }

  private static RuntimeConfig edited(ConfigEdit edit, RuntimeConfig config, boolean rootless) {
    return rootless
        ? edit.existing(config.edit(Rootless.edit()), false).edit(RootlessEdits.mapProcess())
        : edit.existing(config, false);
  }
}
