package dev.ocicap.runtime;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a runtime says of itself.
///
/// @param banner the output of `--version`, as in `runc version 1.1.5`, `spec: 1.0.2-dev`
/// @param features the output of `features` (runtime-spec `features.md`); empty from a runtime that
///   does not know the command
public record RuntimeProbe(String banner, Optional<String> features) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String VERSION = " version";
  private static final String SPECIFICATION = "\nspec:";

  /// What the runtime says, from the cache when this very program was asked before.
  ///
  /// @param env the user's environment, which tells where the cache is
  /// @throws OcicapException when it cannot be executed
  public static RuntimeProbe of(OciRuntime runtime, Map<String, String> env) {
    return of(runtime, env, PATIENCE);
  }

  /// The same.
  ///
  /// @param patience how long to wait for each of its two answers
  public static RuntimeProbe of(OciRuntime runtime, Map<String, String> env, Duration patience) {
    ProbeCache cache = ProbeCache.of(env);
    Optional<RuntimeProbe> known = cache.find(runtime.executable());
    if (known.isPresent()) {
      return known.get();
    }
    String header;
    try {
      header = ProbeCache.header(runtime.executable());
    } catch (IOException e) {
      throw notExecutable(runtime, e);
    }
    RuntimeProbe probe = ask(runtime, patience.toMillis());
    if (!probe.banner().isEmpty()) {
      cache.put(runtime.executable(), header, probe);
    }
    return probe;
  }

  /// The same, where it is asked once and not each time.
  ///
  /// @param env the user's environment, which tells where the cache is
  /// @return empty where there is no place for a cache
  public static Optional<RuntimeProbe> remembered(OciRuntime runtime, Map<String, String> env) {
    return ProbeCache.of(env).directory() == null
        ? Optional.empty()
        : Optional.of(of(runtime, env));
  }

  /// Remembers these answers as the runtime's own.
  ///
  /// @param env the user's environment, which tells where the cache is
  /// @throws IOException when there is no such program
  public void remember(OciRuntime runtime, Map<String, String> env) throws IOException {
    Path program = runtime.executable();
    ProbeCache.of(env).put(program, ProbeCache.header(program), this);
  }

  /// A runtime that does not say its version in time is not waited for again.
  private static RuntimeProbe ask(OciRuntime runtime, long milliseconds) {
    Optional<String> banner = output(runtime, "--version", milliseconds);
    return banner.isEmpty()
        ? new RuntimeProbe("", Optional.empty())
        : new RuntimeProbe(banner.get(), output(runtime, "features", milliseconds));
  }

  /// What the runtime calls itself: `runc`; empty when its banner has no version.
  public String name() {
    int version = banner.indexOf(VERSION);
    return version < 0 ? "" : banner.substring(banner.lastIndexOf('\n', version) + 1, version);
  }

  /// Its version: `1.1.5+ds1`; empty when its banner has none.
  public String version() {
    int version = banner.indexOf(VERSION);
    if (version < 0) {
      return "";
    }
    int text = version + VERSION.length();
    return line(banner.startsWith(":", text) ? text + 1 : text);
  }

  /// The version of the specification that it says it follows: `1.0.2-dev`; empty when it says
  /// nothing.
  public String specVersion() {
    int spec = banner.indexOf(SPECIFICATION);
    return spec < 0 ? "" : line(spec + SPECIFICATION.length());
  }

  private String line(int start) {
    int end = banner.indexOf('\n', start);
    return banner.substring(start, end < 0 ? banner.length() : end).strip();
  }

  /// What it prints to standard output; empty when it fails or does not end.
  private static Optional<String> output(OciRuntime runtime, String argument, long milliseconds) {
    Process process;
    try {
      process =
          new ProcessBuilder(runtime.executable().toString(), argument)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw notExecutable(runtime, e);
    }
    try {
      Reading reading = new Reading(process.getInputStream());
      reading.start();
      // What it started may hold the pipe open after it has ended itself.
      reading.join(milliseconds);
      byte @Nullable [] bytes = reading.bytes;
      return bytes != null
              && process.waitFor(milliseconds, TimeUnit.MILLISECONDS)
              && process.exitValue() == 0
          ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Reads a stream to its end, and no more than may be.
  private static final class Reading extends Thread {
    private final InputStream in;
    private volatile byte @Nullable [] bytes;

    Reading(InputStream in) {
      this.in = in;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        bytes = in.readNBytes(MAX_BYTES);
      } catch (IOException e) {
        // As if there had been no end.
      }
    }
  }

  private static OcicapException notExecutable(OciRuntime runtime, IOException e) {
    return new OcicapException(
        ExitStatus.NOT_EXECUTABLE,
        List.of(Problem.of("cannot execute '" + runtime.executable() + "': " + e.getMessage())));
  }
}
