package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeOption;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap run`: becomes the container runtime with a bundle.
final class RunCommand implements Command {
  private static final String RUNTIME = "--runtime";
  private static final String ID = "--id";
  private static final String DETACH_SHORT = "-d";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(Options.positionals("BUNDLE", "the bundle's directory"))
            .addOption(
                Options.single(
                    "NAME|PATH",
                    "runc, crun or another; default: OCICAP_RUNTIME, or the first that is installed",
                    RUNTIME))
            .addOption(Options.single("ID", "name of the container; default: one of its own", ID));
    for (RuntimeOption option : RuntimeOption.values()) {
      String[] names =
          option == RuntimeOption.DETACH
              ? new String[] {DETACH_SHORT, option.flag()}
              : new String[] {option.flag()};
      spec.addOption(
          option.label().isEmpty()
              ? Options.flag(option.description(), names)
              : Options.single(option.label(), option.description(), names));
    }
    return spec;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    List<String> bundles = invocation.positionals();
    if (bundles.size() != 1) {
      throw OcicapException.usage("run takes one bundle", "ocicap run --help");
    }
    Path directory = CliPaths.of(bundles.getFirst(), console);
    ContainerId id =
        invocation
            .value(ID)
            .map(name -> ContainerId.parse(ID, name))
            .orElseGet(() -> ContainerId.unique(directory));
    Optional<String> named = invocation.value(RUNTIME);
    try {
      Bundle.open(directory);
      OciRuntime runtime = OciRuntime.find(named.orElse(null), console.env());
      runtime.checkHost(console.env());
      console.out().flush();
      console.err().flush();
      return console.handover().become(runtime.run(directory, id, options(invocation)));
    } catch (OcicapException e) {
      // As docker: a status of the container's own must not be one of ours.
      throw e.status() == ExitStatus.INPUT ? e.withStatus(ExitStatus.NOT_STARTED) : e;
    }
  }

  private static Map<RuntimeOption, String> options(Invocation invocation) {
    Map<RuntimeOption, String> options = new EnumMap<>(RuntimeOption.class);
    for (RuntimeOption option : RuntimeOption.values()) {
      if (invocation.has(option.flag())) {
        options.put(option, invocation.value(option.flag()).orElse(""));
      }
    }
    return options;
  }
}
