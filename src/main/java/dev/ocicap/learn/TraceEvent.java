package dev.ocicap.learn;

import java.util.List;

/// One thing that the kernel's tracing reported. Tasks are numbered as in the initial pid
/// namespace.
sealed interface TraceEvent {

  /// A capability check (tracepoint `capability:cap_capable`). The namespaces are the kernel's
  /// disguised pointers: equal texts are the same namespace, and nobody inside can guess them.
  ///
  /// @param task who was checked
  /// @param command what the task calls itself
  /// @param target the user namespace that the capability was asked for
  /// @param owner the user namespace whose capability it was, zeros when denied
  /// @param capability the kernel's number
  /// @param granted whether the task had it
  /// @param stack the kernel's functions, the innermost first; empty when unknown
  record Check(
      int task,
      String command,
      String target,
      String owner,
      int capability,
      boolean granted,
      List<String> stack)
      implements TraceEvent {
    public Check {
      stack = List.copyOf(stack);
    }
  }

  /// A program was executed (`sched:sched_process_exec`).
  ///
  /// @param former the task that called execve: another thread, or the same
  record Exec(int task, int former, String file) implements TraceEvent {}

  /// A task was made (`task:task_newtask`).
  ///
  /// @param flags as for clone(2)
  record NewTask(int task, int child, long flags) implements TraceEvent {
    private static final long KERNEL_WORKER = 0x810000;

    /// Whether the kernel made it to work for the task, as io_uring does.
    boolean isKernelWorker() {
      return (flags & KERNEL_WORKER) == KERNEL_WORKER;
    }
  }

  /// A system call reached the kernel (`syscalls:sys_enter_…`), past the filters.
  ///
  /// @param systemCall its name, as in filters
  record Entered(int task, String systemCall) implements TraceEvent {}

  /// A system call ended (`syscalls:sys_exit_…`), in the kernel or in a filter.
  ///
  /// @param systemCall its name, as in filters
  /// @param result what it returned: an error's number, negative, from -4095
  record Returned(int task, String command, String systemCall, long result) implements TraceEvent {}

  /// A task was put into a cgroup (`cgroup:cgroup_attach_task`).
  ///
  /// @param path the cgroup's path in its hierarchy
  record Joined(int task, String path) implements TraceEvent {}

  /// A text was written to `trace_marker`.
  record Mark(String text) implements TraceEvent {}

  /// Events were lost.
  record Lost() implements TraceEvent {}
}
