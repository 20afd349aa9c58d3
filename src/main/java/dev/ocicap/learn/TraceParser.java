package dev.ocicap.learn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the text of `trace_pipe`. An event is a line, and its stack stands below a line of its
/// own, which may come later, behind events of other processors.
///
/// A task chooses its own name, at most 15 characters, and the file it executes; both may hold line
/// ends and anything else. So the head of a line is looked for wherever it is, it is longer than a
/// name can be, and the first one counts. What a file name forges all the same lacks the disguised
/// pointers of the container's user namespace.
final class TraceParser {
  private static final String STACK = "<stack trace>";
  private static final String FRAME = " => ";
  private static final String RESULT = " -> ";
  private static final String HEX = "0x";
  private static final int MAX_FRAMES = 128;

  private final Consumer<TraceEvent> events;
  private final Map<Integer, TraceEvent.Check> waiting = new HashMap<>();
  private TraceEvent.@Nullable Check open;
  private List<String> frames = new ArrayList<>();

  TraceParser(Consumer<TraceEvent> events) {
    this.events = events;
  }

  /// The head of a line: `comm-TASK [CPU] flags time: what`.
  private record Head(int task, String command, String what) {}

  /// Takes the next line.
  void line(String line) {
    Head head = head(line);
    if (head != null) {
      close();
      if (head.what.startsWith(STACK)) {
        open = waiting.remove(head.task);
      } else {
        event(head);
      }
    } else if (line.startsWith(FRAME)) {
      if (open != null && frames.size() < MAX_FRAMES) {
        frames.add(symbol(line));
      }
    } else if (line.startsWith("CPU:") && line.contains(" [LOST ")) {
      events.accept(new TraceEvent.Lost());
    }
  }

  /// Hands on what still waits for its stack.
  void finish() {
    close();
    for (TraceEvent.Check check : waiting.values()) {
      events.accept(check);
    }
    waiting.clear();
  }

  private void close() {
    TraceEvent.Check check = open;
    if (check != null) {
      open = null;
      events.accept(
          new TraceEvent.Check(
              check.task(),
              check.command(),
              check.target(),
              check.owner(),
              check.capability(),
              check.granted(),
              frames));
      frames = new ArrayList<>();
    }
  }

  private void event(Head head) {
    // A stack follows its event at once on the same processor; none came for this one.
    TraceEvent.Check without = waiting.remove(head.task);
    if (without != null) {
      events.accept(without);
    }
    if (head.what.startsWith(SystemCalls.PREFIX)) {
      call(head);
      return;
    }
    int colon = head.what.indexOf(": ");
    if (colon < 0) {
      return;
    }
    String rest = head.what.substring(colon + 2);
    try {
      switch (head.what.substring(0, colon)) {
        case "cap_capable" -> waiting.put(head.task, check(head, rest));
        case "sched_process_exec" -> events.accept(exec(rest));
        case "task_newtask" ->
            events.accept(
                new TraceEvent.NewTask(
                    head.task,
                    Integer.parseInt(after(rest, "pid=", 0)),
                    Long.parseUnsignedLong(
                        after(rest, "clone_flags=", rest.lastIndexOf("clone_flags=")), 16)));
        case "cgroup_attach_task" -> events.accept(joined(rest));
        case "tracing_mark_write" -> events.accept(new TraceEvent.Mark(rest.strip()));
        default -> {}
      }
    } catch (NumberFormatException e) {
      // A forged line, or another kernel's format: the start-up check knows the latter.
    }
  }

  /// `sys_mount(dev_name: 7ff…, …)` and `sys_mount -> 0xffffffffffffffff`.
  private void call(Head head) {
    int bracket = head.what.indexOf('(');
    int arrow = head.what.indexOf(RESULT);
    int end = bracket < 0 || (arrow >= 0 && arrow < bracket) ? arrow : bracket;
    String name = end < 0 ? "" : SystemCalls.name(head.what.substring(0, end));
    if (name.isEmpty()) {
      return;
    }
    if (end == bracket) {
      events.accept(new TraceEvent.Entered(head.task, name));
      return;
    }
    String result = head.what.substring(arrow + RESULT.length()).strip();
    if (result.startsWith(HEX)) {
      try {
        long value = Long.parseUnsignedLong(result.substring(HEX.length()), 16);
        events.accept(new TraceEvent.Returned(head.task, head.command, name, value));
      } catch (NumberFormatException e) {
        // No line of the kernel's.
      }
    }
  }

  private static TraceEvent.Check check(Head head, String rest) {
    return new TraceEvent.Check(
        head.task,
        head.command,
        after(rest, "target_ns ", 0),
        after(rest, "capable_ns ", 0),
        Integer.parseInt(after(rest, "cap ", 0)),
        after(rest, "ret ", 0).equals("0"),
        List.of());
  }

  /// The file's name may hold anything, so that the numbers are read from the end.
  private static TraceEvent.Exec exec(String rest) {
    int pid = rest.lastIndexOf(" pid=");
    int former = rest.lastIndexOf(" old_pid=");
    if (pid < 0 || former < pid || !rest.startsWith("filename=")) {
      throw new NumberFormatException("no exec");
    }
    return new TraceEvent.Exec(
        Integer.parseInt(after(rest, " pid=", pid)),
        Integer.parseInt(after(rest, " old_pid=", former)),
        rest.substring("filename=".length(), pid));
  }

  private static TraceEvent.Joined joined(String rest) {
    int path = rest.indexOf("dst_path=");
    int pid = rest.indexOf(" pid=", path);
    if (path < 0 || pid < 0) {
      throw new NumberFormatException("no cgroup");
    }
    return new TraceEvent.Joined(
        Integer.parseInt(after(rest, " pid=", pid)),
        rest.substring(path + "dst_path=".length(), pid));
  }

  /// The word that follows a key, up to a blank or comma.
  private static String after(String text, String key, int from) {
    int start = from < 0 ? -1 : text.indexOf(key, from);
    if (start < 0) {
      throw new NumberFormatException("no " + key);
    }
    start += key.length();
    int end = start;
    while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != ',') {
      end++;
    }
    return text.substring(start, end);
  }

  /// The function of a stack line, without its module and the suffixes of the compiler's copies.
  private static String symbol(String line) {
    int end = FRAME.length();
    while (end < line.length() && line.charAt(end) > ' ' && line.charAt(end) != '.') {
      end++;
    }
    return line.substring(FRAME.length(), end);
  }

  private static @Nullable Head head(String line) {
    int open = line.indexOf(" [");
    while (open >= 0) {
      Head head = headAt(line, open);
      if (head != null) {
        return head;
      }
      open = line.indexOf(" [", open + 1);
    }
    return null;
  }

  /// @param open where the blank in front of `[CPU]` is
  private static @Nullable Head headAt(String line, int open) {
    int end = open;
    while (end > 0 && line.charAt(end - 1) == ' ') {
      end--;
    }
    int dash = end;
    while (dash > 0 && isDigit(line, dash - 1)) {
      dash--;
    }
    int at = digits(line, open + 2);
    if (dash == end
        || dash == 0
        || end - dash > 9
        || line.charAt(dash - 1) != '-'
        || at - open < 5
        || !line.startsWith("] ", at)) {
      return null;
    }
    at += 2;
    int flags = at;
    while (at < line.length() && line.charAt(at) != ' ') {
      at++;
    }
    if (at == flags) {
      return null;
    }
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    int seconds = at;
    at = digits(line, at);
    if (at == seconds || at >= line.length() || line.charAt(at) != '.') {
      return null;
    }
    int fraction = at + 1;
    at = digits(line, fraction);
    if (at - fraction < 6 || !line.startsWith(": ", at)) {
      return null;
    }
    return new Head(
        Integer.parseInt(line, dash, end, 10),
        line.substring(0, dash - 1).strip(),
        line.substring(at + 2));
  }

  private static int digits(String line, int from) {
    int at = from;
    while (at < line.length() && isDigit(line, at)) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(String line, int at) {
    return line.charAt(at) >= '0' && line.charAt(at) <= '9';
  }
}
