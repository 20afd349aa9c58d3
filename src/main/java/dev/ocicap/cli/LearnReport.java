package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonValues;
import dev.ocicap.learn.Evidence;
import dev.ocicap.learn.Learned;
import dev.ocicap.report.Escape;
import dev.ocicap.report.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// What learning found out, for people and for programs.
final class LearnReport {
  private static final int MOST = 3;

  private LearnReport() {}

  /// Prints it for people.
  static void print(Learned learned, PrintStream out) {
    if (!learned.failure().isEmpty()) {
      out.println("no result: " + Escape.text(learned.failure()));
      section("denied:", learned.denied(), learned, out);
    } else {
      CapabilitySet needed = learned.needed();
      String verb = learned.verified() ? "needed" : "used, which no trial has verified";
      if (needed.isEmpty()) {
        out.println(verb + ": no capability");
      } else {
        section(
            verb + " (" + needed.size() + " of the bundle's " + learned.ceiling().size() + "):",
            needed,
            learned,
            out);
      }
      section("used, but not needed by your check:", learned.usedNotNeeded(), learned, out);
      section("weak, asked for where programs may do without:", learned.weak(), learned, out);
      section("denied:", learned.denied(), learned, out);
      CapabilitySet dropped = learned.ceiling().minus(needed);
      if (!dropped.isEmpty()) {
        out.println("the bundle can lose: " + dropped);
      }
    }
    if (!learned.ofFiles().isEmpty()) {
      out.println("in the files that were executed: " + learned.ofFiles());
    }
    printDoubts(learned, out);
    if (learned.verified() && learned.needed().isEmpty() && !learned.usedNotNeeded().isEmpty()) {
      out.println(
          "note: your check passes with no capability at all, though some were used: a check that"
              + " looks at their effect says which are needed");
    }
    for (String note : learned.notes()) {
      out.println("note: " + Escape.text(note));
    }
    out.println(learned.runs() == 1 ? "1 run" : learned.runs() + " runs");
  }

  /// Prints what makes the result one not to rely on.
  static void printDoubts(Learned learned, PrintStream out) {
    for (String gap : learned.gaps()) {
      out.println("INCOMPLETE: " + Escape.text(gap));
    }
    if (!learned.flaky().isEmpty()) {
      out.println("flaky: needed in one run and not in another: " + learned.flaky());
    }
    if (learned.failure().isEmpty() && !learned.isRepeatable()) {
      out.println("flaky: the container did not work again with what is needed");
    }
  }

  private static void section(String title, CapabilitySet set, Learned learned, PrintStream out) {
    if (set.isEmpty()) {
      return;
    }
    out.println(title);
    TextTable table = new TextTable();
    for (Capability capability : set.members()) {
      boolean denied = learned.denied().contains(capability) && title.startsWith("denied");
      table.row(
          capability.shortName(),
          CapabilityFacts.of(capability).risk().word(),
          evidence(learned, capability, !denied));
    }
    out.print(table.print("  "));
  }

  /// The first few kinds of checks.
  private static String evidence(Learned learned, Capability capability, boolean granted) {
    StringBuilder text = new StringBuilder();
    int count = 0;
    for (Evidence one : learned.evidence()) {
      if (one.capability() == capability && one.granted() == granted) {
        if (++count <= MOST) {
          text.append(text.isEmpty() ? "" : "; ").append(Escape.text(one.toString()));
        }
      }
    }
    if (count > MOST) {
      text.append("; and ").append(count - MOST).append(" more");
    }
    if (text.isEmpty()) {
      return learned.ofFiles().contains(capability)
          ? "in an executed file"
          : learned.traced() ? "not seen to be asked for" : "";
    }
    return text.toString();
  }

  /// The object that ends the stream of events.
  static ObjectNode node(Learned learned) {
    ObjectNode node = JsonValues.object();
    node.set("needed", LearnProgress.names(learned.needed()));
    node.set("usedNotNeeded", LearnProgress.names(learned.usedNotNeeded()));
    node.set("weak", LearnProgress.names(learned.weak()));
    node.set("denied", LearnProgress.names(learned.denied()));
    node.set("complete", JsonValues.bool(learned.isComplete()));
    node.set("runs", JsonValues.number(learned.runs()));
    node.set("verified", JsonValues.bool(learned.verified()));
    node.set("flaky", LearnProgress.names(learned.flaky()));
    node.set("repeatable", JsonValues.bool(learned.isRepeatable()));
    node.set("bundle", LearnProgress.names(learned.ceiling()));
    node.set("ofFiles", LearnProgress.names(learned.ofFiles()));
    if (!learned.failure().isEmpty()) {
      node.set("failure", JsonValues.string(learned.failure()));
      if (!learned.runtimeError().isEmpty()) {
        node.set("runtimeError", JsonValues.string(learned.runtimeError()));
      }
    }
    List<String> gaps = new ArrayList<>(learned.gaps());
    node.set("gaps", JsonValues.strings(gaps));
    node.set("notes", JsonValues.strings(learned.notes()));
    ArrayNode evidence = JsonValues.array();
    for (Evidence one : learned.evidence()) {
      ObjectNode row = JsonValues.object();
      LearnProgress.describe(one, row);
      evidence.add(row);
    }
    node.set("evidence", evidence);
    return node;
  }
}
