package dev.ocicap.learn;

/// The numbers of errors that refusals are told by (errno(3)): the same on all architectures of
/// interest.
final class Errno {
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;

  /// No error of the kernel's: what a filter is made to say where it would have ended the process.
  static final int END = 1000;

  /// What a filter says to a program that shall believe that the kernel has no such call.
  static final String MISSING = "ENOSYS";

  private Errno() {}

  /// How it is called.
  static String name(long number) {
    return switch ((int) number) {
      case EPERM -> "EPERM";
      case ENOENT -> "ENOENT";
      case EACCES -> "EACCES";
      case EINVAL -> "EINVAL";
      case EOPNOTSUPP -> "EOPNOTSUPP";
      case ENOSYS -> MISSING;
      case END -> Refusal.ENDED;
      default -> "error " + number;
    };
  }

  /// Whether it says that somebody may not.
  static boolean isRefusal(long number) {
    return number == EPERM || number == EACCES;
  }

  /// Whether a filter would have ended the process.
  static boolean isEnd(long number) {
    return number == END;
  }
}
