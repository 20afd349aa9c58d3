package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.report.ShellWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Problems as people see them on standard error.
final class Problems {
  private static final String BUNDLE = " BUNDLE";

  private Problems() {}

  /// A finding, with the code that `ocicap explain` knows, and the bundle that it is about where
  /// its hint has a place for one.
  static Problem of(Finding finding) {
    return new Problem(
        finding.place(),
        finding.message() + " [" + finding.code() + "]",
        hint(finding.hint(), finding.place().file()));
  }

  private static @Nullable String hint(@Nullable String hint, String file) {
    boolean fits = hint != null && hint.startsWith("ocicap ") && hint.endsWith(BUNDLE);
    if (hint == null || !fits || file.equals(CliPaths.STANDARD_STREAM)) {
      return hint;
    }
    int slash = file.lastIndexOf('/');
    String bundle =
        !file.substring(slash + 1).equals(ConfigFile.NAME)
            ? file
            : slash < 0 ? "." : file.substring(0, Math.max(slash, 1));
    return hint.substring(0, hint.length() - BUNDLE.length())
        + " "
        + ShellWords.pasted(List.of(bundle));
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
