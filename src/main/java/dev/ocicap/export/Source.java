package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A configuration while it is exported: it knows which properties were looked at, so that none is
/// left out in silence.
final class Source {
  /// Objects whose members are carried or lost one by one.
  private static final Set<String> OPENED =
      Set.of(
          "process",
          "root",
          "linux",
          "linux.resources",
          "linux.resources.memory",
          "linux.resources.cpu",
          "linux.resources.pids",
          "linux.resources.blockIO");

  private final RuntimeConfig config;
  private final Set<String> taken = new LinkedHashSet<>();
  private final List<Exported.Loss> losses = new ArrayList<>();

  Source(RuntimeConfig config) {
    this.config = config;
    take("ociVersion");
    take("process.capabilities");
    take("process.user");
    take("process.noNewPrivileges");
    // Where the bundle keeps its files is no matter of privileges.
    take("root.path");
  }

  RuntimeConfig config() {
    return config;
  }

  /// Marks a property as looked at.
  void take(String path) {
    taken.add(path);
  }

  /// The value of a property, which is marked as looked at.
  Optional<JsonNode> get(String path) {
    take(path);
    return config.find(path.split("\\.", -1)).filter(node -> !node.isNull());
  }

  /// The text of a property, or "".
  String text(String path) {
    return get(path).map(JsonNode::asText).orElse("");
  }

  /// Whether a property is true.
  boolean flag(String path) {
    return get(path).map(JsonNode::asBoolean).orElse(false);
  }

  /// A number, if it is set and limits something.
  Optional<Long> number(String path) {
    return get(path).filter(JsonNode::isNumber).map(JsonNode::asLong);
  }

  /// The elements of an array.
  List<JsonNode> elements(String path) {
    List<JsonNode> elements = new ArrayList<>();
    Optional<JsonNode> array = get(path);
    if (array.isPresent() && array.get().isArray()) {
      for (JsonNode element : array.get()) {
        elements.add(element);
      }
    }
    return elements;
  }

  /// The strings of an array.
  List<String> strings(String path) {
    List<String> strings = new ArrayList<>();
    for (JsonNode element : elements(path)) {
      strings.add(element.asText());
    }
    return strings;
  }

  /// Reports something that the target cannot say.
  void lose(String property, String reason) {
    losses.add(new Exported.Loss(property, reason));
  }

  /// Everything that was lost, with the properties that nobody looked at.
  List<Exported.Loss> losses() {
    List<Exported.Loss> all = new ArrayList<>(losses);
    if (config.json().root() instanceof ObjectNode root) {
      untaken("", root, all);
    }
    return all;
  }

  private void untaken(String prefix, ObjectNode object, List<Exported.Loss> all) {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String path = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (taken.contains(path) || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
        continue;
      }
      if (OPENED.contains(path) && value instanceof ObjectNode inner) {
        untaken(path + ".", inner, all);
      } else {
        all.add(new Exported.Loss(path, "there is nothing like it"));
      }
    }
  }
}
