package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.TextTable;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.validate.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ocicap runtimes`: the container runtimes of this machine, and what they say of themselves.
final class RuntimesCommand implements Command {
  private static final String FORMAT = "--format";
  private static final List<String> FORMATS = List.of("text", "json");
  private static final String UNKNOWN = "-";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addOption(
            Options.single("NAME|PATH", "only this one; default: all", RuntimeArguments.RUNTIME))
        .addOption(Options.single("FORMAT", "text (default) or json", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String format = invocation.value(FORMAT).orElse("text");
    if (!FORMATS.contains(format)) {
      throw Formats.none(FORMAT, format, FORMATS);
    }
    Optional<String> named = invocation.value(RuntimeArguments.RUNTIME);
    // The one that 'ocicap run' takes; an error when there is none.
    OciRuntime first = OciRuntime.find(named.orElse(null), console.env());
    List<OciRuntime> runtimes = new ArrayList<>(List.of(first));
    if (named.isEmpty()) {
      for (OciRuntime runtime : OciRuntime.installed(console.env())) {
        if (!runtime.real().equals(first.real())) {
          runtimes.add(runtime);
        }
      }
    }
    List<Line> lines = new ArrayList<>();
    for (OciRuntime runtime : runtimes) {
      lines.add(new Line(runtime, probe(runtime, console), lines.isEmpty()));
    }
    console.out().print(format.equals("json") ? json(lines) : text(lines));
    return ExitStatus.DONE;
  }

  /// A runtime.
  ///
  /// @param probe what it says, or null when it cannot be executed
  /// @param first whether `ocicap run` takes it
  private record Line(OciRuntime runtime, @Nullable RuntimeProbe probe, boolean first) {}

  private static @Nullable RuntimeProbe probe(OciRuntime runtime, Console console) {
    try {
      return RuntimeProbe.of(runtime, console.env());
    } catch (OcicapException e) {
      return null;
    }
  }

  private static String text(List<Line> lines) {
    TextTable table = new TextTable();
    table.row("", "NAME", "VERSION", "SPEC", "PATH", "FEATURES");
    for (Line line : lines) {
      RuntimeProbe probe = line.probe();
      table.row(
          line.first() ? "*" : "",
          probe == null || probe.name().isEmpty() ? line.runtime().kind() : probe.name(),
          probe == null || probe.version().isEmpty() ? UNKNOWN : probe.version(),
          probe == null ? UNKNOWN : spec(probe),
          line.runtime().executable().toString(),
          probe == null ? "cannot be executed" : features(probe));
    }
    return table.print("");
  }

  /// The newest release of the specification that it knows.
  private static String spec(RuntimeProbe probe) {
    return probe.specVersion().isEmpty() ? UNKNOWN : probe.specVersion();
  }

  private static String features(RuntimeProbe probe) {
    Optional<String> text = probe.features();
    if (text.isEmpty()) {
      return probe.banner().isEmpty() ? "does not answer" : compiled(probe.banner());
    }
    try {
      return String.join(" ", Features.parse("features", text.get()).names());
    } catch (OcicapException e) {
      return "not JSON";
    }
  }

  /// What crun says it was built with, `+CAP +SECCOMP`, where it has no better list.
  private static String compiled(String banner) {
    StringBuilder names = new StringBuilder();
    for (String word : banner.split("\\s+", -1)) {
      if (word.startsWith("+")) {
        names.append(names.isEmpty() ? "" : " ");
        names.append(word.substring(1).toLowerCase(Locale.ROOT));
      }
    }
    return names.isEmpty() ? "says nothing of them" : names.toString();
  }

  private static String json(List<Line> lines) {
    ArrayNode array = JsonValues.array();
    for (Line line : lines) {
      ObjectNode node = JsonValues.object();
      RuntimeProbe probe = line.probe();
      node.set(
          "name",
          JsonValues.string(
              probe == null || probe.name().isEmpty() ? line.runtime().kind() : probe.name()));
      node.set("path", JsonValues.string(line.runtime().executable().toString()));
      node.set("default", JsonValues.bool(line.first()));
      if (probe != null) {
        node.set("version", JsonValues.string(probe.version()));
        node.set("specVersion", JsonValues.string(probe.specVersion()));
        probe
            .features()
            .ifPresent(text -> {
              try {
                node.set("features", JsonText.parse("features", text).root());
              } catch (OcicapException e) {
                // What is no JSON says nothing.
              }
            });
      }
      array.add(node);
    }
    return JsonText.lines(array);
  }
}
