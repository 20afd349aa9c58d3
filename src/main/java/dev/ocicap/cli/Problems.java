package dev.ocicap.cli;

import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import java.util.List;

/// Problems as people see them on standard error.
final class Problems {
  private Problems() {}

  /// A finding, with the code that `ocicap explain` knows.
  static Problem of(Finding finding) {
    return new Problem(
        finding.place(), finding.message() + " [" + finding.code() + "]", finding.hint());
  }

  /// `file:line:column: error: message`, and the hint below it.
  static void print(List<Problem> problems, Console console) {
    console.err().print(text(problems, console.coloursErr()));
  }

  /// The same as a text.
  static String text(List<Problem> problems, boolean colours) {
    StringBuilder out = new StringBuilder();
    for (Problem problem : problems) {
      Place place = problem.place();
      out.append(place == null ? "ocicap" : Escape.text(place.toString())).append(": ");
      out.append(colours ? "\u001b[1;31merror:\u001b[0m " : "error: ");
      out.append(Escape.text(problem.message())).append(System.lineSeparator());
      if (problem.hint() != null) {
        out.append("  hint: ").append(Escape.text(problem.hint())).append(System.lineSeparator());
      }
    }
    return out.toString();
  }
}
