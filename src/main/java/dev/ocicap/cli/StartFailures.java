package dev.ocicap.cli;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Failures;
import dev.ocicap.validate.HostCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a runtime's error comes from.
final class StartFailures {
  private StartFailures() {}

  /// The properties at fault, or what of this machine is; empty when the error is not known.
  ///
  /// @param text the runtime's standard error, or its log
  static List<Problem> of(RuntimeConfig config, String text, Console console) {
    List<Problem> problems = new ArrayList<>();
    Failures.ofMachine(text).ifPresent(problems::add);
    Optional<HostCheck> host = problems.isEmpty() ? HostChecks.ofCaller(console) : Optional.empty();
    if (host.isPresent()) {
      for (Finding finding : new Failures(host.get()).explain(config, text)) {
        problems.add(Problems.of(finding));
      }
    }
    return problems;
  }
}
