package dev.ocicap.runtime;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.ShellWords;
import dev.ocicap.spec.ContainerState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A container of which a runtime has at least heard.
///
/// @param runtime the runtime that made it
/// @param id its name
/// @param options the global options that the runtime was asked with
/// @param directory where the runtime keeps its containers, as far as ocicap knows
public record KnownContainer(
    OciRuntime runtime,
    ContainerId id,
    Map<RuntimeOption, String> options,
    StateDirectory directory) {

  /// youki prints its list for people alone.
  private static final String WITHOUT_LIST = "youki";

  /// Where to look for containers.
  ///
  /// @param named the value of `--runtime`, or null
  /// @param options the runtime's global options
  /// @param env the user's environment
  /// @param uid the effective user id
  /// @param directory what a relative `--root` starts from
  public record Search(
      @Nullable String named,
      Map<RuntimeOption, String> options,
      Map<String, String> env,
      long uid,
      Path directory) {

    /// The runtimes that may have containers: the one that is named, or else one of each kind.
    ///
    /// @throws OcicapException with [ExitStatus#NOT_FOUND] or [ExitStatus#NOT_EXECUTABLE]
    public List<OciRuntime> runtimes() {
      if (named != null || !env.getOrDefault(OciRuntime.VARIABLE, "").isEmpty()) {
        return List.of(OciRuntime.find(named, env));
      }
      List<OciRuntime> runtimes = new ArrayList<>();
      for (OciRuntime runtime : OciRuntime.installed(env)) {
        boolean first = true;
        for (OciRuntime other : runtimes) {
          first &= !other.kind().equals(runtime.kind());
        }
        if (first) {
          runtimes.add(runtime);
        }
      }
      return runtimes.isEmpty() ? List.of(OciRuntime.find(null, env)) : runtimes;
    }

    /// Where a runtime keeps its containers: where `--root` says, or its own place.
    public StateDirectory directory(OciRuntime runtime) {
      String root = options.get(RuntimeOption.ROOT);
      return root == null
          ? StateDirectory.of(runtime, env, uid)
          : new StateDirectory(directory.resolve(root));
    }

    /// Whether a directory that several runtimes may share has containers of this one.
    private boolean mayKnow(OciRuntime runtime, ContainerId id, boolean alone) {
      StateDirectory directory = directory(runtime);
      if (!directory.holds(id)) {
        return false;
      }
      if (alone || !options.containsKey(RuntimeOption.ROOT)) {
        return true;
      }
      String kind = directory.kindOf(id);
      return kind == null || kind.equals(runtime.kind());
    }

    /// The container with a name.
    ///
    /// @throws OcicapException when no runtime has heard of it, with [ExitStatus#NO]; when there is
    ///   no runtime, with [ExitStatus#NOT_FOUND] or [ExitStatus#NOT_EXECUTABLE]
    public KnownContainer find(ContainerId id) {
      List<OciRuntime> runtimes = runtimes();
      for (OciRuntime runtime : runtimes) {
        if (mayKnow(runtime, id, runtimes.size() == 1)) {
          return new KnownContainer(runtime, id, options, directory(runtime));
        }
      }
      // It may be elsewhere than this class knows.
      for (OciRuntime runtime : runtimes) {
        KnownContainer container = new KnownContainer(runtime, id, options, directory(runtime));
        if (container.state(env).isPresent()) {
          return container;
        }
      }
      String root = options.get(RuntimeOption.ROOT);
      throw new OcicapException(
          ExitStatus.NO,
          List.of(
              Problem.of(
                  "there is no container '" + id + "'" + of(runtimes),
                  "ocicap "
                      + (root == null ? "" : ShellWords.command(List.of("--root", root)) + " ")
                      + "list")));
    }

    private String of(List<OciRuntime> runtimes) {
      StringBuilder words = new StringBuilder();
      for (OciRuntime runtime : runtimes) {
        words.append(words.isEmpty() ? " of " : " or ").append(runtime.kind());
      }
      String root = options.get(RuntimeOption.ROOT);
      return words + (root == null ? "" : " in '" + root + "'");
    }

    /// All containers of a runtime, which is asked about each.
    private List<ContainerState> states(OciRuntime runtime) {
      List<ContainerState> states = new ArrayList<>();
      for (ContainerId id : directory(runtime).containers()) {
        if (mayKnow(runtime, id, named != null)) {
          new KnownContainer(runtime, id, options, directory(runtime))
              .state(env)
              .ifPresent(states::add);
        }
      }
      return states;
    }

    /// All containers that a runtime lists, as it prints them.
    ///
    /// @throws OcicapException when it cannot be asked
    public List<ContainerState> list(OciRuntime runtime) {
      boolean others = false;
      if (options.containsKey(RuntimeOption.ROOT) && named == null) {
        boolean any = false;
        StateDirectory directory = directory(runtime);
        for (ContainerId id : directory.containers()) {
          boolean own = mayKnow(runtime, id, false);
          any |= own;
          others |= !own;
        }
        if (!any) {
          return List.of();
        }
      }
      if (runtime.kind().equals(WITHOUT_LIST)) {
        return states(runtime);
      }
      List<String> command = runtime.command("list", options, List.of("--format=json"));
      // runc complains of each container that another runtime keeps beside its own.
      Answer answer = Answer.to(command, env, others ? Answer.Errors.HIDDEN : Answer.Errors.SHOWN);
      if (answer.status() != 0) {
        throw new OcicapException(
            ExitStatus.NO,
            List.of(
                Problem.of("'" + runtime.executable() + " list' ends with " + answer.status())));
      }
      return ContainerState.list(
          JsonText.parse(
              runtime.executable() + " list", answer.out().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /// A command line of the container's runtime.
  ///
  /// @param verb the subcommand
  /// @param more further options of the subcommand
  /// @param rest what follows
  public List<String> command(String verb, Map<RuntimeOption, String> more, List<String> rest) {
    Map<RuntimeOption, String> all = new EnumMap<>(RuntimeOption.class);
    all.putAll(options);
    all.putAll(more);
    return runtime.command(verb, all, rest);
  }

  /// What the runtime says of the container; empty when it says nothing, as of one that was never
  /// made whole.
  ///
  /// @param env the user's environment
  public Optional<ContainerState> state(Map<String, String> env) {
    List<String> command = command("state", Map.of(), List.of(id.name()));
    Answer answer = Answer.to(command, env, Answer.Errors.HIDDEN);
    if (answer.status() != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(ContainerState.of(json("state", answer).root()));
    } catch (OcicapException e) {
      // Not the words of a runtime.
      return Optional.empty();
    }
  }

  /// The processes that the runtime counts among the container's.
  ///
  /// @param env the user's environment
  /// @throws OcicapException when it has none any more, with [ExitStatus#NO]
  public List<Long> processes(Map<String, String> env) {
    List<String> command = command("ps", Map.of(), List.of("--format=json", id.name()));
    Answer answer = Answer.to(command, env, Answer.Errors.SHOWN);
    if (answer.status() != 0) {
      throw new OcicapException(
          ExitStatus.NO, List.of(Problem.of("'" + id + "' has no processes to be seen")));
    }
    return ContainerState.processes(json("ps", answer));
  }

  private JsonText json(String verb, Answer answer) {
    return JsonText.parse(
        runtime.executable() + " " + verb, answer.out().getBytes(StandardCharsets.UTF_8));
  }
}
