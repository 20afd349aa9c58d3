package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import org.jspecify.annotations.Nullable;

/// Shows what learning does: a line that is rewritten on a terminal, one JSON object a line for
/// programs, and else only the warnings.
final class LearnProgress implements AutoCloseable {
  /// No longer than a terminal is wide: it cuts the rest off, and does not wrap it.
  private static final String BEGIN = "\r\u001b[K\u001b[?7l";

  private static final String END = "\u001b[?7h";
  private static final String CLEAR = "\r\u001b[K";
  private static final int WIDTH = 300;
  private static final long TICK_MILLIS = 1000;
  private static final int MOST = 5;

  private final Console console;
  private final boolean json;
  private final boolean live;
  private int run;
  private String what = "";
  private String seen = "";
  private boolean shown;
  private boolean ended;
  private long began;
  private final @Nullable Thread clock;

  /// @param json whether programs read it
  /// @param shared whether the container prints to the same terminal
  LearnProgress(Console console, boolean json, boolean shared) {
    this.console = console;
    this.json = json;
    this.live = console.errIsTerminal() && !shared;
    this.clock = live ? Thread.ofPlatform().daemon().name("clock").start(this::tick) : null;
  }

  /// Takes an event; several threads tell them.
  synchronized void accept(LearnEvent event) {
    if (json) {
      console.out().println(JsonText.compact(node(event)));
      console.out().flush();
    }
    switch (event) {
      case LearnEvent.Warning warning -> say("warning: " + warning.message());
      case LearnEvent.Swept swept ->
          say(
              "note: removed what process "
                  + swept.owner().split("-", 2)[0]
                  + " left when it was killed: container, mounts and files");
      case LearnEvent.RunBegan start -> {
        run = start.run();
        began = System.nanoTime();
        ended = false;
        CapabilitySet set = start.granted();
        String granted = set.size() > MOST ? set.size() + " capabilities" : set.toString();
        what = start.purpose() + ": " + granted;
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
      case LearnEvent.RunEnded end -> {
        ended = true;
        seen = end.worked() ? "works" : "does not work";
        show();
      }
    }
  }

  private void say(String line) {
    clear();
    console.err().println("ocicap: " + Escape.text(line));
    console.err().flush();
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        synchronized (this) {
          if (shown) {
            show();
          }
        }
      }
    } catch (InterruptedException e) {
      // It is over.
    }
  }

  private void show() {
    if (!live) {
      return;
    }
    long seconds = (System.nanoTime() - began) / 1_000_000_000L;
    String line =
        "run "
            + run
            + (seconds > 0 && !ended ? " · " + seconds + " s" : "")
            + " · "
            + what
            + (seen.isEmpty() ? "" : " · " + seen);
    line = Escape.text(line);
    if (line.length() > WIDTH) {
      line = line.substring(0, WIDTH - 1) + "…";
    }
    console.err().print(BEGIN + line + END);
    console.err().flush();
    shown = true;
  }

  private void clear() {
    if (shown) {
      console.err().print(CLEAR);
      console.err().flush();
      shown = false;
    }
  }

  /// Clears the line.
  @Override
  public synchronized void close() {
    if (clock != null) {
      clock.interrupt();
    }
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
      case LearnEvent.Swept swept -> {
        node.set("event", JsonValues.string("swept"));
        node.set("owner", JsonValues.string(swept.owner()));
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
  static ArrayNode names(CapabilitySet set) {
    List<String> names = new ArrayList<>();
    for (Capability capability : set.members()) {
      names.add(capability.name());
    }
    return JsonValues.strings(names);
  }
}
