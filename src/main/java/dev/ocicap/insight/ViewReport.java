package dev.ocicap.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.Risk;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
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

  /// A view as JSON, with the names of the runtime specification: what the sets of a configuration
  /// hold, and what else decides. `process.inForce` is what a plain program has after execve, null
  /// where runtimes refuse the sets; a namespace is the host's, its own, or that of a path.
  public static ObjectNode json(SecurityView view) {
    ObjectNode node = JsonValues.object();
    node.set("name", JsonValues.string(view.name()));
    ObjectNode sets = JsonValues.object();
    for (SetName set : SetName.values()) {
      sets.set(set.key(), names(view.capabilities().set(set)));
    }
    node.set("capabilities", sets);
    node.set("unknownNames", JsonValues.strings(view.unknownNames()));
    RuntimeConfig config = view.config();
    if (config != null) {
      node.set("process", process(config));
      node.set("seccomp", config.find("linux", "seccomp").orElse(NullNode.instance));
      node.set("namespaces", namespaces(config));
      node.set("mounts", mounts(config));
      node.set("devices", array(config.elements("linux", "devices")));
      node.set("deviceRules", array(config.elements("linux", "resources", "devices")));
      node.set("readonly", JsonValues.bool(config.isRootReadOnly()));
      node.set("maskedPaths", JsonValues.strings(config.maskedPaths()));
      node.set("readonlyPaths", JsonValues.strings(config.readonlyPaths()));
      List<String> reasons = SecurityView.privileged(config);
      node.set("privileged", JsonValues.bool(!reasons.isEmpty()));
      node.set("privilegedBecause", JsonValues.strings(reasons));
    }
    return node;
  }

  private static ArrayNode array(List<JsonNode> elements) {
    ArrayNode array = JsonValues.array();
    for (JsonNode element : elements) {
      array.add(element);
    }
    return array;
  }

  private static ObjectNode process(RuntimeConfig config) {
    ObjectNode node = JsonValues.object();
    User user = config.user();
    ObjectNode ids = JsonValues.object();
    ids.set("uid", JsonValues.number(user.uid()));
    ids.set("gid", JsonValues.number(user.gid()));
    ArrayNode groups = JsonValues.array();
    for (long group : user.additionalGids()) {
      groups.add(JsonValues.number(group));
    }
    ids.set("additionalGids", groups);
    node.set("user", ids);
    node.set("noNewPrivileges", JsonValues.bool(config.noNewPrivileges()));
    CapabilitySet inForce = SecurityView.inForce(config);
    node.set("inForce", inForce == null ? NullNode.instance : names(inForce));
    node.set("apparmorProfile", orNull(config.apparmorProfile()));
    node.set("selinuxLabel", orNull(config.selinuxLabel()));
    return node;
  }

  private static JsonNode orNull(String text) {
    return text.isEmpty() ? NullNode.instance : JsonValues.string(text);
  }

  private static ArrayNode names(CapabilitySet set) {
    ArrayNode names = JsonValues.array();
    for (Capability capability : set.members()) {
      names.add(JsonValues.string(capability.name()));
    }
    return names;
  }

  private static ArrayNode namespaces(RuntimeConfig config) {
    ArrayNode array = JsonValues.array();
    for (String type : SecurityView.NAMESPACES) {
      Namespace namespace = SecurityView.namespace(config, type);
      ObjectNode node = JsonValues.object();
      node.set("type", JsonValues.string(type));
      node.set("host", JsonValues.bool(namespace == null));
      if (namespace != null && namespace.path() != null) {
        node.set("path", JsonValues.string(namespace.path()));
      }
      array.add(node);
    }
    return array;
  }

  private static ArrayNode mounts(RuntimeConfig config) {
    ArrayNode array = JsonValues.array();
    for (Mount mount : config.mounts()) {
      ObjectNode node = JsonValues.object();
      node.set("destination", JsonValues.string(mount.destination()));
      node.set("type", JsonValues.string(mount.type()));
      node.set("source", JsonValues.string(mount.source()));
      node.set("options", JsonValues.strings(mount.options()));
      node.set("bind", JsonValues.bool(mount.isBind()));
      node.set("readonly", JsonValues.bool(mount.isReadOnly()));
      array.add(node);
    }
    return array;
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
