package dev.ocicap.cli;

import dev.ocicap.fuzz.Refusal;
import dev.ocicap.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Any words as options of `edit`: what comes out is JSON, or the words are refused. Nothing is
/// written.
public final class EditFuzz {
  private static final String CONFIG = InProcess.PLAIN.run("", "generate").out();

  private EditFuzz() {}

  /// Runs one input: a word on each line.
  public static void fuzzerTestOneInput(byte[] data) {
    List<String> words = new ArrayList<>(List.of("edit", "--dry-run"));
    words.addAll(List.of(new String(data, StandardCharsets.UTF_8).split("\n", -1)));
    if (words.contains("--")
        || String.join(" ", words.subList(2, words.size())).contains("--dry-run")) {
      return;
    }
    words.add("-");
    InProcess.Outcome outcome = InProcess.PLAIN.run(CONFIG, words);
    Refusal.require(outcome.status() <= 3, "status " + outcome.status() + ": " + outcome.err());
    words.set(1, "--output=-");
    if (outcome.status() <= 1 && !words.contains("--help") && !words.contains("-h")) {
      JsonText.parse("fuzz.json", InProcess.PLAIN.run(CONFIG, words).out());
    }
  }
}
