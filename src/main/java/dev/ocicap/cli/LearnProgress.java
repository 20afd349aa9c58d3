package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.learn.Evidence;
import dev.ocicap.learn.LearnEvent;
import dev.ocicap.report.Escape;
import java.util.ArrayList;
import java.util.List;

/// Shows what learning does: a line that is rewritten on a terminal, one JSON object a line for
/// programs, and else only the warnings.
final class LearnProgress implements AutoCloseable {
  private static final int WIDTH = 100;
  private static final int MOST = 5;

  private final Console console;
  private final boolean json;
  private final boolean live;
  private int run;
  private String what = "";
  private String seen = "";
  private boolean shown;

  /// @param json whether programs read it
  /// @param shared whether the container prints to the same terminal
  LearnProgress(Console console, boolean json, boolean shared) {
    this.console = console;
    this.json = json;
    this.live = console.errIsTerminal() && !shared;
  }

  /// Takes an event; several threads tell them.
  synchronized void accept(LearnEvent event) {
    if (json) {
      console.out().println(JsonText.compact(node(event)));
      console.out().flush();
    }
    switch (event) {
      case LearnEvent.Warning warning -> {
        clear();
        console.err().println("ocicap: warning: " + Escape.text(warning.message()));
        console.err().flush();
      }
      case LearnEvent.RunBegan began -> {
        run = began.run();
        CapabilitySet set = began.granted();
        String granted = set.size() > MOST ? set.size() + " capabilities" : set.toString();
        what = began.purpose() + ": " + granted;
        seen = "";
        show();
      }
      case LearnEvent.Seen one -> {
        Evidence evidence = one.evidence();
        seen =
            (evidence.granted() ? "used " : "denied ")
                + evidence.capability().shortName()
                + " by "
                + evidence.program();
        show();
      }
      case LearnEvent.RunEnded ended -> {
        seen = ended.worked() ? "works" : "does not work";
        show();
      }
    }
  }

  private void show() {
    if (!live) {
      return;
    }
    String line = "run " + run + " · " + what + (seen.isEmpty() ? "" : " · " + seen);
    line = Escape.text(line);
    if (line.length() > WIDTH) {
      line = line.substring(0, WIDTH - 1) + "…";
    }
    console.err().print("\r\u001b[K" + line);
    console.err().flush();
    shown = true;
  }

  private void clear() {
    if (shown) {
      console.err().print("\r\u001b[K");
      console.err().flush();
      shown = false;
    }
  }

  /// Clears the line.
  @Override
  public synchronized void close() {
    clear();
  }

  private static ObjectNode node(LearnEvent event) {
    ObjectNode node = JsonValues.object();
    switch (event) {
      case LearnEvent.RunBegan began -> {
        node.set("event", JsonValues.string("run-began"));
        node.set("run", JsonValues.number(began.run()));
        node.set("granted", names(began.granted()));
        node.set("purpose", JsonValues.string(began.purpose()));
      }
      case LearnEvent.Seen seen -> {
        node.set("event", JsonValues.string("seen"));
        node.set("run", JsonValues.number(seen.run()));
        describe(seen.evidence(), node);
      }
      case LearnEvent.RunEnded ended -> {
        node.set("event", JsonValues.string("run-ended"));
        node.set("run", JsonValues.number(ended.run()));
        node.set("worked", JsonValues.bool(ended.worked()));
        node.set("reason", JsonValues.string(ended.reason()));
        node.set("milliseconds", JsonValues.number(ended.milliseconds()));
      }
      case LearnEvent.Warning warning -> {
        node.set("event", JsonValues.string("warning"));
        node.set("message", JsonValues.string(warning.message()));
      }
    }
    return node;
  }

  /// Writes a kind of check into an object.
  static void describe(Evidence evidence, ObjectNode node) {
    node.set("capability", JsonValues.string(evidence.capability().name()));
    node.set("granted", JsonValues.bool(evidence.granted()));
    node.set("weak", JsonValues.bool(evidence.weak()));
    node.set("systemCall", JsonValues.string(evidence.systemCall()));
    node.set("program", JsonValues.string(evidence.program()));
    node.set("count", JsonValues.number(evidence.count()));
    if (!evidence.remark().isEmpty()) {
      node.set("remark", JsonValues.string(evidence.remark()));
    }
  }

  /// The names as config.json spells them.
  static com.fasterxml.jackson.databind.node.ArrayNode names(CapabilitySet set) {
    List<String> names = new ArrayList<>();
    for (Capability capability : set.members()) {
      names.add(capability.name());
    }
    return JsonValues.strings(names);
  }
}
