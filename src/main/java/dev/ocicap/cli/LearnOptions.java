package dev.ocicap.cli;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.bundle.TemporaryBundles;
import dev.ocicap.docker.Converted;
import dev.ocicap.host.Host;
import dev.ocicap.image.Image;
import dev.ocicap.learn.Setting;
import dev.ocicap.learn.Subject;
import dev.ocicap.learn.Success;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.ContainerId;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.spec.RuntimeConfig;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `learn` and `why` share: the bundle, and when a run of it counts as working.
final class LearnOptions {
  private static final String RUNTIME = "--runtime";
  private static final String CHECK = "--check";
  private static final String CHECK_INSIDE = "--check-inside";
  private static final String EXPECT = "--expect";
  private static final String ALIVE = "--alive";
  private static final String TIMEOUT = "--timeout";
  private static final String BUFFER = "--trace-buffer";
  private static final String BUNDLE = "--bundle";
  private static final long DEFAULT_SECONDS = 30;
  private static final long LONGEST_SECONDS = 24 * 60 * 60;
  private static final long LARGEST_BUFFER = 1024 * 1024;

  private final Invocation invocation;
  private final Console console;
  private final Success success;
  private final Duration timeout;
  private final long buffer;

  /// Reads what the command line alone can get wrong.
  LearnOptions(Invocation invocation, Console console) {
    this.invocation = invocation;
    this.console = console;
    this.success = success();
    this.timeout = seconds(TIMEOUT, DEFAULT_SECONDS);
    this.buffer = number(BUFFER, 0, LARGEST_BUFFER);
  }

  /// Declares the options.
  static void declare(CommandSpec spec) {
    spec.addPositional(
            Options.optionalPositional(
                "BUNDLE",
                "the bundle's directory; in its place a docker command may stand behind '--'"))
        .addOption(
            Options.single(
                "CMD",
                "the container works when this program of this machine succeeds, which runs in the"
                    + " container's network; OCICAP_PID and OCICAP_ROOTFS tell it more; blanks"
                    + " part the words, quotes and backslashes keep them, no shell is asked",
                CHECK))
        .addOption(
            Options.single(
                "CMD", "the container works when this command succeeds inside of it", CHECK_INSIDE))
        .addOption(Options.single("TEXT", "the container works when it has printed this", EXPECT))
        .addOption(
            Options.single(
                "SECONDS", "the container works when it still runs after this time", ALIVE))
        .addOption(
            Options.single("SECONDS", "how long a run may take to work; default: 30", TIMEOUT))
        .addOption(
            Options.single(
                "NAME|PATH",
                "runc, crun or another; default: OCICAP_RUNTIME, or the first that is installed",
                RUNTIME))
        .addOption(
            Options.single(
                "KILOBYTES", "memory for events on each processor; default: one that fits", BUFFER))
        .addOption(
            Options.single(
                "DIR",
                "with a docker command: keep its bundle there; default: one that is removed",
                "-b",
                BUNDLE));
    Conversions.declare(spec);
  }

  /// A bundle, and what is to be removed when all is done.
  ///
  /// @param temporary the bundle's directory when it is removed at the end, or null
  record Opened(Bundle bundle, RuntimeConfig config, @Nullable Path temporary)
      implements AutoCloseable {
    @Override
    public void close() {
      if (temporary != null) {
        TemporaryBundles.remove(temporary);
      }
    }

    /// What is learned about.
    Subject subject() {
      return new Subject(bundle, config);
    }
  }

  /// Opens the bundle, or makes that of the docker command.
  Opened open(String command) {
    List<String> bundles = invocation.positionals();
    boolean docker = invocation.words() != null;
    if (docker != bundles.isEmpty()) {
      throw OcicapException.usage(
          docker
              ? "a bundle and a docker command exclude each other"
              : "a bundle is missing, or a docker command after '--'",
          "ocicap " + command + " BUNDLE");
    }
    if (!docker) {
      Bundle bundle = Bundle.open(CliPaths.of(bundles.getFirst(), console));
      return new Opened(bundle, bundle.config(), null);
    }
    Conversions conversions = new Conversions(invocation, console, Conversions.Purpose.BUNDLE);
    DockerCommands.Typed typed = DockerCommands.ofWords(invocation.words(), conversions.client());
    Image image = conversions.image(typed);
    Converted converted = conversions.convert(typed, image, 1);
    conversions.say(converted, image);
    Optional<String> kept = invocation.value(BUNDLE);
    Path directory = kept.isPresent() ? CliPaths.of(kept.get(), console) : temporary(typed);
    Bundle bundle = conversions.make(directory, typed, converted, image);
    return new Opened(bundle, bundle.config(), kept.isPresent() ? null : directory);
  }

  /// Whether the bundle of a docker command stays.
  boolean isKept() {
    return invocation.words() == null || invocation.has(BUNDLE);
  }

  private Path temporary(DockerCommands.Typed typed) {
    ContainerId id = ContainerId.unique(Path.of(typed.command().suggestedName()));
    return TemporaryBundles.of(Host.uid(), console.env().getOrDefault("XDG_RUNTIME_DIR", ""))
        .make(id.name(), "self", null);
  }

  /// The runtime.
  OciRuntime runtime() {
    OciRuntime runtime = OciRuntime.find(invocation.value(RUNTIME).orElse(null), console.env());
    runtime.checkHost(console.env());
    return runtime;
  }

  /// Whether the container works when it ends, and no option says otherwise.
  boolean endsItself() {
    return success instanceof Success.Exits;
  }

  /// Everything that stays the same over all runs.
  ///
  /// @param copy what gets the container's output, or null
  Setting setting(Subject subject, OciRuntime runtime, @Nullable OutputStream copy) {
    boolean isRoot = Host.uid() == 0;
    return new Setting(
        subject,
        runtime,
        success,
        timeout,
        buffer,
        subject.config().terminal() && console.terminals().equals("012"),
        isRoot,
        parent(),
        copy);
  }

  /// Where learning keeps its files.
  Path parent() {
    return Setting.parent(Host.uid() == 0, cache(console.env()));
  }

  private static Path cache(Map<String, String> env) {
    String cache = env.getOrDefault("XDG_CACHE_HOME", "");
    return cache.startsWith("/")
        ? Path.of(cache)
        : Path.of(env.getOrDefault("HOME", "/tmp"), ".cache");
  }

  private Success success() {
    int count = 0;
    for (String option : new String[] {CHECK, CHECK_INSIDE, EXPECT, ALIVE}) {
      count += invocation.has(option) ? 1 : 0;
    }
    if (count > 1) {
      throw new OcicapException(
          ExitStatus.USAGE,
          List.of(
              Problem.of(
                  CHECK
                      + ", "
                      + CHECK_INSIDE
                      + ", "
                      + EXPECT
                      + " and "
                      + ALIVE
                      + " exclude each other")));
    }
    for (String option : new String[] {CHECK, CHECK_INSIDE}) {
      Optional<String> command = invocation.value(option);
      if (command.isPresent()) {
        List<String> words = CommandWords.split(option, command.get());
        boolean inside = option.equals(CHECK_INSIDE);
        if (!inside && !isProgram(words.getFirst())) {
          throw OcicapException.usage(
              option + ": this machine has no program '" + words.getFirst() + "'",
              CHECK_INSIDE + " runs a program of the container");
        }
        return new Success.Check(words, inside);
      }
    }
    Optional<String> text = invocation.value(EXPECT);
    if (text.isPresent()) {
      if (text.get().isEmpty()) {
        throw OcicapException.usage(EXPECT + ": an empty text", EXPECT + " ready");
      }
      return new Success.Prints(text.get());
    }
    return invocation.has(ALIVE) ? new Success.StaysAlive(seconds(ALIVE, 1)) : new Success.Exits();
  }

  private boolean isProgram(String name) {
    if (name.indexOf('/') >= 0) {
      return Files.isExecutable(CliPaths.of(name, console));
    }
    for (String directory : console.env().getOrDefault("PATH", "").split(":", -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, name))) {
        return true;
      }
    }
    return false;
  }

  /// A time in seconds.
  Duration seconds(String option, long otherwise) {
    return Duration.ofSeconds(number(option, otherwise, LONGEST_SECONDS));
  }

  /// The trace buffer on each processor in kilobytes; 0 for one that fits.
  long buffer() {
    return buffer;
  }

  private long number(String option, long otherwise, long most) {
    Optional<String> word = invocation.value(option);
    if (word.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(word.get());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number that does not fit.
    }
    throw OcicapException.usage(
        option + ": '" + word.get() + "' is not a number from 1 to " + most, option + " 10");
  }
}
