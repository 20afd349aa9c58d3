package dev.ocicap.cli;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.HostFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What configurations are checked against on this machine.
final class HostChecks {
  private HostChecks() {}

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
