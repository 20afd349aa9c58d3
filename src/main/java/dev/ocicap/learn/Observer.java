package dev.ocicap.learn;

import dev.ocicap.cap.Capability;
import dev.ocicap.seccomp.FilterDecisions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the container's checks in the stream of events, sorts and counts them. The runtime's own
/// work, which is most of it, ends where the container's first process executes its program.
final class Observer {
  private static final int MOST_BEFORE = 200_000;
  private static final int MOST_FILES = 10_000;
  private static final int MOST_ROWS = 10_000;
  private static final String EXECVE = "execve";
  private static final String SELF = "/proc/self/exe";

  private record Row(
      Capability capability, boolean granted, CheckKind kind, String systemCall, String program) {}

  private record Refused(String systemCall, String program, String error, boolean filtered) {}

  private final Supplier<OptionalInt> firstProcess;
  private final FilterDecisions filter;
  private final Consumer<Evidence> seen;
  private final List<TraceEvent> before = new ArrayList<>();
  private final Set<Integer> members = new HashSet<>();
  private final Map<Integer, String> programs = new HashMap<>();
  private final Map<Row, Long> counts = new LinkedHashMap<>();

  /// The system call that a task was denied a capability in, until it is refused.
  private final Map<Integer, String> denied = new HashMap<>();

  /// The system call that a task is in, of those of which the arguments decide.
  private final Map<Integer, String> entered = new HashMap<>();

  private final Map<Refused, Long> refusals = new LinkedHashMap<>();
  private final Set<String> executed = new LinkedHashSet<>();
  private final Set<String> gaps = new LinkedHashSet<>();
  private final Set<Integer> entering = new HashSet<>();
  private boolean begun;
  private boolean hasInnerNamespace;
  private @Nullable String namespace;

  /// @param firstProcess the container's first process, as soon as it is known
  /// @param filter the container's filter of system calls
  /// @param seen hears of every kind of check when it is seen for the first time
  Observer(Supplier<OptionalInt> firstProcess, FilterDecisions filter, Consumer<Evidence> seen) {
    this.firstProcess = firstProcess;
    this.filter = filter;
    this.seen = seen;
  }

  /// An observer of tasks that run already.
  static Observer attached(Set<Integer> tasks, Consumer<Evidence> seen) {
    Observer observer = new Observer(OptionalInt::empty, FilterDecisions.NONE, seen);
    observer.begun = true;
    observer.members.addAll(tasks);
    return observer;
  }

  /// Watches one more process that entered the container.
  ///
  /// @param executes whether it still is the runtime's own, and will execute its program
  synchronized void enter(int task, boolean executes) {
    if (executes) {
      entering.add(task);
    } else {
      entering.remove(task);
      members.add(task);
    }
  }

  /// Whether a task is one of the container's.
  synchronized boolean isMember(int task) {
    return members.contains(task);
  }

  /// Whether a task is the runtime's own, on its way into the container.
  synchronized boolean isEntering(int task) {
    return entering.contains(task);
  }

  synchronized void accept(TraceEvent event) {
    switch (event) {
      case TraceEvent.Lost lost -> gaps.add("the kernel lost events");
      case TraceEvent.Mark mark -> {}
      case TraceEvent.Joined joined -> {}
      case TraceEvent.Check check -> take(check);
      case TraceEvent.Exec exec -> take(exec);
      case TraceEvent.NewTask task -> take(task);
      case TraceEvent.Entered call -> take(call);
      case TraceEvent.Returned call -> take(call);
    }
  }

  private void take(TraceEvent event) {
    if (begun) {
      member(event);
      return;
    }
    if (before.size() == MOST_BEFORE) {
      gaps.add("the runtime's own work filled the memory for events");
      return;
    }
    before.add(event);
    if (event instanceof TraceEvent.Exec) {
      begin();
    }
  }

  /// Looks for the cut, and goes on from there when it is found.
  private void begin() {
    OptionalInt first = firstProcess.get();
    if (first.isEmpty()) {
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i) instanceof TraceEvent.Exec exec && exec.task() == first.getAsInt()) {
        begin(exec, i);
        return;
      }
    }
  }

  private void begin(TraceEvent.Exec exec, int cut) {
    begun = true;
    members.add(exec.task());
    List<TraceEvent.Check> own = new ArrayList<>();
    for (TraceEvent event : before.subList(0, cut)) {
      if (event instanceof TraceEvent.Check check
          && (check.task() == exec.task() || check.task() == exec.former())) {
        if (check.capability() == Capability.CAP_SETPCAP.number()) {
          namespace = check.target();
        }
        if (SystemCalls.of(check.stack()).startsWith(EXECVE)) {
          own.add(check);
        }
      }
    }
    if (namespace == null) {
      gaps.add("the container's user namespace is not known");
    }
    programs.put(exec.task(), exec.file());
    for (TraceEvent.Check check : own) {
      count(check, exec.file());
    }
    for (TraceEvent event : List.copyOf(before.subList(cut, before.size()))) {
      member(event);
    }
    before.clear();
  }

  private void member(TraceEvent event) {
    switch (event) {
      case TraceEvent.Check check -> {
        if (members.contains(check.task())) {
          count(check, program(check.task(), check.command()));
        }
      }
      case TraceEvent.Entered call -> {
        if (members.contains(call.task())) {
          entered.put(call.task(), call.systemCall());
        }
      }
      case TraceEvent.Returned call -> {
        if (members.contains(call.task())) {
          count(call);
        }
      }
      case TraceEvent.Exec exec -> {
        if (entering.remove(exec.task())) {
          members.add(exec.task());
        }
        if (members.contains(exec.task())) {
          programs.put(exec.task(), exec.file());
          if (executed.size() < MOST_FILES) {
            executed.add(exec.file());
          }
        }
      }
      case TraceEvent.NewTask task -> {
        if (entering.contains(task.task())) {
          entering.add(task.child());
        }
        if (members.contains(task.task())) {
          if (task.isKernelWorker()) {
            gaps.add("the kernel works for the program in tasks of its own (io_uring)");
          }
          members.add(task.child());
          String program = programs.get(task.task());
          if (program != null) {
            programs.put(task.child(), program);
          } else {
            programs.remove(task.child());
          }
        }
      }
      case TraceEvent.Mark mark -> {}
      case TraceEvent.Joined joined -> {}
      case TraceEvent.Lost lost -> {}
    }
  }

  private String program(int task, String command) {
    String file = programs.get(task);
    return file == null || file.equals(SELF) ? command : file;
  }

  /// A refusal that follows the denial of a capability in the same call is explained by it. Errors
  /// that are no refusals count only where a filter makes them.
  private void count(TraceEvent.Returned call) {
    boolean reached = call.systemCall().equals(entered.remove(call.task()));
    boolean explained = call.systemCall().equals(denied.remove(call.task()));
    if (call.result() >= 0) {
      return;
    }
    boolean filtered =
        switch (filter.about(call.systemCall())) {
          case PASSES -> false;
          case DEPENDS -> !reached;
          case REFUSES -> true;
        };
    String error = Errno.name(-call.result());
    if (filtered || (!explained && Errno.isRefusal(-call.result()))) {
      count(call.systemCall(), program(call.task(), call.command()), error, filtered);
    }
  }

  private void count(String systemCall, String program, String error, boolean filtered) {
    if (refusals.size() < MOST_ROWS) {
      refusals.merge(new Refused(systemCall, program, error, filtered), 1L, Long::sum);
    }
  }

  /// The kernel refused to execute the container's own program, or a filter ended the runtime's
  /// last steps.
  private void countStart() {
    for (TraceEvent event : before) {
      if (event instanceof TraceEvent.Returned call && call.result() < 0) {
        boolean ended = Errno.isEnd(-call.result());
        if (ended || (call.systemCall().equals(EXECVE) && Errno.isRefusal(-call.result()))) {
          boolean filtered = ended || filter.about(EXECVE) == FilterDecisions.Decision.REFUSES;
          count(call.systemCall(), "the runtime", Errno.name(-call.result()), filtered);
        }
      }
    }
  }

  private void count(TraceEvent.Check check, String program) {
    CheckKind kind = CheckKind.of(check, namespace);
    if (kind.isNoise()) {
      return;
    }
    if (check.capability() >= Capability.all().size()) {
      gaps.add("the kernel asked for capability " + check.capability() + ", which is not known");
      return;
    }
    if (kind == CheckKind.OTHER_NAMESPACE && check.granted()) {
      hasInnerNamespace = true;
    }
    String systemCall = SystemCalls.of(check.stack());
    if (!check.granted()) {
      denied.put(check.task(), systemCall);
    }
    Row row =
        new Row(
            Capability.all().get(check.capability()), check.granted(), kind, systemCall, program);
    Long count = counts.get(row);
    if (count == null && counts.size() == MOST_ROWS) {
      gaps.add("more different checks than can be counted");
      return;
    }
    counts.put(row, count == null ? 1 : count + 1);
    if (count == null) {
      seen.accept(evidence(row, 1));
    }
  }

  private static Evidence evidence(Row row, long count) {
    return new Evidence(
        row.capability,
        row.granted,
        row.systemCall,
        row.program,
        row.kind.remark(),
        row.kind.isWeak(),
        count);
  }

  /// What was seen, after the last event.
  ///
  /// @param losses why events are missing, in words
  /// @param worked whether the container did, and so has started
  synchronized Observation finish(List<String> losses, boolean worked) {
    if (!begun) {
      begin();
    }
    if (!begun) {
      countStart();
      if (worked) {
        gaps.add("the container's program was not seen to start");
      }
    }
    gaps.addAll(losses);
    Map<Row, Long> sorted =
        new TreeMap<>((a, b) -> {
          int order = a.capability.compareTo(b.capability);
          order = order != 0 ? order : Boolean.compare(b.granted, a.granted);
          order = order != 0 ? order : a.kind.compareTo(b.kind);
          order = order != 0 ? order : a.systemCall.compareTo(b.systemCall);
          return order != 0 ? order : a.program.compareTo(b.program);
        });
    sorted.putAll(counts);
    List<Evidence> evidence = new ArrayList<>();
    for (Map.Entry<Row, Long> row : sorted.entrySet()) {
      if (!isFirstOfTwo(row.getKey())) {
        evidence.add(evidence(row.getKey(), row.getValue()));
      }
    }
    List<Refusal> refused = new ArrayList<>();
    refusals.forEach((row, count) ->
        refused.add(new Refusal(row.systemCall, row.program, row.error, row.filtered, count)));
    return new Observation(
        begun, evidence, refused, List.copyOf(executed), hasInnerNamespace, List.copyOf(gaps));
  }

  /// Reading a foreign file asks for DAC_READ_SEARCH first, and is content with DAC_OVERRIDE.
  private boolean isFirstOfTwo(Row row) {
    return row.capability == Capability.CAP_DAC_READ_SEARCH
        && !row.granted
        && counts.containsKey(
            new Row(Capability.CAP_DAC_OVERRIDE, true, row.kind, row.systemCall, row.program));
  }
}
