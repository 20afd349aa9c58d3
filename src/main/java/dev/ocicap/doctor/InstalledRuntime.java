package dev.ocicap.doctor;

import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A runtime of this machine, and what it says when it is asked.
///
/// @param runtime which one
/// @param answer what it says of itself; absent when it does not
/// @param obstacle why it starts no container here, as far as that is known; absent when nothing is
///   in the way
public record InstalledRuntime(
    OciRuntime runtime, Optional<RuntimeProbe> answer, Optional<Problem> obstacle) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /// What it is called: `runc`.
  public String name() {
    return runtime.kind();
  }

  /// Asks all runtimes at the same time.
  ///
  /// @param env the user's environment
  static List<InstalledRuntime> ask(List<OciRuntime> runtimes, Map<String, String> env) {
    InstalledRuntime[] asked = new InstalledRuntime[runtimes.size()];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < asked.length; i++) {
      int index = i;
      threads.add(Thread.ofVirtual().start(() -> asked[index] = ask(runtimes.get(index), env)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return List.of(asked);
  }

  private static InstalledRuntime ask(OciRuntime runtime, Map<String, String> env) {
    RuntimeProbe probe;
    try {
      probe = RuntimeProbe.of(runtime, env, PATIENCE);
    } catch (OcicapException e) {
      return new InstalledRuntime(runtime, Optional.empty(), Optional.of(e.problems().getFirst()));
    }
    if (probe.version().isEmpty()) {
      return new InstalledRuntime(
          runtime,
          Optional.empty(),
          Optional.of(
              Problem.of(
                  "'" + runtime.executable() + " --version' does not answer with a version")));
    }
    try {
      runtime.checkHost(env);
      return new InstalledRuntime(runtime, Optional.of(probe), Optional.empty());
    } catch (OcicapException e) {
      return new InstalledRuntime(
          runtime, Optional.of(probe), Optional.of(e.problems().getFirst()));
    }
  }
}
