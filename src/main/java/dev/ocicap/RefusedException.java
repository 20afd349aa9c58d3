package dev.ocicap;

import dev.ocicap.report.OcicapException;
import java.util.List;
import java.util.function.Supplier;

/// The one exception of the library: an input cannot be used, or a file cannot be read or written.
/// Nothing has been changed. Other exceptions are mistakes of the caller (null, an index) or of the
/// library.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  private RefusedException(List<Problem> problems, OcicapException cause) {
    super(text(problems), cause);
    this.problems = problems;
  }

  /// What is wrong, in the order found; never empty.
  public List<Problem> problems() {
    return problems;
  }

  private static String text(List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems) {
      text.append(text.isEmpty() ? "" : "\n").append(problem);
    }
    return text.toString();
  }

  /// The result of an action, or what it refuses as the exception that callers know.
  static <T> T translating(Supplier<T> action) {
    try {
      return action.get();
    } catch (OcicapException e) {
      throw new RefusedException(Problem.all(e.problems()), e);
    }
  }
}
