package dev.ocicap.validate;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.report.Level;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.RuntimeMessage;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which property of a configuration a runtime's error comes from, as [FailureTable] has it.
public final class Failures {
  private final List<FailureTable.Row> table;

  /// The table for a machine.
  public Failures(HostCheck host) {
    table = new FailureTable(host).rows();
  }

  /// Finds the properties that an error comes from.
  ///
  /// @param text the runtime's standard error, or its log
  /// @return in the order of the configuration; empty when the error is not known, or comes from
  ///   nothing in it
  public List<Finding> explain(RuntimeConfig config, String text) {
    String message = RuntimeMessage.of(text);
    Document document = Document.of(config);
    for (FailureTable.Row row : table) {
      List<String> words = row.match(message);
      if (words != null) {
        List<Findings.Raw> raw = new ArrayList<>();
        Rule rule =
            new Rule(row.code(), Level.MUST, Layer.RUNTIME, null, (doc, findings) -> {}, null);
        row.finder().find(document, words, new Findings(rule, raw));
        if (!raw.isEmpty()) {
          return Validator.located(config.json(), raw).findings();
        }
      }
    }
    return List.of();
  }

  /// What an error comes from that has nothing to do with the configuration.
  ///
  /// @param text the runtime's standard error, or its log
  /// @return the reason and a way out; absent when the error is not known
  public static Optional<Problem> ofMachine(String text) {
    String message = RuntimeMessage.of(text);
    for (FailureTable.Machine row : FailureTable.MACHINE) {
      if (Template.of(row.text()).match(message) != null) {
        return Optional.of(Problem.of(row.reason(), row.hint()));
      }
    }
    return Optional.empty();
  }
}
