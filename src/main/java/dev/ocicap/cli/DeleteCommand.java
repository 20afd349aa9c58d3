package dev.ocicap.cli;

import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.host.Host;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.Answer;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.runtime.LeftBehind;
import dev.ocicap.runtime.OciRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `ocicap delete`: lets the runtime delete a container, and removes what it leaves of one that was
/// never made whole.
final class DeleteCommand implements RuntimeCommand.Passing {
  private static final String FORCE = "--force";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.positionals(RuntimeArguments.CONTAINER, "the containers' names"));
    RuntimeArguments.declare(spec, "delete");
    spec.addOption(Options.flag("kill what still runs", "-f", FORCE));
    RuntimeArguments.declarePrint(spec);
    return spec;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("delete", invocation, console);
    List<ContainerId> ids = new ArrayList<>();
    for (String name : invocation.positionals()) {
      ids.add(ContainerId.parse(RuntimeArguments.CONTAINER, name));
    }
    List<Problem> problems = new ArrayList<>();
    for (ContainerId id : ids) {
      try {
        delete(id, arguments, invocation, console);
      } catch (OcicapException e) {
        if (e.status() != ExitStatus.NO) {
          throw e;
        }
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.NO, problems);
    }
    return ExitStatus.DONE;
  }

  private static void delete(
      ContainerId id, RuntimeArguments arguments, Invocation invocation, Console console) {
    TemporaryBundles bundles =
        TemporaryBundles.of(Host.uid(), console.env().getOrDefault("XDG_RUNTIME_DIR", ""));
    boolean force = invocation.has(FORCE);
    KnownContainer container;
    try {
      container = arguments.container(id.name());
    } catch (OcicapException e) {
      // Killed before the runtime began, or already gone: that is what was wanted.
      if (e.status() == ExitStatus.NO
          && (force || bundles.isAbandoned(id.name()))
          && !invocation.has(RuntimeArguments.PRINT)) {
        bundles.removeAbandoned(id.name());
        if (force) {
          for (OciRuntime runtime : arguments.search().runtimes()) {
            LeftBehind.removeGroups(runtime, id);
          }
        }
        return;
      }
      throw e;
    }
    List<String> rest = new ArrayList<>(arguments.words());
    if (force) {
      rest.add(FORCE);
    }
    rest.add(id.name());
    List<String> command = container.command("delete", Map.of(), rest);
    if (invocation.has(RuntimeArguments.PRINT)) {
      console.out().println(new Launch(command, new Launch.Own()).print(console.outIsTerminal()));
      return;
    }
    if (container.directory().holds(id) && container.state(console.env()).isEmpty()) {
      halfMade(container, force, arguments);
    } else {
      int status = Answer.to(command, console.env(), Answer.Errors.SHOWN).status();
      // One that ended by itself meanwhile is gone, as was wanted.
      if (status != 0 && (!force || container.directory().holds(id))) {
        throw new OcicapException(
            ExitStatus.NO,
            List.of(
                Problem.of(
                    "'" + id + "' was not deleted",
                    force ? null : arguments.command("delete", FORCE, id.name()))));
      }
    }
    bundles.removeAbandoned(id.name());
  }

  private static void halfMade(
      KnownContainer container, boolean force, RuntimeArguments arguments) {
    try {
      List<Path> kept = LeftBehind.remove(container, force);
      if (!kept.isEmpty()) {
        throw new OcicapException(
            ExitStatus.NO,
            List.of(
                Problem.of(
                    "processes are still in '" + kept.getFirst() + "'",
                    force ? null : arguments.command("delete", FORCE, container.id().name()))));
      }
    } catch (IOException e) {
      throw OcicapException.input(
          null, "'" + container.id() + "' was not deleted: " + e.getMessage(), null, e);
    }
  }
}
