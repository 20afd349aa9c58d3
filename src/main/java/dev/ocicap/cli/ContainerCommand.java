package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `ocicap start`, `pause`, `resume` and `kill`: becomes the runtime that knows the container.
final class ContainerCommand implements RuntimeCommand.Passing {
  private static final String SIGNAL = "--signal";
  private static final String ALL = "--all";

  private final String verb;

  private ContainerCommand(String verb) {
    this.verb = verb;
  }

  static ContainerCommand start() {
    return new ContainerCommand("start");
  }

  static ContainerCommand pause() {
    return new ContainerCommand("pause");
  }

  static ContainerCommand resume() {
    return new ContainerCommand("resume");
  }

  static ContainerCommand kill() {
    return new ContainerCommand("kill");
  }

  private boolean isKill() {
    return verb.equals("kill");
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(Options.positional(RuntimeArguments.CONTAINER, "the container's name"));
    RuntimeArguments.declare(spec, verb);
    if (isKill()) {
      spec.addPositional(
              Options.optionalPositional(1, "SIGNAL", "the signal's name or number; default: TERM"))
          .addOption(Options.single("SIGNAL", "the same", "-s", SIGNAL))
          .addOption(Options.flag("send it to every process of the container", "-a", ALL));
    }
    RuntimeArguments.declarePrint(spec);
    return spec;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments(verb, invocation, console);
    List<String> positionals = invocation.positionals();
    Optional<String> signal =
        isKill()
            ? Signals.of(invocation.value(SIGNAL), positionals.subList(1, positionals.size()))
            : Optional.empty();
    KnownContainer container = arguments.container(positionals.getFirst());
    List<String> rest = new ArrayList<>(arguments.words());
    if (isKill() && invocation.has(ALL)) {
      rest.add(ALL);
    }
    rest.add(container.id().name());
    signal.ifPresent(rest::add);
    return arguments.start(new Launch(container.command(verb, Map.of(), rest), new Launch.Own()));
  }
}
