package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines as Linux 6.18 writes them to trace_pipe.
class TraceParserTest {
  private static final String CHECK =
      "cap_capable: cred 00000000002ca8a7, target_ns 00000000c16142ed,"
          + " capable_ns 00000000c16142ed, cap 0, ret 0";

  private final List<TraceEvent> events = new ArrayList<>();
  private final TraceParser parser = new TraceParser(events::add);

  private void lines(String... lines) {
    for (String line : lines) {
      parser.line(line);
    }
    parser.finish();
  }

  private static TraceEvent.Check check(int task, String command, String... stack) {
    return new TraceEvent.Check(
        task, command, "00000000c16142ed", "00000000c16142ed", 0, true, List.of(stack));
  }

  @Test
  void a_check_has_the_stack_below_it() {
    lines(
        "           chown-24329   [001] .....  4914.085106: " + CHECK,
        "           chown-24329   [001] .....  4914.085218: <stack trace>",
        " => cap_capable",
        " => do_execveat_common.isra.0",
        " => ovl_setattr [overlay]");
    assertEquals(
        List.of(check(24329, "chown", "cap_capable", "do_execveat_common", "ovl_setattr")), events);
  }

  @Test
  void a_stack_may_come_after_events_of_other_processors() {
    lines(
        "           chown-11   [001] .....  4914.085106: " + CHECK,
        "              sh-12   [000] .....  4914.085107: " + CHECK,
        "           chown-11   [001] .....  4914.085218: <stack trace>",
        " => one",
        "              sh-12   [000] .....  4914.085219: <stack trace>",
        " => two");
    assertEquals(List.of(check(11, "chown", "one"), check(12, "sh", "two")), events);
  }

  @Test
  void a_name_with_a_line_end_hides_nothing_and_forges_no_stack() {
    lines(
        "            a",
        " => ovl_x-24329   [001] .....  4914.085106: " + CHECK,
        "            a",
        " => ovl_x-24329   [001] .....  4914.085218: <stack trace>",
        " => real");
    assertEquals(List.of(check(24329, "=> ovl_x", "real")), events);
  }

  @Test
  void a_name_that_looks_like_a_head_is_no_head() {
    lines(" -1 [000] . 1.0:-24329   [001] .....  4914.085106: " + CHECK);
    assertEquals(1, events.size());
    assertEquals(24329, ((TraceEvent.Check) events.getFirst()).task());
  }

  @Test
  void a_file_may_be_called_anything() {
    lines(
        "              sh-24   [000] .....  4914.085409: sched_process_exec:"
            + " filename=/tmp/a pid=1 old_pid=1 pid=24 old_pid=25");
    assertEquals(List.of(new TraceEvent.Exec(24, 25, "/tmp/a pid=1 old_pid=1")), events);
  }

  /// -1 is EPERM and -13 EACCES (errno(3)); the kernel's function of umount2(2) is sys_umount.
  @Test
  void refused_calls_have_their_names_and_errors() {
    lines(
        "          umount-9323    [000] .....  2599.953981: sys_umount -> 0xffffffffffffffff",
        "          umount-9323    [000] .....  2599.953982: <stack trace>",
        " => do_syscall_64",
        "              sh-9316    [001] .....  2599.954225: sys_newfstatat -> 0xfffffffffffffff3",
        "              sh-9316    [001] .....  2599.954226: sys_openat -> 0xfffffffffffffffe",
        "              sh-9316    [001] .....  2599.954226: sys_openat -> 0x3");
    assertEquals(
        List.of(
            new TraceEvent.Returned(9323, "umount", "umount2", -1),
            new TraceEvent.Returned(9316, "sh", "newfstatat", -13),
            new TraceEvent.Returned(9316, "sh", "openat", -2),
            new TraceEvent.Returned(9316, "sh", "openat", 3)),
        events);
  }

  @Test
  void other_lines_are_passed_over() {
    lines(
        "",
        "=> x",
        "CPU:1 [LOST 5 EVENTS]",
        "# comment",
        "-1 [000] x",
        "a-1 [000] ..... 1.000001:");
    assertEquals(List.of(new TraceEvent.Lost()), events);
  }

  @Test
  void tasks_that_the_kernel_makes_are_told_apart() {
    lines(
        "              sh-7   [000] .....  4914.085015: task_newtask: pid=8 comm=x clone_flags=9"
            + " clone_flags=810f00 oom_score_adj=0");
    TraceEvent.NewTask task = (TraceEvent.NewTask) events.getFirst();
    assertEquals(8, task.child());
    assertEquals(true, task.isKernelWorker());
  }
}
