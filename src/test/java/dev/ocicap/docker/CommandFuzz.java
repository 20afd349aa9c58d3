package dev.ocicap.docker;

import dev.ocicap.fuzz.Refusal;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any words as a docker command: it becomes a configuration that reads back, or is refused.
public final class CommandFuzz {
  private static final ClientEnvironment CLIENT =
      new ClientEnvironment(
          name -> null, "/here", ClientEnvironment.Stdin.UNKNOWN, null, new NoFiles());
  private static final TargetHost HOST = RecordedHost.v2Systemd();
  private static final ConversionOptions OPTIONS =
      ConversionOptions.of(RecordedHost.ID, ConversionOptions.Form.BUNDLE, "/volumes");

  private CommandFuzz() {}

  /// Runs one input: a word on each line.
  public static void fuzzerTestOneInput(byte[] data) {
    List<String> words = List.of(new String(data, StandardCharsets.UTF_8).split("\n", -1));
    Refusal.allow(() -> {
      JsonText config =
          DockerConversion.convert(
                  DockerRunCommand.parse(words),
                  ImageConfig.EMPTY,
                  ImageFiles.none(),
                  HOST,
                  CLIENT,
                  OPTIONS)
              .config()
              .json();
      JsonText.parse("fuzz.json", config.text());
    });
  }
}
