package dev.ocicap.docker;

import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.RuntimeConfig;
import java.util.List;

/// What a docker command became.
///
/// @param config the configuration
/// @param report what became of each flag, in the order in which flags were first given
/// @param warnings what works otherwise than the command's words suggest
/// @param preparations what has to exist before the bundle can be started
public record Converted(
    RuntimeConfig config,
    List<FlagReport> report,
    List<Problem> warnings,
    List<Preparation> preparations) {
  /// Copies the lists.
  public Converted {
    report = List.copyOf(report);
    warnings = List.copyOf(warnings);
    preparations = List.copyOf(preparations);
  }

  /// The same with a change to the configuration.
  public Converted with(SpecEdit edit) {
    return new Converted(config.edit(edit), report, warnings, preparations);
  }
}
