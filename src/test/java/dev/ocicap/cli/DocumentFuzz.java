package dev.ocicap.cli;

import dev.ocicap.fuzz.Refusal;
import dev.ocicap.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any bytes as a config.json for everything that reads one.
public final class DocumentFuzz {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("validate", "--format", "json", "-"),
          List.of("validate", "--format", "sarif", "--runtime", "runc", "-"),
          List.of("show", "--format", "json", "-"),
          List.of("show", "--format", "html", "-"),
          List.of("predict", "--format", "json", "--host-caps", "1ffffffffff", "-"),
          List.of("audit", "--format", "json", "-"),
          List.of("export", "--to", "docker", "--image", "i", "-"),
          List.of("export", "--to", "kubernetes", "--image", "i", "-"),
          List.of("export", "--to", "compose", "--image", "i", "-"),
          List.of("export", "--to", "systemd", "-"),
          List.of("edit", "--add", "setuid", "--output", "-", "-"),
          List.of("generate", "--from", "-", "--oci-version", "1.0.0", "--downgrade"));

  private DocumentFuzz() {}

  /// Runs one input: a letter for the command, then the document.
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    List<String> command = COMMANDS.get(Math.floorMod(data[0] - 'a', COMMANDS.size()));
    String document = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
    InProcess.Outcome outcome =
        InProcess.PLAIN.run(document.getBytes(StandardCharsets.ISO_8859_1), command);
    Refusal.require(
        outcome.status() <= 3,
        command.getFirst() + ": status " + outcome.status() + ": " + outcome.err());
    if (command.contains("json") && outcome.status() <= 1) {
      JsonText.parse("fuzz.json", outcome.out());
    }
    for (int i = 0; i < outcome.err().length(); i++) {
      char c = outcome.err().charAt(i);
      Refusal.require(c >= ' ' || c == '\n' || c == '\t', "a control character is shown");
    }
  }
}
