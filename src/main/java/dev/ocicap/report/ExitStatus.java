package dev.ocicap.report;

/// The exit statuses of every command.
public enum ExitStatus {
  /// The command did what it was asked.
  DONE(0, "done"),
  /// The answer is no: there are findings, or a check would change the file.
  NO(1, "the answer is no: findings, or a check would change something"),
  /// The command line is wrong.
  USAGE(2, "the command line is wrong"),
  /// A file or value that was read cannot be used.
  INPUT(3, "the input cannot be used"),
  /// A mistake in ocicap itself.
  BUG(70, "a mistake in ocicap itself"),
  /// A container was to run and ocicap failed before the runtime began.
  NOT_STARTED(125, "ocicap failed before the container's runtime began"),
  /// A container was to run and the runtime cannot be executed.
  NOT_EXECUTABLE(126, "the runtime cannot be executed"),
  /// A container was to run and no runtime was found.
  NOT_FOUND(127, "the runtime was not found"),
  /// A signal ended the command, which has cleaned up behind itself.
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /// The number that the process exits with, 0 … 255.
  public int code() {
    return code;
  }

  /// What the number means, as `--help` lists it.
  public String meaning() {
    return meaning;
  }
}
