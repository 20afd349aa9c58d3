package dev.ocicap.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// A process as no other one ever is until the next boot: its id and when it started.
///
/// @param pid the process id
/// @param start ticks since boot (proc_pid_stat(5), starttime)
public record ProcessIdentity(long pid, long start) {
  private static final long KERNEL_THREAD = 0x00200000;

  /// The calling process.
  ///
  /// @throws IOException when there is no `/proc`
  public static ProcessIdentity self() throws IOException {
    long pid = ProcessHandle.current().pid();
    return of(pid).orElseThrow(() -> new IOException("no /proc/" + pid + "/stat"));
  }

  /// A running process; one that has ended and waits for its parent to ask (a zombie) is none.
  public static Optional<ProcessIdentity> of(long pid) {
    try {
      String stat =
          FileStream.text(
              Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      // The second field, in parentheses, is whatever the process calls itself; starttime is the
      // 22nd.
      int at = stat.lastIndexOf(')') + 1;
      char state = stat.charAt(at + 1);
      if (state == 'Z' || state == 'X') {
        return Optional.empty();
      }
      for (int field = 2; field < 21; field++) {
        at = stat.indexOf(' ', at + 1);
      }
      return Optional.of(
          new ProcessIdentity(
              pid, Long.parseLong(stat.substring(at + 1, stat.indexOf(' ', at + 1)))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Whether a process is a thread of the kernel, which no capability bounds: PF_KTHREAD among its
  /// flags (include/linux/sched.h), the ninth field.
  ///
  /// @throws IOException when there is no such process
  public static boolean isKernelThread(long pid) throws IOException {
    String stat =
        FileStream.text(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
    int at = stat.lastIndexOf(')') + 1;
    for (int field = 2; field < 8; field++) {
      at = stat.indexOf(' ', at + 1);
    }
    return (Long.parseLong(stat, at + 1, stat.indexOf(' ', at + 1), 10) & KERNEL_THREAD) != 0;
  }

  /// Reads what [#toString] prints.
  public static Optional<ProcessIdentity> parse(String text) {
    int dash = text.indexOf('-');
    try {
      return dash < 0
          ? Optional.empty()
          : Optional.of(
              new ProcessIdentity(
                  Long.parseLong(text.substring(0, dash)),
                  Long.parseLong(text.substring(dash + 1))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Whether that process still runs.
  public boolean isAlive() {
    // Not equals(): a record's own is linked anew at every start.
    Optional<ProcessIdentity> now = of(pid);
    return now.isPresent() && now.get().start == start;
  }

  /// `PID-START`.
  @Override
  public String toString() {
    return pid + "-" + start;
  }
}
