package dev.ocicap;

import dev.ocicap.docker.Converted;
import dev.ocicap.docker.FlagReport;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// What a docker command became.
///
/// @param config the configuration
/// @param warnings what it does not do, or does otherwise, than the command's words suggest
public record Conversion(Config config, List<Problem> warnings) {
  /// Copies the list.
  public Conversion {
    warnings = List.copyOf(warnings);
  }

  static Conversion of(RuntimeConfig config, Converted converted) {
    List<dev.ocicap.report.Problem> warnings = new ArrayList<>(converted.warnings());
    for (FlagReport report : converted.report()) {
      dev.ocicap.report.Problem loss = report.loss();
      if (loss != null) {
        warnings.add(loss);
      }
    }
    return new Conversion(Config.of(config), Problem.all(warnings));
  }
}
