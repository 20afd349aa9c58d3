package dev.ocicap.learn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.seccomp.FilterDecisions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Watches a container that runs already, for a time: its processes, their children, and what
/// enters it later, as `runc exec` lets it.
public final class Attachment {
  private static final long STEP_MILLIS = 5;
  private static final Path PROC = Path.of("/proc");

  private final int process;
  private final Optional<Path> bundle;
  private final Consumer<LearnEvent> events;
  private final List<String> gaps = new ArrayList<>();
  private boolean looked;
  private @Nullable Path cgroup;
  private final Set<String> paths = new LinkedHashSet<>();

  private Attachment(int process, Optional<Path> bundle, Consumer<LearnEvent> events) {
    this.process = process;
    this.bundle = bundle;
    this.events = events;
  }

  /// Finds a running container.
  ///
  /// @param container its name for the runtime, or the id of its first process
  /// @param root where the runtime keeps its state, or null for its own place
  /// @param events hears what happens, from several threads
  /// @throws OcicapException when there is no such container
  public static Attachment find(
      String container, OciRuntime runtime, @Nullable Path root, Consumer<LearnEvent> events)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(runtime.executable().toString()));
    if (root != null) {
      command.addAll(List.of("--root", root.toString()));
    }
    command.addAll(List.of("state", container));
    Process state =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    state.getOutputStream().close();
    byte[] text = state.getInputStream().readAllBytes();
    if (state.waitFor() == 0) {
      JsonNode node = JsonText.parse("state", text).root();
      int pid = node.path("pid").asInt();
      if (pid > 0) {
        String bundle = node.path("bundle").asText();
        return new Attachment(
            pid, bundle.startsWith("/") ? Optional.of(Path.of(bundle)) : Optional.empty(), events);
      }
      throw OcicapException.input(
          null,
          "'" + container + "' is no running container: it is " + node.path("status").asText(),
          null);
    }
    try {
      int pid = Integer.parseInt(container);
      if (pid > 0 && Files.exists(PROC.resolve(container))) {
        return new Attachment(pid, Optional.empty(), events);
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number that is no process.
    }
    throw OcicapException.input(
        null,
        "there is no container '" + container + "' and no process with that number",
        runtime.executable() + " list");
  }

  /// The bundle that the container was started from, as the runtime remembers it; absent for a mere
  /// process.
  public Optional<Path> bundle() {
    return bundle;
  }

  /// Watches until the time is over, the container ends, or it is stopped.
  ///
  /// @param time how long, or null
  /// @param bufferKilobytes the trace buffer on each processor; 0 for one that fits
  /// @param parent where learning keeps its files
  /// @throws OcicapException when checks cannot be observed here
  public Learned watch(
      @Nullable Duration time, long bufferKilobytes, Path parent, Path runtime, Stop stop)
      throws IOException, InterruptedException {
    try (Workspace workspace = Workspace.open(parent, runtime, events)) {
      Tracefs.Access access = Tracefs.open(workspace.tracing());
      if (access.tracefs().isEmpty()) {
        throw OcicapException.input(null, "checks cannot be observed: " + access.reason(), null);
      }
      CapabilitySet ceiling = ProcessStatus.of(process).capabilities().bounding();
      Set<Integer> known = new HashSet<>(tasks(processes()));
      Observer observer =
          Observer.attached(known, evidence -> events.accept(new LearnEvent.Seen(1, evidence)));
      events.accept(new LearnEvent.RunBegan(1, ceiling, "the container as it runs"));
      long began = System.nanoTime();
      Observation observation;
      try (Trace trace =
              Trace.open(
                  access.tracefs().get(),
                  workspace.owner(),
                  bufferKilobytes,
                  Trials.used(ceiling),
                  FilterDecisions.NONE,
                  observer::accept);
          Trace _ =
              Trace.joins(
                  access.tracefs().get(),
                  workspace.owner(),
                  event -> joined(event, trace, observer))) {
        trace.begin(List.copyOf(known));
        follow(trace, observer, known, time, stop);
        List<String> losses = new ArrayList<>(trace.end());
        synchronized (gaps) {
          losses.addAll(gaps);
        }
        observation = observer.finish(losses, true);
      }
      events.accept(
          new LearnEvent.RunEnded(
              1, true, "watched", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
      return learned(ceiling, observation);
    }
  }

  /// Follows what the runtime puts into the container's cgroup, long before it is a program of the
  /// container.
  private void joined(TraceEvent event, Trace trace, Observer observer) {
    if (event instanceof TraceEvent.Joined joined
        && isBelow(joined.path())
        && !observer.isMember(joined.task())) {
      try {
        observer.enter(joined.task(), true);
        trace.add(joined.task());
      } catch (IOException e) {
        synchronized (gaps) {
          gaps.add("a process entered the container and could not be followed");
        }
      }
    }
  }

  private boolean isBelow(String path) {
    for (String own : paths) {
      if (path.equals(own) || path.startsWith(own + "/")) {
        return true;
      }
    }
    return false;
  }

  private void follow(
      Trace trace, Observer observer, Set<Integer> known, @Nullable Duration time, Stop stop)
      throws IOException, InterruptedException {
    ProcessIdentity first = ProcessIdentity.of(process).orElse(null);
    long end = time == null ? 0 : System.nanoTime() + time.toNanos();
    while (!stop.isAsked()
        && first != null
        && first.isAlive()
        && (time == null || System.nanoTime() - end < 0)) {
      for (int found : processes()) {
        if (!known.contains(found) && !observer.isMember(found) && !observer.isEntering(found)) {
          enter(found, trace, observer, known);
        }
        known.add(found);
      }
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
  }

  /// Follows a process that is new in the container and no child of one that is followed.
  private void enter(int found, Trace trace, Observer observer, Set<Integer> known)
      throws IOException {
    int parent = parent(found);
    boolean entering = observer.isEntering(parent);
    if (entering || known.contains(parent) || observer.isMember(parent)) {
      // Its birth was traced, unless it was born while tracing began.
      trace.add(found);
      observer.enter(found, entering);
      return;
    }
    String before = executable(found);
    for (int task : tasks(Set.of(found))) {
      trace.add(task);
    }
    boolean own = isRuntime(before);
    observer.enter(found, own);
    if (!own || !executable(found).equals(before)) {
      observer.enter(found, false);
      if (!before.isEmpty()) {
        gaps.add("a process entered the container, and its first moments were not seen");
      }
    }
  }

  private static boolean isRuntime(String executable) {
    return executable.startsWith("/memfd:")
        || executable.contains("runc")
        || executable.contains("crun")
        || executable.contains("youki");
  }

  private static String executable(int process) {
    try {
      return Files.readSymbolicLink(proc(process).resolve("exe")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static int parent(int process) {
    try {
      String stat = Files.readString(proc(process).resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
      return Integer.parseInt(fields[1]);
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }

  private static Path proc(int process) {
    return PROC.resolve(Integer.toString(process));
  }

  /// The processes of the container: those in its cgroup where it has one of its own, else those in
  /// its pid namespace.
  private Set<Integer> processes() throws IOException {
    if (!looked) {
      looked = true;
      cgroup = cgroup();
    }
    Set<Integer> found = new TreeSet<>();
    Path directory = cgroup;
    if (directory != null) {
      collect(directory, found);
    } else {
      Path namespace = proc(process).resolve("ns/pid");
      try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (Path one : all) {
          if (isSame(one.resolve("ns/pid"), namespace)) {
            found.add(Integer.parseInt(String.valueOf(one.getFileName())));
          }
        }
      }
    }
    found.add(process);
    return found;
  }

  private static void collect(Path cgroup, Set<Integer> found) throws IOException {
    try {
      for (String line : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
        found.add(Integer.parseInt(line));
      }
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      // A threaded cgroup refuses; its processes are listed above it.
    }
    try (DirectoryStream<Path> below = Files.newDirectoryStream(cgroup, Files::isDirectory)) {
      for (Path child : below) {
        collect(child, found);
      }
    }
  }

  private static boolean isSame(Path link, Path other) {
    try {
      return Files.readSymbolicLink(link).equals(Files.readSymbolicLink(other));
    } catch (IOException e) {
      return false;
    }
  }

  /// The directory of a cgroup that the container has and ocicap is not in; null when there is
  /// none.
  private @Nullable Path cgroup() throws IOException {
    Path found = null;
    Set<String> own = new LinkedHashSet<>(lines(PROC.resolve("self/cgroup")));
    for (String line : lines(proc(process).resolve("cgroup"))) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (second < 0 || own.contains(line)) {
        continue;
      }
      String path = line.substring(second + 1);
      String controllers = line.substring(first + 1, second).replace("name=", "");
      if (path.equals("/") || path.contains("..")) {
        continue;
      }
      paths.add(path);
      List<Path> mounts =
          controllers.isEmpty()
              ? List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"))
              : List.of(Path.of("/sys/fs/cgroup", controllers));
      for (Path mount : mounts) {
        Path directory = mount.resolve(path.substring(1));
        if (found == null && Files.exists(directory.resolve("cgroup.procs"))) {
          found = directory;
        }
      }
    }
    return found;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Set<Integer> tasks(Set<Integer> processes) throws IOException {
    Set<Integer> tasks = new TreeSet<>(processes);
    for (int one : processes) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(proc(one).resolve("task"))) {
        for (Path task : all) {
          tasks.add(Integer.parseInt(String.valueOf(task.getFileName())));
        }
      } catch (NoSuchFileException e) {
        // It has ended.
      }
    }
    return tasks;
  }

  private static Learned learned(CapabilitySet ceiling, Observation observation) {
    return Learned.observed(
        ceiling,
        observation.used().intersect(ceiling),
        CapabilitySet.NONE,
        observation,
        List.of("only what happened while it was watched is known, not what it needed to start"));
  }
}
