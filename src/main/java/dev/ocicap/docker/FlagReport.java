package dev.ocicap.docker;

import java.util.List;

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
}
