package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap edit`: the same options as `generate`, on a configuration that exists.
final class EditCommand implements Command {
  private static final String OUTPUT = "--output";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.positional("BUNDLE|FILE|-", "what to change; - reads standard input"))
            .addOption(
                Options.single(
                    "FILE",
                    "write there and leave the original alone; - is standard output",
                    "-o",
                    OUTPUT));
    EditOptions.declare(spec);
    return spec;
  }

  @Override
  public String wordsLabel() {
    return "ARGS…";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String source = invocation.positionals().getFirst();
    CapabilitySet host = Host.bounding();
    SpecEdit edit = EditOptions.edit(invocation, new EditOptions.Context(console.env(), host));
    List<String> words = invocation.words();
    if (words != null) {
      if (words.isEmpty()) {
        throw OcicapException.usage("no command after '--'", "ocicap edit BUNDLE -- sh");
      }
      edit = ProcessEdits.args(words).then(edit);
    }
    RuntimeConfig config = CliPaths.read(source, console).edit(edit);
    if (invocation.has(OUTPUT) || source.equals(CliPaths.STANDARD_STREAM)) {
      CliPaths.write(config, invocation.value(OUTPUT).orElse("-"), console);
    } else {
      ConfigFile.find(CliPaths.of(source, console)).replace(config);
    }
    CapabilityNotes.print(EditOptions.capabilities(invocation), host, console);
    return ExitStatus.DONE;
  }
}
