package dev.ocicap.runtime;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How this process becomes the container runtime: with the same process id, terminal, standard
/// streams, environment, limits and signals, as if the user had started the runtime.
@FunctionalInterface
public interface Handover {

  /// Becomes a program. Everything that is buffered must be written before.
  ///
  /// @param command the absolute path of the program, then its arguments
  /// @return the status to end this JVM with, at once and without more output: what follows is the
  ///   launcher's work. Where the JVM itself becomes the program, there is no return
  /// @throws OcicapException when it cannot be done
  ExitStatus become(List<String> command);

  /// The way that fits how this JVM was started.
  static Handover ofThisProcess() {
    @Nullable Launcher launcher = Launcher.ofThisProcess();
    return launcher != null && launcher.planDescriptor() >= 0
        ? new PlanHandover(launcher)
        : new ExecveHandover(launcher);
  }
}
