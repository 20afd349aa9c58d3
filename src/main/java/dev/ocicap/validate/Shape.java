package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the newest schema knows of one value: its members, their types, and since when they exist.
/// This is the only list of the specification's keys.
final class Shape {
  /// The shape of config.json.
  static final Shape CONFIG = config();

  private final JsonNode root;
  private final JsonNode named;
  private final JsonNode schema;

  private Shape(JsonNode root, JsonNode named) {
    this.root = root;
    this.named = named;
    JsonNode target = named;
    while (target.has("$ref")) {
      target = root.at(target.get("$ref").asText().substring(1));
    }
    this.schema = target;
  }

  private static Shape config() {
    JsonNode root = Schemas.schema(Schemas.VERSIONS.getLast(), "config").root();
    return new Shape(root, root);
  }

  /// The member of that key, spelt exactly so.
  Optional<Shape> property(String key) {
    return of(schema.path("properties").get(key));
  }

  /// The member that is gone from the specification.
  Optional<Shape> removed(String key) {
    return of(schema.path("x-removed").get(key));
  }

  /// The known keys; none for an object whose keys are free.
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      keys.add(property.getKey());
    }
    return keys;
  }

  /// The members of an object whose keys are free.
  Optional<Shape> free() {
    return of(schema.get("additionalProperties"));
  }

  /// The elements of an array.
  Optional<Shape> items() {
    return of(schema.get("items"));
  }

  /// The release that brought this.
  SpecVersion since() {
    JsonNode since = named.has("x-since") ? named.get("x-since") : schema.get("x-since");
    return since == null ? SpecVersion.of("1.0.0") : SpecVersion.of(since.asText());
  }

  /// The first release without this.
  String removedIn() {
    return named.path("x-removed-in").asText();
  }

  boolean isInteger() {
    return schema.path("type").asText().equals("integer");
  }

  private Optional<Shape> of(@Nullable JsonNode child) {
    return child == null || !child.isObject()
        ? Optional.empty()
        : Optional.of(new Shape(root, child));
  }
}
