package dev.ocicap.learn;

import dev.ocicap.cap.Capability;

/// Equal capability checks, counted.
///
/// @param capability what was asked for
/// @param granted whether the program had it
/// @param systemCall the system call that asked, without prefix; empty when it is not known
/// @param program the file that was executed, or what the task calls itself when that says more
/// @param remark what is special about the check; empty when nothing is
/// @param weak whether the program may well do without
/// @param count how often
public record Evidence(
    Capability capability,
    boolean granted,
    String systemCall,
    String program,
    String remark,
    boolean weak,
    long count) {

  /// `chown by /bin/tar, 3 times`, without the capability.
  @Override
  public String toString() {
    return (systemCall.isEmpty() ? "unknown call" : systemCall)
        + " by "
        + program
        + (count == 1 ? "" : ", " + count + " times")
        + (remark.isEmpty() ? "" : " (" + remark + ")");
  }
}
