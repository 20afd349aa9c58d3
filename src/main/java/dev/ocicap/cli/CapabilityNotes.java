package dev.ocicap.cli;

import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import org.jspecify.annotations.Nullable;

/// Says on standard error what became of a capability request beyond what was typed.
final class CapabilityNotes {
  private CapabilityNotes() {}

  static void print(CapabilityRequest request, CapabilitySet host, Console console) {
    CapabilitySet withheld = CapabilitySet.ALL.minus(host);
    if (request.addAll() && !withheld.isEmpty()) {
      note(
          console,
          "ALL leaves out " + withheld + ": this host's bounding set lacks it",
          "capsh --print");
    }
    CapabilitySet impossible = request.adds().minus(host);
    if (!request.addAll() && !impossible.isEmpty()) {
      note(
          console,
          impossible
              + " was added, but this host's bounding set lacks it: the container will not"
              + " start here",
          null);
    }
  }

  private static void note(Console console, String message, @Nullable String hint) {
    console.err().println("ocicap: warning: " + message);
    if (hint != null) {
      console.err().println("  hint: " + hint);
    }
  }
}
