package dev.ocicap.docker;

import dev.ocicap.report.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a flag of a command.
///
/// @param flag the row of the table
/// @param values its values as typed, in order
/// @param meaning what became of it this time
public record FlagReport(DockerFlag flag, List<String> values, FlagMeaning meaning) {
  /// Copies the values.
  public FlagReport {
    values = List.copyOf(values);
  }

  /// What of the flag is not in the bundle though it was asked for; null when nothing is lost.
  public @Nullable Problem loss() {
    String name = "--" + flag.name();
    if (!meaning.isLost()) {
      return null;
    }
    // Not a switch: one over types is linked anew at each start.
    if (meaning instanceof FlagMeaning.Partial partial) {
      return Problem.of(name + " in part: " + partial.reason(), partial.hint());
    }
    if (meaning instanceof FlagMeaning.Kept kept) {
      return Problem.of(name + ": " + kept.reason(), kept.hint());
    }
    return meaning instanceof FlagMeaning.Unsupported unsupported
        ? Problem.of(name + ": " + unsupported.reason(), unsupported.hint())
        : null;
  }
}
