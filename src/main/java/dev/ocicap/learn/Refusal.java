package dev.ocicap.learn;

/// Equal refusals of a system call for which the kernel had not denied a capability, counted.
///
/// @param systemCall its name, as in filters
/// @param program the file that was executed, or what the task calls itself when that says more
/// @param error `EPERM` or another error's name, `SIGSYS` where the process is ended for the call
/// @param filtered whether a filter of system calls refuses it, before the kernel sees it
/// @param count how often
public record Refusal(
    String systemCall, String program, String error, boolean filtered, long count) {
  /// The error of a call for which the filter ends the process.
  public static final String ENDED = "SIGSYS";

  /// `mount by /bin/mount, 3 times`.
  @Override
  public String toString() {
    return systemCall + " by " + program + (count == 1 ? "" : ", " + count + " times");
  }
}
