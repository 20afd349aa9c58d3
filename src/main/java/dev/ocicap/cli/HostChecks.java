package dev.ocicap.cli;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.os.Cgroups;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.HostFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What configurations are checked against on this machine.
final class HostChecks {
  private HostChecks() {}

  /// What is asked of this machine before a container is started; absent where there is no `/proc`.
  ///
  /// @param root what will lie at `root.path` when the runtime looks; empty when that is there now
  static Optional<HostCheck> forStart(RuntimeConfig config, Optional<Path> root, Console console) {
    try {
      ProcessStatus self = ProcessStatus.self();
      return Optional.of(
          new HostCheck(
              HostFacts.forStart(
                  config,
                  self.uid().effective(),
                  self.capabilities().permitted(),
                  self.capabilities().bounding(),
                  self.uid().effective() == 0 || config.find("linux", "resources").isEmpty()
                      ? Set.of()
                      : Cgroups.read(Path.of("/")).delegated()),
              console.directory(),
              root));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// This machine, as the calling user has it; absent where there is no `/proc`.
  static Optional<HostCheck> ofCaller(Console console) {
    try {
      ProcessStatus self = ProcessStatus.self();
      CapabilitySet permitted = self.capabilities().permitted();
      return Optional.of(
          new HostCheck(
              HostFacts.read(
                  Path.of("/"), self.uid().effective(), permitted, self.capabilities().bounding()),
              console.directory()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
