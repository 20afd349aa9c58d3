package dev.ocicap.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.util.ArrayList;
import java.util.List;

/// The state of a container (`runtime.md#state`), and what `state` and `list` of runc and crun say
/// beside it. What a runtime leaves out is "" or 0.
///
/// @param id the container's name
/// @param status `creating`, `created`, `running`, `paused` or `stopped`
/// @param pid its first process; 0 when it has none any more
/// @param bundle the bundle's directory
/// @param created when it was made, in the words of RFC 3339
/// @param owner the name of the user who made it
/// @param json everything that the runtime said
public record ContainerState(
    String id,
    String status,
    long pid,
    String bundle,
    String created,
    String owner,
    JsonNode json) {
  private static final String RUNTIME = "runtime";

  /// The state in an object.
  public static ContainerState of(JsonNode node) {
    return new ContainerState(
        node.path("id").asText(),
        node.path("status").asText(),
        node.path("pid").asLong(),
        node.path("bundle").asText(),
        node.path("created").asText(),
        node.path("owner").asText(),
        node);
  }

  /// The states in an array, or in the `null` that runc prints for none.
  public static List<ContainerState> list(JsonText text) {
    List<ContainerState> states = new ArrayList<>();
    for (JsonNode node : text.root()) {
      states.add(of(node));
    }
    return states;
  }

  /// The process ids that `ps` of a runtime prints.
  public static List<Long> processes(JsonText text) {
    List<Long> processes = new ArrayList<>();
    for (JsonNode node : text.root()) {
      processes.add(node.asLong());
    }
    return processes;
  }

  /// Adds what the runtime said to an array, and which runtime it was.
  public void addTo(ArrayNode array, String runtime) {
    ObjectNode node = JsonValues.object();
    json.properties().forEach(member -> node.set(member.getKey(), member.getValue()));
    node.set(RUNTIME, JsonValues.string(runtime));
    array.add(node);
  }
}
