package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.processes.Container;
import dev.ocicap.processes.HiddenProcesses;
import dev.ocicap.processes.ProcessTable;
import dev.ocicap.processes.RunningProcess;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.TextTable;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ocicap ps`: the capabilities of running processes, and the containers they belong to.
final class PsCommand implements RuntimeCommand {
  private static final String PID = "--pid";
  private static final String ALL = "--all";
  private static final String CONTAINERS = "--containers";
  private static final String ALL_SETS = "--all-sets";
  private static final String TREE = "--tree";
  private static final String EXCESS = "--excess";
  private static final String FORMAT = "--format";
  private static final List<String> FORMATS = List.of("text", "json", "pscap");
  private static final int SHORT_ID = 12;

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(
                Options.optionalPositional(
                    RuntimeArguments.CONTAINER,
                    "only the processes that its runtime counts among this container's; options"
                        + " of ps(1) behind '--' are for the runtime's own ps"));
    RuntimeArguments.declare(spec, "ps");
    RuntimeArguments.declarePrint(spec);
    return spec.addOption(Options.repeated("PID", "only these processes", "-p", PID))
        .addOption(Options.flag("only processes in containers", "-c", CONTAINERS))
        .addOption(Options.flag("with --format pscap: process 1 too, as pscap -a", "-a", ALL))
        .addOption(Options.flag("all five sets of each process", ALL_SETS))
        .addOption(Options.flag("children below their parents", TREE))
        .addOption(
            Options.single(
                "BUNDLE|MASK|CAPABILITY[,…]",
                "only processes that have more than this bundle or set grants, and what",
                EXCESS))
        .addOption(
            Options.single(
                "text|json|pscap",
                "default: text; pscap for the columns of libcap-ng's pscap",
                FORMAT));
  }

  @Override
  public String wordsLabel() {
    return "OPTIONS OF PS…";
  }

  /// One line: a process, how deep it stands below another, and what it has too much.
  private record Line(RunningProcess process, int depth, CapabilitySet excess) {}

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String format = invocation.value(FORMAT).orElse("text");
    if (!FORMATS.contains(format)) {
      throw Formats.none(FORMAT, format, FORMATS);
    }
    List<String> containers = invocation.positionals();
    if (invocation.words() != null || invocation.has(RuntimeArguments.PRINT)) {
      return runtimesOwn(invocation, console);
    }
    Optional<List<Long>> members =
        containers.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RuntimeArguments("ps", invocation, console)
                    .container(containers.getFirst())
                    .processes(console.env()));
    List<RunningProcess> processes = ProcessTable.all(console.env());
    List<Long> pids = pids(invocation.values(PID), processes);
    Optional<CapabilitySet> wanted = wanted(invocation.value(EXCESS), console);
    List<Line> lines = new ArrayList<>();
    for (Line line : invocation.has(TREE) ? tree(processes) : flat(processes)) {
      RunningProcess process = line.process();
      CapabilitySet excess =
          wanted
              .map(set -> process.status().capabilities().permitted().minus(set))
              .orElse(CapabilitySet.NONE);
      if ((pids.isEmpty() || pids.contains(process.pid()))
          && (members.isEmpty() || members.get().contains(process.pid()))
          && (!invocation.has(CONTAINERS) || process.container().isPresent())
          && (wanted.isEmpty() || !excess.isEmpty())) {
        lines.add(new Line(process, line.depth(), excess));
      }
    }
    if (HiddenProcesses.exist()) {
      console
          .err()
          .println("ocicap: note: /proc hides the processes of other users here (hidepid)");
    }
    switch (format) {
      case "json" -> console.out().print(json(lines, wanted.isPresent()));
      case "pscap" -> console.out().print(pscap(lines, invocation.has(ALL)));
      default -> console.out().print(text(lines, invocation.has(ALL_SETS), wanted.isPresent()));
    }
    return wanted.isPresent() && !lines.isEmpty() ? ExitStatus.NO : ExitStatus.DONE;
  }

  /// What the runtime's `ps` prints, with options of ps(1).
  private static ExitStatus runtimesOwn(Invocation invocation, Console console) {
    if (invocation.positionals().isEmpty()) {
      throw OcicapException.usage(
          "options of ps(1) need a container", "ocicap ps CONTAINER -- -ef");
    }
    RuntimeArguments arguments = new RuntimeArguments("ps", invocation, console);
    KnownContainer container = arguments.container(invocation.positionals().getFirst());
    List<String> rest = new ArrayList<>(List.of(container.id().name()));
    rest.addAll(arguments.words());
    return arguments.start(new Launch(container.command("ps", Map.of(), rest), new Launch.Own()));
  }

  private static List<Long> pids(List<String> words, List<RunningProcess> processes) {
    List<Long> pids = new ArrayList<>();
    List<Problem> missing = new ArrayList<>();
    for (String word : words) {
      long pid = -1;
      try {
        pid = Long.parseLong(word);
      } catch (NumberFormatException e) {
        throw OcicapException.usage(PID + ": '" + word + "' is not a process id", PID + " 1");
      }
      pids.add(pid);
      boolean found = false;
      for (RunningProcess process : processes) {
        found |= process.pid() == pid;
      }
      if (!found) {
        missing.add(
            Problem.of(
                PID + ": there is no process " + pid + " to be seen",
                HiddenProcesses.exist() ? "sudo ocicap ps " + PID + " " + pid : null));
      }
    }
    if (!missing.isEmpty() && missing.size() == pids.size()) {
      throw new OcicapException(ExitStatus.NO, missing);
    }
    return pids;
  }

  /// What a bundle grants, or a set that is spelt out.
  private static Optional<CapabilitySet> wanted(Optional<String> word, Console console) {
    if (word.isEmpty()) {
      return Optional.empty();
    }
    if (Files.exists(CliPaths.of(word.get(), console))) {
      RuntimeConfig config = CliPaths.read(word.get(), console);
      return Optional.of(
          config.capabilities().map(ProcessCapabilities::union).orElse(CapabilitySet.NONE));
    }
    return Optional.of(CapabilityNames.maskOrNames(EXCESS, word.get()));
  }

  private static List<Line> flat(List<RunningProcess> processes) {
    List<Line> lines = new ArrayList<>();
    for (RunningProcess process : processes) {
      lines.add(new Line(process, 0, CapabilitySet.NONE));
    }
    return lines;
  }

  private static List<Line> tree(List<RunningProcess> processes) {
    Map<Long, List<RunningProcess>> children = new HashMap<>();
    Map<Long, RunningProcess> byPid = new HashMap<>();
    for (RunningProcess process : processes) {
      byPid.put(process.pid(), process);
      children.computeIfAbsent(process.parent(), parent -> new ArrayList<>()).add(process);
    }
    List<Line> lines = new ArrayList<>();
    for (RunningProcess process : processes) {
      if (!byPid.containsKey(process.parent())) {
        branch(process, 0, children, lines);
      }
    }
    return lines;
  }

  private static void branch(
      RunningProcess process,
      int depth,
      Map<Long, List<RunningProcess>> children,
      List<Line> lines) {
    lines.add(new Line(process, depth, CapabilitySet.NONE));
    // The kernel's own limit of nesting is far away; a torn reading must not recurse for ever.
    if (depth < 200) {
      for (RunningProcess child : children.getOrDefault(process.pid(), List.of())) {
        branch(child, depth + 1, children, lines);
      }
    }
  }

  private static String text(List<Line> lines, boolean allSets, boolean excess) {
    TextTable table = new TextTable();
    table.row(
        "PPID",
        "PID",
        "USER",
        "COMMAND",
        "CONTAINER",
        "RUNTIME",
        "NNP",
        "SECCOMP",
        excess ? "TOO MUCH" : "CAPABILITIES");
    for (Line line : lines) {
      RunningProcess process = line.process();
      ProcessCapabilities sets = process.status().capabilities();
      table.row(
          Long.toString(process.parent()),
          Long.toString(process.pid()),
          process.user(),
          " ".repeat(2 * line.depth()) + process.command(),
          process.container().map(PsCommand::shortId).orElse("-"),
          process.container().map(Container::runtime).orElse("-"),
          process.status().noNewPrivileges() ? "yes" : "no",
          seccomp(process),
          excess
              ? CapabilityNames.brief(line.excess())
              : CapabilityNames.brief(sets.permitted()) + (allSets ? "" : markers(sets)));
      if (allSets) {
        for (SetName set : SetName.values()) {
          table.row("", "", "", "", "", "", "", set.key(), CapabilityNames.brief(sets.set(set)));
        }
      }
    }
    return table.print("");
  }

  private static String shortId(Container container) {
    String id = container.id();
    return id.length() == 64 ? id.substring(0, SHORT_ID) : id;
  }

  private static String seccomp(RunningProcess process) {
    return switch (process.status().seccomp()) {
      case 0 -> "none";
      case 1 -> "strict";
      default -> "filter";
    };
  }

  /// `@` where the ambient set has members, `+` where the bounding set has.
  private static String markers(ProcessCapabilities sets) {
    return (sets.ambient().isEmpty() ? "" : " @") + (sets.bounding().isEmpty() ? "" : " +");
  }

  /// The columns of pscap 0.8: processes with effective capabilities, the permitted ones by name.
  private static String pscap(List<Line> lines, boolean all) {
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      RunningProcess process = line.process();
      ProcessCapabilities sets = process.status().capabilities();
      if (sets.effective().isEmpty() || (process.pid() == 1 && !all)) {
        continue;
      }
      if (out.isEmpty()) {
        out.append("ppid  pid   name        command             capabilities\n");
      }
      column(out, Long.toString(process.parent()), 5, 1);
      column(out, Long.toString(process.pid()), 5, 1);
      column(out, process.user(), 10, 2);
      column(out, Escape.text(process.command()), 18, 2);
      out.append(
          sets.effective().containsAll(CapabilitySet.ALL) ? "full" : sets.permitted().toString());
      out.append(markers(sets)).append('\n');
    }
    return out.toString();
  }

  private static void column(StringBuilder out, String text, int width, int gap) {
    out.append(text).append(" ".repeat(Math.max(0, width - text.length()) + gap));
  }

  private static String json(List<Line> lines, boolean excess) {
    ArrayNode array = JsonValues.array();
    for (Line line : lines) {
      RunningProcess process = line.process();
      ObjectNode node = JsonValues.object();
      node.set("pid", JsonValues.number(process.pid()));
      node.set("ppid", JsonValues.number(process.parent()));
      node.set("user", JsonValues.string(process.user()));
      node.set("uid", JsonValues.number(process.status().uid().effective()));
      node.set("command", JsonValues.string(process.command()));
      @Nullable Container container = process.container().orElse(null);
      if (container != null) {
        ObjectNode inside = JsonValues.object();
        inside.set("id", JsonValues.string(container.id()));
        inside.set("runtime", JsonValues.string(container.runtime()));
        if (!container.bundle().isEmpty()) {
          inside.set("bundle", JsonValues.string(container.bundle()));
        }
        node.set("container", inside);
      }
      node.set("noNewPrivileges", JsonValues.bool(process.status().noNewPrivileges()));
      node.set("seccomp", JsonValues.string(seccomp(process)));
      ObjectNode sets = JsonValues.object();
      for (SetName set : SetName.values()) {
        sets.set(set.key(), array(process.status().capabilities().set(set)));
      }
      node.set("capabilities", sets);
      if (excess) {
        node.set("excess", array(line.excess()));
      }
      array.add(node);
    }
    return JsonText.lines(array);
  }

  private static ArrayNode array(CapabilitySet set) {
    ArrayNode names = JsonValues.array();
    for (Capability capability : set.members()) {
      names.add(JsonValues.string(capability.name()));
    }
    return names;
  }
}
