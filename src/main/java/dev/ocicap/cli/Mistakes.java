package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is wrong with a command line, collected so that it is said at once.
final class Mistakes {
  private final List<Problem> problems = new ArrayList<>();

  /// What a reading gives, or a substitute when it fails because of what the user typed; any other
  /// failure is thrown.
  <T extends @Nullable Object> T read(T substitute, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (OcicapException e) {
      if (e.status() != ExitStatus.USAGE) {
        throw e;
      }
      problems.addAll(e.problems());
      return substitute;
    }
  }

  /// Says what was collected.
  ///
  /// @throws OcicapException if anything was
  void report() {
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
  }
}
