package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.Explainer;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeOption;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.Preflight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What commands that start a container do so that its failure is understood: they look before, and
/// refuse what is certain to fail; or they let it fail, and say below the runtime's error which
/// property it comes from.
final class StartCheck {
  private static final String NO_CHECK = "--no-check";
  private static final String EXPLAIN = "--explain-errors";

  /// Has the same effect for every start when it is not empty.
  private static final String VARIABLE = "OCICAP_EXPLAIN_ERRORS";

  private static final Path TERMINAL = Path.of("/dev/tty");

  /// What a start will fail by.
  ///
  /// @param certain what it cannot but fail by; empty unless the check is off
  /// @param likely what it will fail by unless the machine is an unusual one
  record Foreseen(List<Problem> certain, List<Problem> likely) {
    static final Foreseen NOTHING = new Foreseen(List.of(), List.of());

    /// The same, and before all else a problem, if there is one.
    Foreseen after(Optional<Problem> first) {
      if (first.isEmpty()) {
        return this;
      }
      List<Problem> all = new ArrayList<>();
      all.add(first.get());
      all.addAll(certain);
      return new Foreseen(all, likely);
    }
  }

  private final boolean checked;
  private final boolean explained;
  private final Console console;

  StartCheck(Invocation invocation, Console console) {
    checked = !invocation.has(NO_CHECK);
    explained = invocation.has(EXPLAIN) || !console.env().getOrDefault(VARIABLE, "").isEmpty();
    this.console = console;
  }

  static void declare(CommandSpec spec) {
    spec.addOption(
            Options.flag(
                "call the runtime also where it is certain to fail; what it will fail by is said"
                    + " below its error",
                NO_CHECK))
        .addOption(
            Options.flag(
                "stay behind the runtime as a shell, and say below its error which property it"
                    + " comes from; OCICAP_EXPLAIN_ERRORS=1 in the environment: always. Without it:"
                    + " ocicap run BUNDLE || ocicap why BUNDLE",
                EXPLAIN));
  }

  /// Refuses a container that is certain not to start.
  ///
  /// @param root what will lie at `root.path` when the runtime looks; empty when that is there now
  /// @param attached whether the runtime connects the container to the terminal here
  /// @param systemd whether systemd makes the control groups, for ordinary users too
  /// @return what it will fail by, where that was not to keep it; empty when nothing is known
  /// @throws OcicapException with everything that is in the way
  Foreseen before(
      RuntimeConfig config,
      Optional<Path> root,
      OciRuntime runtime,
      boolean attached,
      boolean systemd) {
    Optional<HostCheck> host =
        Preflight.knows(runtime.kind())
            ? HostChecks.forStart(config, root, console)
            : Optional.empty();
    if (host.isEmpty()) {
      return Foreseen.NOTHING;
    }
    boolean terminal = !attached || !config.terminal() || hasTerminal(console);
    Preflight preflight = new Preflight(host.get(), runtime.kind(), terminal, !systemd);
    List<Finding> findings = new ArrayList<>(preflight.check(config));
    Optional<RuntimeProbe> probe =
        preflight.needsRelease(config)
            ? Optional.of(RuntimeProbe.of(runtime, console.env()))
            : preflight.needsBuild(config)
                ? RuntimeProbe.remembered(runtime, console.env())
                : Optional.empty();
    if (probe.isPresent()) {
      findings.addAll(preflight.check(config, probe.get().banner(), probe.get().features()));
    }
    return findings.isEmpty() ? Foreseen.NOTHING : judged(findings);
  }

  private Foreseen judged(List<Finding> findings) {
    List<Problem> certain = new ArrayList<>();
    List<Problem> likely = new ArrayList<>();
    for (Finding finding : findings) {
      (finding.level() == Level.MUST ? certain : likely).add(Problems.of(finding));
    }
    if (checked && !certain.isEmpty()) {
      certain.addAll(likely);
      throw new OcicapException(ExitStatus.NOT_STARTED, certain);
    }
    if (checked && !explained) {
      // Nobody stays behind the runtime for what may go well.
      likely.forEach(problem -> Notes.warn(console, problem));
    }
    return new Foreseen(certain, likely);
  }

  /// Refuses a name that is taken: a runtime fails by it, and crun 1.8 loses the container that has
  /// it. With a log to begin it is refused in any case, for the log would be the other container's.
  ///
  /// @param logged whether the container's output is to be kept
  void name(ContainerId id, OciRuntime runtime, RuntimeArguments arguments, boolean logged) {
    Optional<Problem> taken = taken(id, runtime, arguments);
    if (taken.isPresent() && (checked || logged)) {
      throw new OcicapException(ExitStatus.NOT_STARTED, List.of(taken.get()));
    }
  }

  /// What a start under this name will fail by.
  static Optional<Problem> taken(ContainerId id, OciRuntime runtime, RuntimeArguments arguments) {
    return arguments.directory(runtime).holds(id)
        ? Optional.of(
            Problem.of(
                "there is a container '" + id + "' of " + runtime.kind() + " already",
                arguments.command("delete", id.name())))
        : Optional.empty();
  }

  /// One of the standard streams, or the controlling terminal: runtimes look for both.
  static boolean hasTerminal(Console console) {
    if (!console.terminals().isEmpty()) {
      return true;
    }
    try (var _ = Files.newInputStream(TERMINAL)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// A file and the descriptor that it will be.
  record ErrorLog(Path file, int descriptor) {}

  /// Where the runtime is to write its errors, added to its options, when they are to be explained.
  ///
  /// @param options the runtime's options; a log that the user wants stays the user's
  Optional<ErrorLog> log(Map<RuntimeOption, String> options) {
    if (!explained || options.containsKey(RuntimeOption.LOG) || Explainer.ocicap().isEmpty()) {
      return Optional.empty();
    }
    int descriptor = RuntimeArguments.descriptor(EXPLAIN, options, console);
    options.put(RuntimeOption.LOG, Explainer.log(descriptor));
    try {
      return Optional.of(new ErrorLog(Files.createTempFile("ocicap-", ".log"), descriptor));
    } catch (IOException e) {
      throw OcicapException.input(
          null, EXPLAIN + ": no temporary file can be made: " + e.getMessage(), null, e);
    }
  }

  /// The words to become: those of the runtime, or those of a shell that stays behind it.
  ///
  /// @param foreseen what [#before] returned
  /// @param log what [#log] returned
  List<String> words(List<String> words, Foreseen foreseen, Optional<ErrorLog> log, Path bundle) {
    if (!foreseen.certain().isEmpty()) {
      return Explainer.saying(words, Problems.text(foreseen.certain(), console.coloursErr()));
    }
    return log.isPresent()
        ? Explainer.asking(
            words,
            log.get().file(),
            log.get().descriptor(),
            Explainer.ocicap().orElseThrow(),
            bundle,
            Problems.text(foreseen.likely(), console.coloursErr()))
        : words;
  }
}
