package dev.ocicap.doctor;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.learn.Tracing;
import dev.ocicap.os.Cgroups;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.os.Programs;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.validate.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this machine offers to containers that the calling user starts. What cannot be read, as
/// without `/proc` or `/sys`, is absent, which is not the same as none.
///
/// @param kernel its release: `6.18.44`
/// @param architecture the processor's
/// @param kernelCapabilities the capabilities that the kernel has
/// @param caller the credentials of this process; absent without `/proc`
/// @param cgroups the control groups
/// @param facts what a configuration is checked against
/// @param userNamespaces what a user without privileges can have
/// @param seccompActions what a filter may do; absent when the kernel has none
/// @param modules the active Linux security modules; absent when they cannot be seen
/// @param runtimes the installed runtimes
/// @param tracingObstacle why the kernel does not report capability checks to this user; empty when
///   it does
/// @param tools programs that ocicap uses for images, by name, where they are
/// @param java the Java that runs ocicap
public record HostSurvey(
    String kernel,
    String architecture,
    CapabilitySet kernelCapabilities,
    Optional<ProcessStatus> caller,
    Cgroups cgroups,
    HostFacts facts,
    UserNamespaces userNamespaces,
    Optional<List<String>> seccompActions,
    Optional<List<String>> modules,
    List<InstalledRuntime> runtimes,
    String tracingObstacle,
    Map<String, Optional<Path>> tools,
    JavaMachine java) {
  private static final List<String> TOOLS = List.of("skopeo", "umoci");

  /// Looks at this machine. Nothing is changed, and nothing is waited for long.
  ///
  /// @param root where `/proc`, `/sys` and `/etc` are: `/`
  /// @param runtimes the runtimes to ask
  /// @param env the user's environment
  public static HostSurvey of(Path root, List<OciRuntime> runtimes, Map<String, String> env) {
    Optional<ProcessStatus> caller = self();
    ProcessCapabilities sets =
        caller.map(ProcessStatus::capabilities).orElse(ProcessCapabilities.NONE);
    long uid = caller.map(status -> status.uid().effective()).orElse(0L);
    HostFacts facts = HostFacts.read(root, uid, sets.permitted(), sets.bounding());
    Map<String, Optional<Path>> tools = new LinkedHashMap<>();
    for (String tool : TOOLS) {
      tools.put(tool, Programs.find(tool, env));
    }
    return new HostSurvey(
        System.getProperty("os.version", ""),
        System.getProperty("os.arch", ""),
        kernelCapabilities(root),
        caller,
        Cgroups.read(root),
        facts,
        UserNamespaces.read(root, env),
        seccompActions(root),
        modules(root, facts),
        InstalledRuntime.ask(runtimes, env),
        Tracing.obstacle(),
        tools,
        JavaMachine.self(root));
  }

  private static Optional<ProcessStatus> self() {
    try {
      return Optional.of(ProcessStatus.self());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Without `/proc` every capability that is known.
  private static CapabilitySet kernelCapabilities(Path root) {
    long last =
        UserNamespaces.number(root.resolve("proc/sys/kernel/cap_last_cap"))
            .orElse((long) CapabilitySet.ALL.size() - 1);
    return new CapabilitySet(last >= 63 ? -1L : (1L << (last + 1)) - 1);
  }

  private static Optional<List<String>> seccompActions(Path root) {
    try {
      String actions =
          Files.readString(
                  root.resolve("proc/sys/kernel/seccomp/actions_avail"),
                  StandardCharsets.ISO_8859_1)
              .strip();
      return Optional.of(List.of(actions.split(" ", -1)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> modules(Path root, HostFacts facts) {
    if (!Files.isDirectory(root.resolve("sys/module"))) {
      return Optional.empty();
    }
    List<String> modules = new ArrayList<>(facts.securityModules());
    modules.sort(null);
    return Optional.of(modules);
  }

  /// The caller's effective user id; 0 where it is not known.
  public long uid() {
    return caller.map(status -> status.uid().effective()).orElse(0L);
  }

  /// The caller's five sets; none where they are not known.
  public ProcessCapabilities capabilities() {
    return caller.map(ProcessStatus::capabilities).orElse(ProcessCapabilities.NONE);
  }
}
