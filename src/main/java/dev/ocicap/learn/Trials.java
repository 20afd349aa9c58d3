package dev.ocicap.learn;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.os.ProgramFile;
import dev.ocicap.os.Pseudoterminal;
import dev.ocicap.os.Rootfs;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.RuntimeMessage;
import dev.ocicap.runtime.RuntimeOption;
import dev.ocicap.seccomp.FilterDecisions;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the container, each time with a fresh root file system, and says whether it worked.
final class Trials {
  /// Waits until its process is watched; reads what the runtime is to read from `$0`. When ocicap
  /// dies first, its end of the pipe closes and nothing starts.
  private static final String WAIT = "read -r go && exec \"$@\" <\"$0\"";

  private static final String SHELL = "/bin/sh";
  private static final long STEP_MILLIS = 10;
  private static final long CHECK_MILLIS = 100;
  private static final long CHECK_SECONDS = 10;
  private static final long END_SECONDS = 10;
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final int PATIENCE = 5;
  private static final int MOST_LOG = 64 * 1024;
  private static final long LEAST_SETTLING = 100;
  private static final long MOST_SETTLING = 1000;

  /// What a run was like.
  ///
  /// @param worked whether the container worked
  /// @param reason what happened, in words
  /// @param timedOut whether the time was over before it worked
  /// @param runtimeError what the runtime says that it failed by; empty when it did not
  /// @param observation what was seen; nothing when it was not watched
  record Outcome(
      boolean worked,
      String reason,
      boolean timedOut,
      String runtimeError,
      Observation observation) {}

  /// Why a run does not work.
  private record Failure(String reason, boolean timedOut) {
    Failure(String reason) {
      this(reason, false);
    }
  }

  /// A run and how it is to be done.
  ///
  /// @param config the configuration
  /// @param granted what it grants
  /// @param purpose why, in words
  /// @param detail what to trace, or null for nothing
  /// @param endless whether it only ends by itself or when it is stopped
  record Order(
      RuntimeConfig config,
      CapabilitySet granted,
      String purpose,
      Trace.@Nullable Detail detail,
      boolean endless) {
    /// The same run of another configuration.
    Order with(RuntimeConfig other) {
      return new Order(other, granted, purpose, detail, endless);
    }
  }

  private final Setting setting;
  private final Workspace workspace;
  private final @Nullable Tracefs tracefs;
  private final Consumer<LearnEvent> events;
  private final FreshRoot roots;
  private final Stop stop;
  private Duration limit;
  private int runs;
  private boolean endsBadly;

  /// @param tracefs where to trace, or null
  Trials(
      Setting setting,
      Workspace workspace,
      @Nullable Tracefs tracefs,
      Stop stop,
      Consumer<LearnEvent> events) {
    this.setting = setting;
    this.workspace = workspace;
    this.tracefs = tracefs;
    this.stop = stop;
    this.events = events;
    this.roots = new FreshRoot(setting.subject().rootfs());
    this.limit = setting.timeout();
  }

  /// How many runs there were.
  int runs() {
    return runs;
  }

  /// How the root file system is kept as it was, in words.
  String way() {
    return roots.way();
  }

  /// Runs the container once.
  Outcome run(Order order) throws IOException, InterruptedException {
    stop.check();
    int number = ++runs;
    events.accept(new LearnEvent.RunBegan(number, order.granted(), order.purpose()));
    long began = System.nanoTime();
    Path directory = workspace.run(setting.isRoot() ? setting.subject().rootOnHost() : 0);
    Outcome outcome;
    try {
      outcome = run(order, number, directory);
    } finally {
      Workspace.removeRun(directory);
    }
    long nanos = System.nanoTime() - began;
    if (outcome.worked() && number == 1) {
      // A run that takes much longer than one that worked will not work any more.
      Duration patient = Duration.ofNanos(nanos).multipliedBy(PATIENCE);
      patient = patient.compareTo(LEAST) < 0 ? LEAST : patient;
      limit = patient.compareTo(limit) < 0 ? patient : limit;
    }
    events.accept(
        new LearnEvent.RunEnded(
            number, outcome.worked(), outcome.reason(), TimeUnit.NANOSECONDS.toMillis(nanos)));
    return outcome;
  }

  private Outcome run(Order order, int number, Path directory)
      throws IOException, InterruptedException {
    Path root = roots.make(directory);
    Path bundle = Files.createDirectory(directory.resolve("bundle"));
    boolean usersTerminal = order.endless() && setting.terminal();
    Path files = Files.createDirectory(directory.resolve("files"));
    Bundle.create(bundle, setting.subject().trial(order.config(), root, files));
    Path pidFile = directory.resolve("pid");
    FilterDecisions filter = FilterDecisions.of(order.config());
    Observer observer =
        new Observer(
            () -> pid(pidFile),
            filter,
            evidence -> events.accept(new LearnEvent.Seen(number, evidence)));
    Tracefs place = tracefs;
    Trace.Detail detail = order.detail();
    if (detail == null || place == null) {
      try (Running running = start(bundle, pidFile, usersTerminal)) {
        return await(running, order, root, null, observer);
      }
    }
    try (Trace trace =
            Trace.open(
                place,
                workspace.owner(),
                setting.bufferKilobytes(),
                detail,
                filter,
                observer::accept);
        Running running = start(bundle, pidFile, usersTerminal)) {
      trace.begin(List.of((int) running.process.pid()));
      return await(running, order, root, trace, observer);
    }
  }

  private static OptionalInt pid(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /// A container that runs, or is about to.
  private final class Running implements AutoCloseable {
    final Process process;
    final ContainerId id;
    final Path pidFile;
    final Path log;
    final @Nullable Output output;
    final @Nullable Pseudoterminal terminal;

    Running(
        Process process,
        ContainerId id,
        Path pidFile,
        Path log,
        @Nullable Output output,
        @Nullable Pseudoterminal terminal) {
      this.terminal = terminal;
      this.process = process;
      this.id = id;
      this.pidFile = pidFile;
      this.log = log;
      this.output = output;
    }

    /// Lets the runtime begin.
    void release() throws IOException {
      try (OutputStream out = process.getOutputStream()) {
        out.write('\n');
      }
    }

    /// Ends the container, if it has not ended.
    void end() throws IOException, InterruptedException {
      if (process.isAlive()) {
        Workspace.deleteContainer(
            setting.runtime().executable().toString(), workspace.state(), id.name());
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      }
      if (Files.exists(workspace.state().resolve(id.name()))) {
        Workspace.deleteContainer(
            setting.runtime().executable().toString(), workspace.state(), id.name());
      }
    }

    @Override
    public void close() throws IOException {
      try {
        end();
        if (terminal != null && output != null) {
          output.await();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (terminal != null) {
        terminal.close();
      }
    }
  }

  /// @param usersTerminal whether the container gets ocicap's own terminal; another one is made for
  ///   a configuration that wants one
  private Running start(Path bundle, Path pidFile, boolean usersTerminal) throws IOException {
    ContainerId id = new ContainerId(workspace.containerName());
    Map<RuntimeOption, String> options = new EnumMap<>(RuntimeOption.class);
    options.put(RuntimeOption.ROOT, workspace.state().toString());
    options.put(RuntimeOption.PID_FILE, pidFile.toString());
    Path log = pidFile.resolveSibling("log");
    options.put(RuntimeOption.LOG, log.toString());
    Pseudoterminal terminal =
        setting.subject().config().terminal() && !usersTerminal ? Pseudoterminal.open() : null;
    List<String> command = new ArrayList<>(List.of(SHELL, "-c", WAIT));
    command.add(
        usersTerminal
            ? "/proc/" + ProcessHandle.current().pid() + "/fd/0"
            : terminal == null ? "/dev/null" : terminal.terminal().toString());
    command.addAll(setting.runtime().run(bundle, id, options));
    ProcessBuilder builder = new ProcessBuilder(command);
    if (usersTerminal) {
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    } else if (terminal == null) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectErrorStream(true).redirectOutput(terminal.terminal().toFile());
    }
    Process process = builder.start();
    String wanted = setting.success() instanceof Success.Prints prints ? prints.text() : "";
    Output output =
        usersTerminal
            ? null
            : new Output(
                terminal == null ? process.getInputStream() : terminal.output(),
                wanted,
                setting.copy());
    return new Running(process, id, pidFile, log, output, terminal);
  }

  private Outcome await(
      Running running, Order order, Path root, @Nullable Trace trace, Observer observer)
      throws IOException, InterruptedException {
    running.release();
    Failure failure = order.endless() ? endless(running) : await(running, order, root);
    running.end();
    boolean worked = failure == null;
    Observation observation =
        trace == null ? Observation.NOTHING : observer.finish(trace.end(), worked);
    String reason = failure == null ? "works" : failure.reason;
    String runtimeError = worked ? "" : runtimeError(running);
    boolean started = worked || (observation.started() && runtimeError.isEmpty());
    return new Outcome(
        worked,
        started ? reason : "it did not start: " + reason,
        failure != null && failure.timedOut,
        runtimeError,
        observation);
  }

  /// What the runtime wrote to its log, warnings left out: a container cannot write there.
  private static String runtimeError(Running running) throws IOException {
    if (!Files.exists(running.log)) {
      return "";
    }
    String text;
    try (InputStream in = Files.newInputStream(running.log)) {
      text = new String(in.readNBytes(MOST_LOG), StandardCharsets.UTF_8);
    }
    StringBuilder errors = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      if (!line.isBlank() && (!line.contains(" level=") || line.contains(" level=error "))) {
        errors.append(line).append('\n');
      }
    }
    return RuntimeMessage.of(errors.toString());
  }

  private @Nullable Failure endless(Running running) throws InterruptedException {
    while (running.process.isAlive() && !stop.isAsked()) {
      running.process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
    return null;
  }

  /// Waits until the container works, or does not.
  ///
  /// @return why it does not; null when it does
  private @Nullable Failure await(Running running, Order order, Path root)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    long nextCheck = began;
    long up = 0;
    while (true) {
      stop.check();
      boolean alive = running.process.isAlive();
      long now = System.nanoTime();
      switch (setting.success()) {
        case Success.Exits exits -> {
          if (!alive) {
            return running.process.exitValue() == 0 ? null : new Failure(ended(running));
          }
        }
        case Success.Prints prints -> {
          if (!alive && running.output != null) {
            running.output.await();
          }
          if (running.output != null && running.output.isFound()) {
            return null;
          }
          if (!alive) {
            return new Failure("did not print '" + prints.text() + "': " + ended(running));
          }
        }
        case Success.StaysAlive stays -> {
          if (!alive) {
            return new Failure(ended(running));
          }
          up = up == 0 && pid(running.pidFile).isPresent() ? now : up;
          if (up != 0 && now - up > stays.time().toNanos()) {
            return null;
          }
        }
        case Success.Check check -> {
          OptionalInt pid = pid(running.pidFile);
          if (now - nextCheck >= 0 && (pid.isPresent() || !alive)) {
            if (passes(check, running, alive ? pid : OptionalInt.empty(), root)) {
              return settled(running, order, alive, now - began);
            }
            if (!alive) {
              return new Failure("the check fails: " + ended(running));
            }
            nextCheck = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS);
          }
        }
      }
      Duration allowed =
          setting.success() instanceof Success.StaysAlive stays
              ? setting.timeout().plus(stays.time())
              : limit;
      if (now - began > allowed.toNanos()) {
        return new Failure("still not working after " + seconds(allowed), true);
      }
      running.process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// A service may listen before it does what it may not do, and end: it must outlive the check for
  /// a moment, or end well. One that ends badly with all that the bundle has may always do so.
  ///
  /// @param taken how long it took the container to pass the check
  private @Nullable Failure settled(Running running, Order order, boolean alive, long taken)
      throws InterruptedException {
    long moment =
        Math.clamp(TimeUnit.NANOSECONDS.toMillis(taken) / 4, LEAST_SETTLING, MOST_SETTLING);
    boolean lives =
        !alive
            || !running.process.waitFor(moment, TimeUnit.MILLISECONDS)
            || running.process.exitValue() == 0;
    if (order.granted().containsAll(setting.subject().ceiling())) {
      endsBadly = !lives;
    }
    return lives || endsBadly
        ? null
        : new Failure("the check succeeds, and then it ends: " + ended(running));
  }

  private static String seconds(Duration time) {
    long tenths = time.toMillis() / 100;
    return tenths / 10 + "." + tenths % 10 + " seconds";
  }

  private static String ended(Running running) throws InterruptedException {
    Output output = running.output;
    String said = "";
    if (output != null) {
      output.await();
      said = RuntimeMessage.of(output.lastLine()).replace('\n', ' ');
    }
    return "status " + running.process.exitValue() + (said.isEmpty() ? "" : ": " + said);
  }

  private boolean passes(Success.Check check, Running running, OptionalInt pid, Path root)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (check.inside()) {
      if (pid.isEmpty()) {
        return false;
      }
      command.add(setting.runtime().executable().toString());
      command.addAll(List.of("--root", workspace.state().toString(), "exec", running.id.name()));
    } else if (pid.isPresent()) {
      command.addAll(List.of("nsenter", "--target", Integer.toString(pid.getAsInt()), "--net"));
      if (!setting.isRoot()) {
        command.addAll(List.of("--user", "--preserve-credentials"));
      }
      command.add("--");
    }
    command.addAll(check.command());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("OCICAP_ROOTFS", root.toString());
    if (pid.isPresent()) {
      builder.environment().put("OCICAP_PID", Integer.toString(pid.getAsInt()));
    }
    Process process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    if (!process.waitFor(CHECK_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }

  /// The capabilities in the files that were executed: execve refuses a file with the effective bit
  /// when the bounding set lacks one of them.
  CapabilitySet ofFiles(Observation observation) {
    Rootfs rootfs = setting.subject().files();
    CapabilitySet all = CapabilitySet.NONE;
    for (String file : observation.executed()) {
      if (file.startsWith("/") && rootfs.resolve(file) instanceof Rootfs.Found found) {
        all = all.plus(ofFile(found.host()));
      }
    }
    return all;
  }

  private static CapabilitySet ofFile(Path file) {
    try {
      return ProgramFile.read(file)
          .capabilities()
          .map(capabilities -> capabilities.permitted())
          .orElse(CapabilitySet.NONE);
    } catch (IOException e) {
      return CapabilitySet.NONE;
    }
  }

  /// What to trace to see what is used: denied checks for SYS_ADMIN are mere noise where the
  /// container never has it.
  static Trace.Detail used(CapabilitySet ceiling) {
    return ceiling.contains(Capability.CAP_SYS_ADMIN) ? Trace.Detail.CHECKS : Trace.Detail.QUIET;
  }
}
