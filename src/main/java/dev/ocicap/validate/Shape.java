package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.spec.SpecVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the newest schema knows of one value: its members, their types, and since when they exist.
/// This is the only list of the specification's keys. What is asked for once is kept, so that a
/// thousand documents do not read the schema a thousand times; several threads may ask.
final class Shape {
  /// The shape of config.json.
  static final Shape CONFIG = config();

  private static final SpecVersion FIRST = SpecVersion.of("1.0.0");

  private final JsonNode root;
  private final JsonNode named;
  private final JsonNode schema;
  private volatile @Nullable Map<String, Shape> properties;
  private volatile @Nullable Map<String, Shape> removed;
  private volatile @Nullable Shape inside;
  private volatile @Nullable SpecVersion since;

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
    return Optional.ofNullable(properties().get(key));
  }

  /// The member that is gone from the specification.
  Optional<Shape> removed(String key) {
    Map<String, Shape> known = removed;
    if (known == null) {
      known = shapes(schema.path("x-removed"));
      removed = known;
    }
    return Optional.ofNullable(known.get(key));
  }

  /// The known keys; none for an object whose keys are free.
  Collection<String> keys() {
    return properties().keySet();
  }

  private Map<String, Shape> properties() {
    Map<String, Shape> known = properties;
    if (known == null) {
      known = shapes(schema.path("properties"));
      properties = known;
    }
    return known;
  }

  private Map<String, Shape> shapes(JsonNode schemas) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : schemas.properties()) {
      shapes.put(property.getKey(), new Shape(root, property.getValue()));
    }
    return Collections.unmodifiableMap(shapes);
  }

  /// The members of an object whose keys are free.
  Optional<Shape> free() {
    return inside("additionalProperties");
  }

  /// The elements of an array.
  Optional<Shape> items() {
    return inside("items");
  }

  /// A schema has one of the two at most.
  private Optional<Shape> inside(String keyword) {
    JsonNode child = schema.get(keyword);
    if (child == null || !child.isObject()) {
      return Optional.empty();
    }
    Shape known = inside;
    if (known == null) {
      known = new Shape(root, child);
      inside = known;
    }
    return Optional.of(known);
  }

  /// The release that brought this.
  SpecVersion since() {
    SpecVersion known = since;
    if (known == null) {
      JsonNode text = named.has("x-since") ? named.get("x-since") : schema.get("x-since");
      known = text == null ? FIRST : SpecVersion.of(text.asText());
      since = known;
    }
    return known;
  }

  /// The first release without this.
  String removedIn() {
    return named.path("x-removed-in").asText();
  }

  /// The JSON type that is wanted, `integer` among them; "" where several are.
  String type() {
    return schema.path("type").asText();
  }

  /// The only words that there are; none where every text is one.
  List<String> words() {
    List<String> words = new ArrayList<>(0);
    for (JsonNode word : schema.path("enum")) {
      words.add(word.asText());
    }
    return words;
  }

  /// The known key that differs from one in its letter case only.
  Optional<String> otherCase(String key) {
    for (String known : keys()) {
      if (known.equalsIgnoreCase(key) && !known.equals(key)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }
}
