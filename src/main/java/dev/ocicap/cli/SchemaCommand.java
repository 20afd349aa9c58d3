package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.validate.Schemas;
import java.util.List;

/// `ocicap schema`: one self-contained JSON Schema, fit for an editor's `$schema`.
final class SchemaCommand implements Command {
  private static final String VERSION = "--version";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.optionalPositionals(String.join("|", Schemas.KINDS), "default: config"))
        .addOption(
            Options.single(
                String.join("|", Schemas.VERSIONS),
                "version of the specification; default: the newest",
                VERSION));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String version = Schemas.version(invocation.value(VERSION).orElse(Schemas.VERSIONS.getLast()));
    List<String> kinds = invocation.positionals();
    String kind = kinds.isEmpty() ? Schemas.KINDS.getFirst() : kinds.getFirst();
    if (kinds.size() > 1 || !Schemas.KINDS.contains(kind)) {
      throw OcicapException.usage(
          "'" + kinds.getLast() + "' is none of " + String.join(", ", Schemas.KINDS),
          "ocicap schema config");
    }
    console.out().print(Schemas.text(version, kind));
    return ExitStatus.DONE;
  }
}
