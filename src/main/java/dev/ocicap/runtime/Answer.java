package dev.ocicap.runtime;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What a runtime answered to a question, such as `state` or `list`.
///
/// @param status its exit status
/// @param out what it printed to standard output, at most 16 MiB
public record Answer(int status, String out) {
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  /// What becomes of its standard error.
  public enum Errors {
    /// The user reads it.
    SHOWN,
    /// Nobody does.
    HIDDEN
  }

  /// Asks, and waits for the answer. The runtime reads nothing.
  ///
  /// @param command the runtime and its arguments
  /// @param env the user's environment
  /// @throws OcicapException with [ExitStatus#NOT_EXECUTABLE]
  public static Answer to(List<String> command, Map<String, String> env, Errors errors) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectError(
        errors == Errors.SHOWN ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      byte[] bytes;
      try (InputStream out = process.getInputStream()) {
        bytes = out.readNBytes(MAX_BYTES);
      }
      return new Answer(process.waitFor(), new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new OcicapException(
          ExitStatus.NOT_EXECUTABLE,
          List.of(Problem.of("cannot execute '" + command.getFirst() + "': " + e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(ExitStatus.INTERRUPTED.code(), "");
    }
  }
}
