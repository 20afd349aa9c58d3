package dev.ocicap.learn;

import dev.ocicap.fuzz.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Any text as what the kernel writes to `trace_pipe`.
public final class TraceFuzz {
  private TraceFuzz() {}

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] data) {
    List<TraceEvent> events = new ArrayList<>();
    TraceParser parser = new TraceParser(events::add);
    List<String> lines = new String(data, StandardCharsets.UTF_8).lines().toList();
    lines.forEach(parser::line);
    parser.finish();
    Refusal.require(events.size() <= lines.size(), "more events than lines");
  }
}
