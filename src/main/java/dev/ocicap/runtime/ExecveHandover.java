package dev.ocicap.runtime;

import dev.ocicap.os.Environment;
import dev.ocicap.os.Execve;
import dev.ocicap.os.NativeText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JVM itself becomes the runtime: after `java -jar`, and where the launcher finds no
/// descriptor for a plan.
///
/// @param launcher the launcher that was replaced by this JVM, or null
record ExecveHandover(@Nullable Launcher launcher) implements Handover {
  private static final int ENOENT = 2;
  private static final int E2BIG = 7;
  private static final long SIGQUIT = 1L << 2;

  @Override
  public ExitStatus become(List<String> command) {
    List<String> arguments = new ArrayList<>(command.size());
    for (String word : command) {
      arguments.add(NativeText.of(word));
    }
    int errno =
        Execve.replace(
            arguments.getFirst(),
            arguments,
            environment(),
            new Execve.Before(ignoredSignals(), launcher != null));
    String why =
        switch (errno) {
          case ENOENT -> "it or its interpreter does not exist";
          case E2BIG -> "the arguments are too long";
          default -> "execve fails with error " + errno;
        };
    throw new OcicapException(
        ExitStatus.NOT_EXECUTABLE,
        List.of(Problem.of("cannot execute '" + command.getFirst() + "': " + why)));
  }

  /// Without SIGQUIT, which some shells ignore for themselves alone.
  private long ignoredSignals() {
    return launcher == null ? 0 : launcher.ignoredSignals() & ~SIGQUIT;
  }

  /// As this process has it. What the launcher's shell added before it was replaced, such as `PWD`,
  /// nobody can tell from the user's own.
  private Environment environment() {
    Environment environment;
    try {
      environment = Environment.self();
    } catch (IOException e) {
      throw new OcicapException(
          ExitStatus.NOT_STARTED, List.of(Problem.of("/proc/self/environ cannot be read")));
    }
    if (launcher == null) {
      return environment;
    }
    Map<String, String> variables = new LinkedHashMap<>(environment.variables());
    variables.remove("LC_ALL");
    if (launcher.lcAll() != null) {
      variables.put("LC_ALL", NativeText.of(launcher.lcAll()));
    }
    return new Environment(variables);
  }
}
