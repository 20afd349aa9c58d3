package dev.ocicap.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ends a command: problems that a user can mend, and the exit status.
public final class OcicapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitStatus status;
  private final transient List<Problem> problems;

  /// Ends a command with one or more problems.
  public OcicapException(ExitStatus status, List<Problem> problems) {
    this(status, problems, null);
  }

  private OcicapException(ExitStatus status, List<Problem> problems, @Nullable Throwable cause) {
    super(problems.getFirst().message(), cause);
    this.status = status;
    this.problems = List.copyOf(problems);
  }

  /// The command line is wrong (status 2).
  public static OcicapException usage(String message, @Nullable String hint) {
    return new OcicapException(ExitStatus.USAGE, List.of(Problem.of(message, hint)));
  }

  /// A file or value cannot be used (status 3).
  public static OcicapException input(
      @Nullable Place place, String message, @Nullable String hint) {
    return new OcicapException(ExitStatus.INPUT, List.of(new Problem(place, message, hint)));
  }

  /// A file or value cannot be used (status 3), for a reason that the Java library gave.
  public static OcicapException input(
      @Nullable Place place, String message, @Nullable String hint, Throwable cause) {
    return new OcicapException(ExitStatus.INPUT, List.of(new Problem(place, message, hint)), cause);
  }

  /// The same problems under another exit status.
  public OcicapException withStatus(ExitStatus other) {
    return new OcicapException(other, problems, this);
  }

  /// The status to exit with.
  public ExitStatus status() {
    return status;
  }

  /// What is wrong, in the order found; never empty.
  public List<Problem> problems() {
    return problems;
  }
}
