package dev.ocicap.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.Risk;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Views and differences as text for a terminal, and as JSON.
public final class ViewReport {
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int NAME_WIDTH = 20;

  private final boolean colours;

  /// A report for a terminal with or without colours.
  public ViewReport(boolean colours) {
    this.colours = colours;
  }

  /// A view as text: the matrix of the five sets, then the other areas.
  ///
  /// @param against what to compare with, or null
  public String text(SecurityView view, @Nullable SecurityView against) {
    StringBuilder out = new StringBuilder();
    out.append(bold(Escape.text(view.name()))).append('\n');
    matrix(out, view, against);
    for (String name : view.unknownNames()) {
      out.append("'").append(Escape.text(name)).append("' is no capability's name\n");
    }
    out.append('\n');
    for (SecurityView.Area area : view.areas()) {
      List<String> items = area.items();
      String heading = area.name();
      if (heading.equals("privileged") && items.isEmpty()) {
        items = List.of("no");
      }
      for (String item : items) {
        out.append(heading)
            .append(" ".repeat(12 - heading.length()))
            .append(Escape.text(item))
            .append('\n');
        heading = "";
      }
    }
    return out.toString();
  }

  private void matrix(StringBuilder out, SecurityView view, @Nullable SecurityView against) {
    CapabilitySet rows = view.capabilities().union();
    if (against != null) {
      rows = rows.plus(against.capabilities().union());
    }
    if (rows.isEmpty()) {
      out.append("no capability in any set\n");
      return;
    }
    out.append(" ".repeat(NAME_WIDTH));
    for (SetName set : SetName.values()) {
      out.append(set.key()).append("  ");
    }
    out.append("risk\n");
    for (Capability capability : rows.members()) {
      String name = capability.shortName();
      out.append(name).append(" ".repeat(NAME_WIDTH - name.length()));
      for (SetName set : SetName.values()) {
        boolean has = view.capabilities().set(set).contains(capability);
        boolean had = against == null ? has : against.capabilities().set(set).contains(capability);
        String mark = has ? had ? "x" : "+" : had ? "-" : ".";
        out.append(has == had ? mark : colour(has ? RED : GREEN, mark));
        out.append(" ".repeat(set.key().length() + 1));
      }
      Risk risk = CapabilityFacts.of(capability).risk();
      out.append(risk == Risk.ROOT ? colour(RED, risk.word()) : risk.word()).append('\n');
    }
    if (against != null) {
      out.append("against ")
          .append(Escape.text(against.name()))
          .append(": + is only here, - is only there\n");
    }
  }

  /// A difference as text: one line for each thing.
  public String text(SecurityDiff diff) {
    StringBuilder out = new StringBuilder();
    for (SecurityDiff.Change change : diff.changes()) {
      out.append(bold(Escape.text(change.area()))).append('\n');
      for (String item : change.removed()) {
        out.append(colour(GREEN, "  - " + Escape.text(item))).append('\n');
      }
      for (String item : change.added()) {
        out.append(colour(RED, "  + " + Escape.text(item))).append('\n');
      }
    }
    return out.toString();
  }

  private String bold(String text) {
    return colour(BOLD, text);
  }

  private String colour(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }

  /// A view as JSON.
  public static ObjectNode json(SecurityView view) {
    ObjectNode node = JsonValues.object();
    node.set("name", JsonValues.string(view.name()));
    ObjectNode sets = JsonValues.object();
    for (SetName set : SetName.values()) {
      ArrayNode names = JsonValues.array();
      for (Capability capability : view.capabilities().set(set).members()) {
        names.add(JsonValues.string(capability.name()));
      }
      sets.set(set.key(), names);
    }
    node.set("capabilities", sets);
    node.set("unknownNames", JsonValues.strings(view.unknownNames()));
    for (SecurityView.Area area : view.areas()) {
      node.set(area.name(), JsonValues.strings(area.items()));
    }
    return node;
  }

  /// A difference as JSON.
  public static ArrayNode json(SecurityDiff diff) {
    ArrayNode array = JsonValues.array();
    for (SecurityDiff.Change change : diff.changes()) {
      ObjectNode node = JsonValues.object();
      node.set("area", JsonValues.string(change.area()));
      node.set("removed", JsonValues.strings(change.removed()));
      node.set("added", JsonValues.strings(change.added()));
      array.add(node);
    }
    return array;
  }
}
