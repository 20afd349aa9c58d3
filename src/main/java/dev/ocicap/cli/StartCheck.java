package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.Explainer;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeOption;
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
import picocli.CommandLine.Model.CommandSpec;

/// What commands that start a container do so that its failure is understood: they look before, and
/// refuse what is certain to fail; or they let it fail, and say below the runtime's error which
/// property it comes from.
final class StartCheck {
  private static final String NO_CHECK = "--no-check";
  private static final String EXPLAIN = "--explain-errors";
  private static final Path TERMINAL = Path.of("/dev/tty");

  private final boolean checked;
  private final boolean explained;
  private final Console console;

  StartCheck(Invocation invocation, Console console) {
    checked = !invocation.has(NO_CHECK);
    explained = invocation.has(EXPLAIN);
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
                    + " comes from",
                EXPLAIN));
  }

  /// Refuses a container that is certain not to start.
  ///
  /// @param attached whether the runtime connects the container to the terminal here
  /// @return what it will fail by, where that was not to keep it; empty when nothing is known
  /// @throws OcicapException with everything that is in the way
  List<Problem> before(RuntimeConfig config, OciRuntime runtime, boolean attached) {
    Optional<HostCheck> host = HostChecks.forStart(config, console);
    if (host.isEmpty()) {
      return List.of();
    }
    boolean terminal = !attached || !config.terminal() || hasTerminal();
    List<Problem> problems = new ArrayList<>();
    for (Finding finding : new Preflight(host.get(), runtime.kind(), terminal).check(config)) {
      problems.add(Problems.of(finding));
    }
    if (checked && !problems.isEmpty()) {
      throw new OcicapException(ExitStatus.NOT_STARTED, problems);
    }
    return problems;
  }

  /// One of the standard streams, or the controlling terminal: runtimes look for both.
  private boolean hasTerminal() {
    if (!console.terminals().isEmpty()) {
      return true;
    }
    try (var _ = Files.newInputStream(TERMINAL)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Where the runtime is to write its errors, added to its options, when they are to be explained.
  ///
  /// @param options the runtime's options; a log that the user wants stays the user's
  Optional<Path> log(Map<RuntimeOption, String> options) {
    if (!explained || options.containsKey(RuntimeOption.LOG) || Explainer.ocicap().isEmpty()) {
      return Optional.empty();
    }
    try {
      Path log = Files.createTempFile("ocicap-", ".log");
      options.put(RuntimeOption.LOG, log.toString());
      return Optional.of(log);
    } catch (IOException e) {
      throw OcicapException.input(
          null, EXPLAIN + ": no temporary file can be made: " + e.getMessage(), null, e);
    }
  }

  /// The words to become: those of the runtime, or those of a shell that stays behind it.
  ///
  /// @param foreseen what [#before] returned
  /// @param log what [#log] returned
  List<String> words(List<String> words, List<Problem> foreseen, Optional<Path> log, Path bundle) {
    if (!foreseen.isEmpty()) {
      return Explainer.saying(words, Problems.text(foreseen, console.coloursErr()));
    }
    return log.isPresent()
        ? Explainer.asking(words, log.get(), Explainer.ocicap().orElseThrow(), bundle)
        : words;
  }
}
