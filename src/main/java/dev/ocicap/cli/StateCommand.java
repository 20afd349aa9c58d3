package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.TextTable;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.spec.ContainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `ocicap state`: what the runtime says of a container, in its own JSON, or as a table.
final class StateCommand implements RuntimeCommand.Passing {
  private static final String FORMAT = "--format";
  private static final List<String> FORMATS = List.of("json", "text");

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(Options.positional(RuntimeArguments.CONTAINER, "the container's name"));
    RuntimeArguments.declare(spec, "state");
    spec.addOption(
        Options.single(
            "FORMAT", "json (default), as the runtime prints it, or text for people", FORMAT));
    RuntimeArguments.declarePrint(spec);
    return spec;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("state", invocation, console);
    String format = invocation.value(FORMAT).orElse("json");
    if (!FORMATS.contains(format)) {
      throw Formats.none(FORMAT, format, FORMATS);
    }
    KnownContainer container = arguments.container(invocation.positionals().getFirst());
    if (format.equals("json") || invocation.has(RuntimeArguments.PRINT)) {
      List<String> rest = new ArrayList<>(arguments.words());
      rest.add(container.id().name());
      return arguments.start(
          new Launch(container.command("state", Map.of(), rest), new Launch.Own()));
    }
    Optional<ContainerState> state = container.state(console.env());
    if (state.isEmpty()) {
      throw new OcicapException(
          ExitStatus.NO,
          List.of(
              Problem.of(
                  "'" + container.id() + "' was never made whole, or its runtime is another one",
                  "ocicap delete --force " + container.id())));
    }
    console.out().print(text(state.get(), container.runtime().executable().toString()));
    return ExitStatus.DONE;
  }

  private static String text(ContainerState state, String runtime) {
    TextTable table = new TextTable();
    for (Map.Entry<String, JsonNode> member : state.json().properties()) {
      JsonNode value = member.getValue();
      table.row(
          member.getKey(), value.isValueNode() ? value.asText() : JsonText.lines(value).strip());
    }
    table.row("runtime", runtime);
    return table.print("");
  }
}
