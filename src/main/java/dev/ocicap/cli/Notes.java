package dev.ocicap.cli;

import dev.ocicap.report.Escape;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;

/// What is said on standard error beside errors.
final class Notes {
  private Notes() {}

  /// Something that works otherwise than the words may suggest.
  static void warn(Console console, Problem problem) {
    print(console, "warning", problem);
  }

  /// Something that ocicap did besides what was asked.
  static void note(Console console, String message) {
    print(console, "note", Problem.of(message));
  }

  private static void print(Console console, String word, Problem problem) {
    Place place = problem.place();
    String where = place == null ? "ocicap" : Escape.text(place.toString());
    console.err().println(where + ": " + word + ": " + Escape.text(problem.message()));
    if (problem.hint() != null) {
      console.err().println("  hint: " + Escape.text(problem.hint()));
    }
  }
}
