package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ocicap.json.JsonText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of a document and where it stands. Asking for what is not there, or has another type, is
/// answered by an empty value: the types are the schema's business.
final class Value {
  private static final int SHOWN_CHARACTERS = 60;

  private final JsonNode node;
  private final @Nullable Value parent;
  private final String token;
  private final boolean element;

  private Value(JsonNode node, @Nullable Value parent, String token, boolean element) {
    this.node = node;
    this.parent = parent;
    this.token = token;
    this.element = element;
  }

  /// The document itself.
  static Value root(JsonNode root) {
    return new Value(root, null, "", false);
  }

  /// A member of a member …; `null` counts as absent, as it does for a runtime.
  Value get(String... keys) {
    Value value = this;
    for (String key : keys) {
      JsonNode child = value.node.isObject() ? value.node.get(key) : null;
      value =
          new Value(
              child == null || child.isNull() ? MissingNode.getInstance() : child,
              value,
              key,
              false);
    }
    return value;
  }

  /// The value at a JSON pointer, as far as it exists.
  Value at(String pointer) {
    Value value = this;
    for (String token : JsonText.tokens(pointer)) {
      JsonNode child = value.node.isArray() ? value.node.get(index(token)) : value.node.get(token);
      if (child == null) {
        return value;
      }
      value = new Value(child, value, token, value.node.isArray());
    }
    return value;
  }

  private static int index(String token) {
    try {
      return Integer.parseInt(token);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /// The elements of an array.
  List<Value> items() {
    List<Value> items = new ArrayList<>(node.size());
    if (node.isArray()) {
      int index = 0;
      for (JsonNode item : node) {
        items.add(new Value(item, this, Integer.toString(index++), true));
      }
    }
    return items;
  }

  /// One element of an array.
  Value item(int index) {
    return new Value(node.get(index), this, Integer.toString(index), true);
  }

  /// The members of an object, also those that are null.
  List<Value> members() {
    List<Value> members = new ArrayList<>(node.size());
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        members.add(new Value(member.getValue(), this, member.getKey(), false));
      }
    }
    return members;
  }

  /// The document that this is a part of.
  Value top() {
    Value value = this;
    while (value.parent != null) {
      value = value.parent;
    }
    return value;
  }

  /// Another member of the object that this is a member of.
  Value sibling(String key) {
    return parent == null ? get(key) : parent.get(key);
  }

  JsonNode node() {
    return node;
  }

  /// The key under which this stands, or the index.
  String key() {
    return token;
  }

  boolean exists() {
    return !node.isMissingNode();
  }

  boolean isObject() {
    return node.isObject();
  }

  boolean isArray() {
    return node.isArray();
  }

  boolean isText() {
    return node.isTextual();
  }

  boolean isInteger() {
    return node.isIntegralNumber();
  }

  boolean isTrue() {
    return node.isBoolean() && node.booleanValue();
  }

  /// The text; "" for anything else.
  String text() {
    return node.isTextual() ? node.textValue() : "";
  }

  /// Whether this is that text.
  boolean is(String text) {
    return node.isTextual() && node.textValue().equals(text);
  }

  /// The integer; 0 for anything else.
  BigInteger integer() {
    return node.isIntegralNumber() ? node.bigIntegerValue() : BigInteger.ZERO;
  }

  /// Whether this is an integer outside of a range.
  boolean isOutside(long least, long most) {
    return isInteger()
        && (integer().compareTo(BigInteger.valueOf(least)) < 0
            || integer().compareTo(BigInteger.valueOf(most)) > 0);
  }

  /// Whether this is an integer above 0.
  boolean isPositive() {
    return integer().signum() > 0;
  }

  /// Whether an array of texts holds one of these.
  boolean hasItem(String... texts) {
    for (JsonNode item : node) {
      for (String text : texts) {
        if (item.isTextual() && item.textValue().equals(text)) {
          return true;
        }
      }
    }
    return false;
  }

  /// The JSON pointer (RFC 6901).
  String pointer() {
    return JsonText.pointer(tokens());
  }

  private List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (Value value = this; value.parent != null; value = value.parent) {
      tokens.addFirst(value.token);
    }
    return tokens;
  }

  /// The path as people write it: `mounts[3].destination`; "the document" for the root.
  String path() {
    if (parent == null) {
      return "the document";
    }
    String before = parent.parent == null ? "" : parent.path();
    if (element) {
      return before + "[" + token + "]";
    }
    if (!isPlain(token)) {
      return before + "['" + cut(token) + "']";
    }
    return before.isEmpty() ? token : before + "." + token;
  }

  private static boolean isPlain(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (!Character.isLetterOrDigit(key.charAt(i)) && key.charAt(i) != '_') {
        return false;
      }
    }
    return !key.isEmpty();
  }

  /// The path and the text of the value: `mounts[3].destination 'data'`.
  String shown() {
    return path() + " " + quoted();
  }

  /// The value as a message shows it: `'text'`, `12`, `an object`.
  String quoted() {
    return quote(node);
  }

  /// A scalar as a message shows it, shortened.
  static String quote(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "'" + cut(node.textValue()) + "'";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      default -> cut(node.asText());
    };
  }

  /// At most 60 characters of a text.
  static String cut(String text) {
    if (text.codePointCount(0, text.length()) <= SHOWN_CHARACTERS) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS)) + "…";
  }
}
