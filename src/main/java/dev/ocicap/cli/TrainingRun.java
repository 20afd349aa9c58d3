package dev.ocicap.cli;

import dev.ocicap.runtime.Handover;
import dev.ocicap.runtime.Launcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/// Drives typical command lines through one JVM, from which the build makes the ahead-of-time
/// caches of the distribution. What they print is discarded.
///
/// Every class met here is loaded in bulk at each later start: `light` holds the commands that must
/// start at once, `validate` the one that brings the schema validator.
public final class TrainingRun {
  private static final String CONFIG =
      """
      {"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["sh"], "user": {"uid": 0, "gid": 0}},
       "root": {"path": "rootfs"}}
      """;

  /// Stands for a bundle in a directory of its own.
  private static final String BUNDLE = "{bundle}";

  private static final String[][] LIGHT = {
    {"generate"},
    {"generate", "--add", "setuid"},
    {"generate", "--cap-add", "SETUID,CAP_SETGID", "--drop=kill", "--", "sh", "-c", "id"},
    {"generate", "--add", "all", "--user", "1000:1000", "--env", "A=b", "--cwd", "/tmp"},
    {"generate", "--add", "setuid", "--bundle", BUNDLE, "--rootfs"},
    {"edit", "--drop", "setuid", BUNDLE},
    {"generate", "--output", BUNDLE + "/other.json"},
    {"generate", "--add", "setuit"},
    {"generate", "--ad", "setuid"},
    {"edit", "--add", "setuid", "-"},
    {"edit", "--drop", "all", "--dry-run", "-"},
    {"edit", "--add", "kill", "no-such-bundle"},
    {"run", BUNDLE},
    {"run", "--runtime", "/bin/true", "--id", "a", "--pid-file", "/run/a.pid", BUNDLE},
    {
      "convert",
      "--config-only",
      "--",
      "docker",
      "run",
      "--rm",
      "-it",
      "--name",
      "a",
      "-e",
      "A=b",
      "-v",
      "/tmp:/data:ro",
      "--cap-drop=all",
      "--cap-add=setuid",
      "-u",
      "1000",
      "alpine",
      "sh"
    },
    {"convert", "--bundle", BUNDLE + "2", "--rootfs", "/", "--", "docker", "run", "-d", "a", "sh"},
    {"convert", "--config-only", "--", "docker", "run", "--privileged", "-m", "64m", "a", "sh"},
    {"convert", "--", "docker", "run", "--cap-ad", "x", "alpine"},
    {"predict", BUNDLE},
    {"caps", "setuid"},
    {"--version"},
  };

  private static final String[][] VALIDATE = {
    {"generate", "--add", "setuid", "--bundle", BUNDLE, "--rootfs"},
    {"validate", BUNDLE},
    {"validate", "-"},
    {"validate", "--level", "advice", BUNDLE + "/config.json", "-"},
    {"validate", "--format", "json", BUNDLE, "-"},
    {"validate", "--levl", "must", BUNDLE},
    {"validate", "no-such-bundle"},
  };

  private TrainingRun() {}

  /// Runs the command lines of one cache.
  ///
  /// @param args `light` or `validate`
  public static void main(String[] args) throws IOException {
    String[][] lines =
        switch (args[0]) {
          case "light" -> LIGHT;
          case "validate" -> VALIDATE;
          default -> throw new IllegalArgumentException(args[0]);
        };
    touchWhatMainTouches();
    Handover handover = planOnStandardOutput();
    Path directory = Files.createTempDirectory("ocicap");
    String bundle = directory.resolve("bundle").toString();
    for (String[] line : lines) {
      String[] words = line.clone();
      for (int i = 0; i < words.length; i++) {
        words[i] = words[i].replace(BUNDLE, bundle);
      }
      InputStream in = new ByteArrayInputStream(CONFIG.getBytes(StandardCharsets.UTF_8));
      OutputStream none = OutputStream.nullOutputStream();
      Main.run(in, none, none, ENV, Path.of(""), handover, words);
    }
    remove(directory);
  }

  /// A plan for this process itself, which nobody carries out.
  private static Handover planOnStandardOutput() throws IOException {
    System.setProperty(
        "ocicap.launcher", Path.of("/proc/self").toRealPath().getFileName().toString());
    System.setProperty("ocicap.plan", "1");
    return Handover.ofThisProcess();
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// The parts of a start that `Main.run` does not pass: the environment, and a class path that has
  /// moved since the training.
  private static void touchWhatMainTouches() {
    var _ =
        new Launcher(0, -1, "C", 0)
            .userEnvironment(Collections.unmodifiableMap(new ProcessBuilder().environment()));
    try {
      var _ = Path.of("/proc/self/no-such-file").toRealPath();
    } catch (IOException expected) {
      // The classes of the exception were wanted.
    }
  }

  private static final Map<String, String> ENV =
      Map.of("PATH", "/usr/sbin:/usr/bin", "TERM", "dumb");
}
