package dev.ocicap.learn;

import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.seccomp.FilterDecisions;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A trace instance of the kernel that reports the checks of some processes and all their children.
/// The kernel stops it when this process ends, however that happens.
final class Trace implements AutoCloseable {
  private static final long BUFFER_KILOBYTES = 32 * 1024;
  private static final long MOST_PER_PROCESSOR = 4096;
  private static final long LEAST_PER_PROCESSOR = 512;
  private static final long END_SECONDS = 20;

  private static final String CAPABLE = "events/capability/cap_capable/";
  private static final String CALLS = "events/syscalls/";
  private static final String BEGIN = "sys_enter_";
  private static final String END = "sys_exit_";

  /// What an instance reports of checks and calls.
  enum Detail {
    /// Every check but denied ones for SYS_ADMIN, which every growth of memory makes.
    QUIET,
    /// Every check.
    CHECKS,
    /// Every check, and every system call that is refused.
    REFUSALS
  }

  /// Others may have changed them for the whole kernel, and a new instance takes them over.
  private static final String[][] OPTIONS = {
    {"event-fork", "1"},
    {"stacktrace", "1"},
    {"disable_on_free", "1"},
    {"overwrite", "0"},
    {"hash-ptr", "1"},
    {"irq-info", "1"},
    {"context-info", "1"},
    {"record-cmd", "1"},
    {"record-tgid", "0"},
    {"print-parent", "1"},
    {"markers", "1"},
    {"annotate", "0"},
    {"bin", "0"},
    {"hex", "0"},
    {"raw", "0"},
    {"fields", "0"},
    {"verbose", "0"},
    {"sym-offset", "0"},
    {"sym-addr", "0"},
    {"userstacktrace", "0"},
    {"latency-format", "0"},
    {"pause-on-trace", "0"},
  };

  private final Path directory;
  private final String nonce =
      "ocicap end "
          + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
          + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable OutputStream freeBuffer;
  private @Nullable Thread reader;

  private Trace(Path directory) {
    this.directory = directory;
  }

  /// Makes an instance; it reports nothing yet.
  ///
  /// @param bufferKilobytes the size of its buffer on each processor; 0 for one that fits
  /// @param detail what it reports
  /// @param filter the container's filter of system calls
  /// @param events hears of every event, in a thread of its own
  static Trace open(
      Tracefs tracefs,
      ProcessIdentity owner,
      long bufferKilobytes,
      Detail detail,
      FilterDecisions filter,
      Consumer<TraceEvent> events)
      throws IOException {
    Trace trace = make(tracefs, owner, "", bufferKilobytes);
    try {
      trace.write(CAPABLE + "filter", detail == Detail.QUIET ? "cap != 21 || ret == 0" : "0");
      if (detail == Detail.REFUSALS) {
        trace.watchRefusals(filter);
      }
      trace.write(CAPABLE + "enable", "1");
      trace.write("events/sched/sched_process_exec/enable", "1");
      trace.write("events/task/task_newtask/enable", "1");
      trace.read(events);
    } catch (IOException e) {
      trace.close();
      throw e;
    }
    return trace;
  }

  /// Reports the system calls that end with EPERM, EACCES or what the filter lets calls fail with,
  /// where the kernel can. Where the arguments decide whether a call passes the filter, its
  /// beginning is reported too, which a refused call has not.
  private void watchRefusals(FilterDecisions filter) throws IOException {
    Path calls = directory.resolve(CALLS);
    if (!Files.isDirectory(calls)) {
      return;
    }
    try (DirectoryStream<Path> ends = Files.newDirectoryStream(calls, END + "*")) {
      StringBuilder wanted = new StringBuilder("ret == -1 || ret == -13");
      for (int error : filter.errors()) {
        wanted.append(" || ret == -").append(error);
      }
      write(CALLS + "filter", wanted.toString());
      for (Path end : ends) {
        String event = String.valueOf(end.getFileName());
        String function = event.substring(END.length());
        if (filter.about(SystemCalls.name(SystemCalls.PREFIX + function))
            == FilterDecisions.Decision.DEPENDS) {
          write(CALLS + event + "/filter", "0");
          write(CALLS + BEGIN + function + "/enable", "1");
        }
        write(CALLS + event + "/enable", "1");
      }
    }
  }

  /// Makes an instance that reports at once when any process of this machine is put into a cgroup.
  ///
  /// @param events hears of every event, in a thread of its own
  static Trace joins(Tracefs tracefs, ProcessIdentity owner, Consumer<TraceEvent> events)
      throws IOException {
    Trace trace = make(tracefs, owner, ".joins", LEAST_PER_PROCESSOR);
    try {
      trace.write("options/stacktrace", "0");
      trace.write("events/cgroup/cgroup_attach_task/enable", "1");
      trace.read(events);
      trace.write("tracing_on", "1");
    } catch (IOException e) {
      trace.close();
      throw e;
    }
    return trace;
  }

  private static Trace make(
      Tracefs tracefs, ProcessIdentity owner, String suffix, long bufferKilobytes)
      throws IOException {
    tracefs.sweep();
    Path directory = tracefs.instance(owner, suffix);
    Files.createDirectory(directory);
    Trace trace = new Trace(directory);
    try {
      trace.configure(bufferKilobytes);
    } catch (IOException e) {
      trace.close();
      throw e;
    }
    return trace;
  }

  private void configure(long bufferKilobytes) throws IOException {
    write("tracing_on", "0");
    write("trace_clock", "mono");
    for (String[] option : OPTIONS) {
      if (Files.exists(directory.resolve("options").resolve(option[0]))) {
        write("options/" + option[0], option[1]);
      }
    }
    long fitting = BUFFER_KILOBYTES / Runtime.getRuntime().availableProcessors();
    fitting = Math.clamp(fitting, LEAST_PER_PROCESSOR, MOST_PER_PROCESSOR);
    write("buffer_size_kb", Long.toString(bufferKilobytes == 0 ? fitting : bufferKilobytes));
    freeBuffer = new FileOutputStream(directory.resolve("free_buffer").toFile());
  }

  private void write(String file, String text) throws IOException {
    try {
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new IOException("tracing: " + file + " does not take '" + text + "'", e);
    }
  }

  private void read(Consumer<TraceEvent> events) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream(directory.resolve("trace_pipe").toFile()),
                StandardCharsets.UTF_8),
            1 << 16);
    TraceParser parser =
        new TraceParser(event -> {
          if (event instanceof TraceEvent.Mark mark && mark.text().equals(nonce)) {
            ended.countDown();
          } else {
            events.accept(event);
          }
        });
    Thread thread =
        new Thread(
            () -> {
              try (lines) {
                String line = lines.readLine();
                while (line != null) {
                  parser.line(line);
                  line = ended.getCount() == 0 ? null : lines.readLine();
                }
                parser.finish();
              } catch (IOException e) {
                events.accept(new TraceEvent.Lost());
              }
            },
            "trace");
    thread.setDaemon(true);
    thread.start();
    reader = thread;
  }

  /// Begins to report what these processes and their children do from now on.
  void begin(List<Integer> processes) throws IOException {
    StringBuilder pids = new StringBuilder();
    for (int process : processes) {
      pids.append(process).append(' ');
    }
    // An empty list would mean every process there is.
    if (pids.isEmpty()) {
      throw new IOException("nothing to trace");
    }
    write("set_event_pid", pids.toString());
    write("tracing_on", "1");
  }

  /// Reports one more process and its children.
  void add(int process) throws IOException {
    try (OutputStream out =
        new FileOutputStream(directory.resolve("set_event_pid").toFile(), true)) {
      out.write((process + " ").getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Ends the reports; when this returns, every event was heard of.
  ///
  /// @return why events are missing, in words
  List<String> end() throws IOException, InterruptedException {
    List<String> losses = new ArrayList<>();
    if (!mark(END_SECONDS)) {
      losses.add("the end of the trace was not reached");
    }
    write("tracing_on", "0");
    long lost = lost();
    if (lost > 0) {
      losses.add("the kernel lost " + lost + " events: the buffer was full");
    }
    Thread thread = reader;
    if (losses.isEmpty() && thread != null) {
      thread.join();
    }
    return losses;
  }

  /// Lets the reader come to the end. A full buffer drops the mark or refuses it (EBADF) until the
  /// reader has made room, so that it may need several.
  private boolean mark(long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    boolean reached = false;
    while (!reached && System.nanoTime() - end < 0) {
      try {
        write("trace_marker", nonce);
      } catch (IOException e) {
        // The next one may find room; without any the end is not reached, which is said.
      }
      reached = ended.await(100, TimeUnit.MILLISECONDS);
    }
    return reached;
  }

  private long lost() throws IOException {
    long lost = 0;
    try (DirectoryStream<Path> processors =
        Files.newDirectoryStream(directory.resolve("per_cpu"), "cpu*")) {
      for (Path processor : processors) {
        for (String line : Files.readAllLines(processor.resolve("stats"))) {
          if (line.startsWith("overrun:")
              || line.startsWith("commit overrun:")
              || line.startsWith("dropped events:")) {
            lost += Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
          }
        }
      }
    }
    return lost;
  }

  /// Removes the instance.
  @Override
  public void close() throws IOException {
    Thread thread = reader;
    try {
      if (thread != null && thread.isAlive()) {
        write("set_event_pid", Long.toString(ProcessHandle.current().pid()));
        write("tracing_on", "1");
        if (mark(2)) {
          thread.join(2000);
        }
        write("tracing_on", "0");
      }
    } catch (IOException e) {
      // Nothing can be read any more; removing it is what is left to do.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    OutputStream free = freeBuffer;
    if (free != null) {
      free.close();
    }
    IOException refused = null;
    for (int i = 0; i < 50 && Files.exists(directory); i++) {
      try {
        Files.delete(directory);
        refused = null;
      } catch (IOException e) {
        refused = e;
        pause();
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
