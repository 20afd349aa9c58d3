package dev.ocicap;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong, or that is otherwise than was asked for.
///
/// @param message what it is; it may hold any character of the input: escape it for a terminal
/// @param hint what to write instead, or null
/// @param file the file that it is in, as the caller named it, or null
/// @param line the line, from 1; 0 when it is no line in particular
/// @param column the column in characters, from 1; 0 when it is no line in particular
public record Problem(
    String message, @Nullable String hint, @Nullable String file, int line, int column) {

  static Problem of(dev.ocicap.report.Problem problem) {
    dev.ocicap.report.Place place = problem.place();
    return place == null
        ? new Problem(problem.message(), problem.hint(), null, 0, 0)
        : new Problem(
            problem.message(), problem.hint(), place.file(), place.line(), place.column());
  }

  static List<Problem> all(List<dev.ocicap.report.Problem> problems) {
    List<Problem> all = new ArrayList<>();
    for (dev.ocicap.report.Problem problem : problems) {
      all.add(of(problem));
    }
    return List.copyOf(all);
  }

  /// `FILE:LINE:COLUMN: MESSAGE`, as far as these are known.
  @Override
  public String toString() {
    if (file == null) {
      return message;
    }
    return file + (line == 0 ? "" : ":" + line + ":" + column) + ": " + message;
  }
}
