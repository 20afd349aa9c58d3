package dev.ocicap.runtime;

import dev.ocicap.os.Environment;
import dev.ocicap.os.NativeText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The launcher becomes the runtime: this JVM writes it a plan and ends.
///
/// @param launcher the script that waits for the plan
record PlanHandover(Launcher launcher) implements Handover {

  @Override
  public ExitStatus become(List<String> command) {
    List<String> words = new ArrayList<>(command.size());
    for (String word : command) {
      words.add(NativeText.of(word));
    }
    try (OutputStream channel =
        new FileOutputStream("/proc/self/fd/" + launcher.planDescriptor())) {
      Environment wanted = Environment.of(launcher.pid());
      EnvironmentChange change = EnvironmentChange.between(Environment.self(), wanted);
      channel.write(Plan.text(words, change, envProgram()).getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new OcicapException(
          ExitStatus.NOT_STARTED,
          List.of(
              Problem.of("cannot hand over to '" + command.getFirst() + "': " + e.getMessage())));
    }
    return ExitStatus.DONE;
  }

  private static String envProgram() {
    return Files.isExecutable(Path.of("/usr/bin/env")) ? "/usr/bin/env" : "/bin/env";
  }
}
