package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.KnownContainer;
import dev.ocicap.runtime.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `ocicap update`: changes the limits of a container, with the options and units of `edit` and
/// Docker.
final class UpdateCommand implements RuntimeCommand.Passing {
  private static final String RESOURCES = "--resources";
  private static final String CPUS = "--cpus";

  /// What a value is.
  private enum Kind {
    /// Bytes, with a unit or without; `-1` and `unlimited` for no limit.
    SIZE,
    /// A whole number.
    NUMBER,
    /// Whatever the runtime takes.
    TEXT
  }

  /// An option that a runtime has.
  ///
  /// @param flag the option as runtimes spell it
  /// @param names the option as ocicap spells it
  private record Limit(String flag, Kind kind, String description, List<String> names) {}

  private static final List<Limit> LIMITS =
      List.of(
          new Limit("--memory", Kind.SIZE, "limit of memory", List.of("-m", "--memory")),
          new Limit(
              "--memory-reservation",
              Kind.SIZE,
              "soft limit of memory",
              List.of("--memory-reservation")),
          new Limit(
              "--memory-swap", Kind.SIZE, "limit of memory and swap", List.of("--memory-swap")),
          new Limit("--cpu-period", Kind.NUMBER, "period in microseconds", List.of("--cpu-period")),
          new Limit("--cpu-quota", Kind.NUMBER, "quota in microseconds", List.of("--cpu-quota")),
          new Limit(
              "--cpu-share",
              Kind.NUMBER,
              "relative weight",
              List.of("-c", "--cpu-share", "--cpu-shares")),
          new Limit(
              "--cpu-rt-period",
              Kind.NUMBER,
              "realtime period in microseconds",
              List.of("--cpu-rt-period")),
          new Limit(
              "--cpu-rt-runtime",
              Kind.NUMBER,
              "realtime quota in microseconds",
              List.of("--cpu-rt-runtime")),
          new Limit("--cpuset-cpus", Kind.TEXT, "processors: 0-3,6", List.of("--cpuset-cpus")),
          new Limit("--cpuset-mems", Kind.TEXT, "memory nodes: 0", List.of("--cpuset-mems")),
          new Limit(
              "--pids-limit", Kind.NUMBER, "most processes and threads", List.of("--pids-limit")),
          new Limit(
              "--blkio-weight", Kind.NUMBER, "weight of block I/O", List.of("--blkio-weight")),
          new Limit(
              "--l3-cache-schema",
              Kind.TEXT,
              "runc: Intel RDT cache schema",
              List.of("--l3-cache-schema")),
          new Limit(
              "--mem-bw-schema",
              Kind.TEXT,
              "runc: Intel RDT bandwidth schema",
              List.of("--mem-bw-schema")));

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Options.command()
            .addPositional(Options.positional(RuntimeArguments.CONTAINER, "the container's name"));
    RuntimeArguments.declare(spec, "update");
    for (Limit limit : LIMITS) {
      spec.addOption(
          Options.single(
              switch (limit.kind()) {
                case SIZE -> "SIZE";
                case NUMBER -> "N";
                case TEXT -> "LIST";
              },
              limit.description(),
              limit.names().toArray(new String[0])));
    }
    spec.addOption(Options.single("N", "processors: 1.5; sets period and quota", CPUS))
        .addOption(
            Options.single(
                "FILE", "limits as in linux.resources, or - for standard input", "-r", RESOURCES));
    RuntimeArguments.declarePrint(spec);
    return spec;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    RuntimeArguments arguments = new RuntimeArguments("update", invocation, console);
    List<String> rest = new ArrayList<>();
    for (Limit limit : LIMITS) {
      String option = limit.names().getLast();
      invocation
          .value(option)
          .ifPresent(word -> rest.add(limit.flag() + "=" + value(option, limit.kind(), word)));
    }
    invocation
        .value(CPUS)
        .ifPresent(word -> {
          rest.add("--cpu-period=" + ResourceNotations.PERIOD);
          rest.add("--cpu-quota=" + ResourceNotations.quota(CPUS, word));
        });
    invocation.value(RESOURCES).ifPresent(file -> rest.add(RESOURCES + "=" + file));
    rest.addAll(arguments.words());
    if (rest.isEmpty()) {
      throw OcicapException.usage(
          "nothing is to be updated",
          "ocicap update --memory 512m " + invocation.positionals().getFirst());
    }
    KnownContainer container = arguments.container(invocation.positionals().getFirst());
    rest.add(container.id().name());
    return arguments.start(
        new Launch(container.command("update", Map.of(), rest), new Launch.Own()));
  }

  private static String value(String option, Kind kind, String word) {
    return switch (kind) {
      case SIZE -> Long.toString(Text.bytes(option, word));
      case NUMBER -> Long.toString(Text.integer(option, word, -1, Long.MAX_VALUE));
      case TEXT -> Text.notNul(option, word);
    };
  }
}
