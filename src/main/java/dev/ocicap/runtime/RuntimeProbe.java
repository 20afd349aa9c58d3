package dev.ocicap.runtime;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a runtime says of itself.
///
/// @param version the output of `--version`
/// @param features the output of `features`; empty from a runtime that does not know the command
public record RuntimeProbe(String version, Optional<String> features) {
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_SECONDS = 10;

  /// Asks a runtime.
  ///
  /// @throws OcicapException when it cannot be executed
  public static RuntimeProbe of(OciRuntime runtime) {
    return new RuntimeProbe(output(runtime, "--version").orElse(""), output(runtime, "features"));
  }

  /// What it prints to standard output; empty when it fails.
  private static Optional<String> output(OciRuntime runtime, String argument) {
    try {
      Process process =
          new ProcessBuilder(runtime.executable().toString(), argument)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      byte[] bytes;
      try (InputStream out = process.getInputStream()) {
        bytes = out.readNBytes(MAX_BYTES);
      }
      if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0
          ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw new OcicapException(
          ExitStatus.INPUT,
          List.of(Problem.of("cannot execute '" + runtime.executable() + "': " + e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
