package dev.ocicap.learn;

import java.util.List;
import java.util.Map;

/// The names of system calls, from those of the kernel's functions.
final class SystemCalls {
  /// How the kernel's own name of a system call begins.
  static final String PREFIX = "sys_";

  /// The functions that are not called like the system call (syscall_64.tbl).
  private static final Map<String, String> OTHERS =
      Map.of(
          "newstat", "stat",
          "newlstat", "lstat",
          "newfstat", "fstat",
          "newuname", "uname",
          "umount", "umount2",
          "sendfile64", "sendfile");

  private SystemCalls() {}

  /// The system call of a function: `__x64_sys_umount` is `umount2`; empty when it is none.
  static String name(String function) {
    int sys = function.indexOf(PREFIX);
    boolean entry =
        sys == 0 || function.startsWith("ksys_") || (function.startsWith("__") && sys > 0);
    String name = entry ? function.substring(sys + PREFIX.length()) : "";
    return OTHERS.getOrDefault(name, name);
  }

  /// The system call that a stack came from: `chown`; `execve` and the like for what belongs to
  /// none; empty when it is not known.
  ///
  /// @param stack the kernel's functions, the innermost first
  static String of(List<String> stack) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      String name = name(stack.get(i));
      if (!name.isEmpty()) {
        return name;
      }
    }
    return stack.contains("do_exit") ? "exit" : "";
  }
}
