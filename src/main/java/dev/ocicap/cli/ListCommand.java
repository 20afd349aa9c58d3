package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.TextTable;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.spec.ContainerState;
import java.util.ArrayList;
import java.util.List;

/// `ocicap list`: the containers that the runtimes know, of all of them when none is named.
final class ListCommand implements RuntimeCommand {
  private static final String FORMAT = "--format";
  private static final String QUIET = "--quiet";
  private static final List<String> FORMATS = List.of("text", "json", "table");

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Options.command();
    RuntimeArguments.declare(spec, "list");
    spec.addOption(Options.flag("only the names", "-q", QUIET))
        .addOption(Options.single("FORMAT", "text (default) or json", "-f", FORMAT));
    RuntimeArguments.declarePrint(spec);
    return spec;
  }

  /// A container, and who knows it.
  private record Line(OciRuntime runtime, ContainerState state) {}

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("list", invocation, console);
    String format = invocation.value(FORMAT).orElse("text");
    if (!FORMATS.contains(format)) {
      throw Formats.none(FORMAT, format, List.of("text", "json"));
    }
    KnownContainer.Search search = arguments.search();
    List<Line> lines = new ArrayList<>();
    for (OciRuntime runtime : search.runtimes()) {
      if (invocation.has(RuntimeArguments.PRINT)) {
        List<String> command = runtime.command("list", search.options(), List.of("--format=json"));
        console.out().println(new Launch(command, new Launch.Own()).print(console.outIsTerminal()));
        continue;
      }
      for (ContainerState state : search.list(runtime)) {
        lines.add(new Line(runtime, state));
      }
    }
    if (invocation.has(RuntimeArguments.PRINT)) {
      return ExitStatus.DONE;
    }
    if (invocation.has(QUIET)) {
      for (Line line : lines) {
        console.out().println(line.state().id());
      }
    } else {
      console.out().print(format.equals("json") ? json(lines) : text(lines));
    }
    return ExitStatus.DONE;
  }

  private static String json(List<Line> lines) {
    ArrayNode array = JsonValues.array();
    for (Line line : lines) {
      line.state().addTo(array, line.runtime().executable().toString());
    }
    return JsonText.lines(array);
  }

  private static String text(List<Line> lines) {
    TextTable table = new TextTable();
    table.row("ID", "PID", "STATUS", "RUNTIME", "CREATED", "OWNER", "BUNDLE");
    for (Line line : lines) {
      ContainerState state = line.state();
      table.row(
          state.id(),
          Long.toString(state.pid()),
          state.status(),
          line.runtime().kind(),
          seconds(state.created()),
          state.owner(),
          state.bundle());
    }
    return table.print("");
  }

  /// A time of RFC 3339 in UTC without fractions of a second.
  private static String seconds(String time) {
    int dot = time.indexOf('.');
    return dot > 0 && time.endsWith("Z") ? time.substring(0, dot) + "Z" : time;
  }
}
