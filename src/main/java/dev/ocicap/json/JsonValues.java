package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes tree nodes the way the reader makes them, so that equal values are equal nodes.
public final class JsonValues {
  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonValues() {}

  /// An empty object.
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /// An empty array.
  public static ArrayNode array() {
    return NODES.arrayNode();
  }

  /// What stands for a value that is not there.
  public static JsonNode missing() {
    return NODES.missingNode();
  }

  /// A string.
  public static JsonNode string(String value) {
    return NODES.textNode(value);
  }

  /// An array of strings.
  public static ArrayNode strings(List<String> values) {
    ArrayNode array = NODES.arrayNode(values.size());
    for (String value : values) {
      array.add(string(value));
    }
    return array;
  }

  /// An array of strings that refuses changes, for many documents to share.
  public static ArrayNode fixedStrings(List<String> values) {
    List<JsonNode> nodes = new ArrayList<>(values.size());
    for (String value : values) {
      nodes.add(string(value));
    }
    return new FixedStrings(nodes);
  }

  /// A boolean.
  public static JsonNode bool(boolean value) {
    return NODES.booleanNode(value);
  }

  /// An integer.
  public static JsonNode number(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  /// An integer of any size.
  public static JsonNode number(BigInteger value) {
    return value.compareTo(MIN_LONG) < 0 || value.compareTo(MAX_LONG) > 0
        ? NODES.numberNode(value)
        : number(value.longValue());
  }

  /// Whether a tree is within the limits of what is read: as deep and as many values. Does not
  /// recurse, whatever the depth.
  public static boolean isModest(JsonNode root) {
    List<JsonNode> level = List.of(root);
    int values = 1;
    for (int depth = 1; depth <= JsonReader.MAX_DEPTH; depth++) {
      List<JsonNode> below = new ArrayList<>();
      for (JsonNode container : level) {
        values += container.size();
        for (JsonNode value : container) {
          if (value.isContainerNode()) {
            below.add(value);
          }
        }
      }
      if (values > JsonReader.MAX_VALUES) {
        return false;
      }
      if (below.isEmpty()) {
        return true;
      }
      level = below;
    }
    return false;
  }
}
