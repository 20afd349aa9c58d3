package dev.ocicap.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A copy of a configuration that an edit may change. Paths are keys from the top; objects and
/// arrays on the way are made when they are needed.
public final class ConfigDraft {
  private final JsonText original;
  private final ObjectNode root;

  ConfigDraft(JsonText original, ObjectNode root) {
    this.original = original;
    this.root = root;
  }

  /// The whole tree, which an edit may change.
  public ObjectNode root() {
    return root;
  }

  /// The value at a path, if every step of it exists.
  public Optional<JsonNode> find(String... path) {
    JsonNode node = root;
    for (String key : path) {
      JsonNode next = node.get(key);
      if (next == null) {
        return Optional.empty();
      }
      node = next;
    }
    return Optional.of(node);
  }

  /// The object at a path; it and the objects around it are made when absent.
  ///
  /// @throws OcicapException when something else than an object is in the way
  public ObjectNode object(String... path) {
    ObjectNode node = root;
    for (int i = 0; i < path.length; i++) {
      JsonNode next = node.get(path[i]);
      if (isAbsent(next)) {
        ObjectNode made = JsonValues.object();
        node.set(path[i], made);
        node = made;
      } else if (next instanceof ObjectNode object) {
        node = object;
      } else {
        throw wrongType("an object", path, i + 1);
      }
    }
    return node;
  }

  /// The array at a path; it and the objects around it are made when absent.
  ///
  /// @throws OcicapException when something else than an array is in the way
  public ArrayNode array(String... path) {
    ObjectNode parent = parent(path);
    JsonNode found = parent.get(path[path.length - 1]);
    if (isAbsent(found)) {
      ArrayNode made = JsonValues.array();
      parent.set(path[path.length - 1], made);
      return made;
    }
    if (found instanceof ArrayNode array) {
      return array;
    }
    throw wrongType("an array", path, path.length);
  }

  /// Sets the value at a path; the objects around it are made when absent.
  public void set(JsonNode value, String... path) {
    parent(path).set(path[path.length - 1], value);
  }

  /// Removes the value at a path; the objects around it stay. Nothing happens when it is absent.
  public void remove(String... path) {
    JsonNode parent = root;
    for (int i = 0; i < path.length - 1 && parent != null; i++) {
      parent = parent.get(path[i]);
    }
    if (parent instanceof ObjectNode object) {
      object.remove(path[path.length - 1]);
    }
  }

  /// The error of an edit that found something that it cannot change.
  public OcicapException refuse(String message, @Nullable String hint, String... path) {
    return OcicapException.input(original.place(JsonText.pointer(List.of(path))), message, hint);
  }

  private ObjectNode parent(String... path) {
    String[] parent = new String[path.length - 1];
    System.arraycopy(path, 0, parent, 0, parent.length);
    return object(parent);
  }

  private static boolean isAbsent(@Nullable JsonNode node) {
    return node == null || node.isNull();
  }

  private OcicapException wrongType(String wanted, String[] path, int length) {
    String[] at = new String[length];
    System.arraycopy(path, 0, at, 0, length);
    return refuse(String.join(".", at) + " is not " + wanted, null, at);
  }
}
