package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.report.Escape;
import dev.ocicap.report.OcicapException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text (RFC 8259) into a tree. Stricter than the grammar where a tool would guess:
/// a key twice in one object, an unpaired surrogate, text after the value, and what exceeds the
/// limits are errors with a place.
///
/// Jackson's own parser is not used: its static initialisers cost a third of a cold start, it does
/// not keep the spelling of numbers, and its tree has no places.
final class JsonReader {
  /// Deeper nesting is refused: no configuration needs it, and every recursion stays shallow.
  static final int MAX_DEPTH = 1000;

  /// Longer numbers are refused: reading one takes time that is quadratic in its length.
  static final int MAX_NUMBER_LENGTH = 1000;

  /// More digits in an exponent are refused: the value would not fit into memory.
  static final int MAX_EXPONENT_DIGITS = 4;

  /// More values are refused: the tree and a copy of it must fit into a small heap.
  static final int MAX_VALUES = 500_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String file;
  private final String text;

  /// The text once more: to ask a string for each of its characters takes most of a cold start.
  private final char[] chars;

  private final boolean locating;
  private int at;
  private int depth;
  private int values;
  private @Nullable Located located;

  private JsonReader(String file, String text, boolean locating) {
    this.file = file;
    this.text = text;
    this.chars = text.toCharArray();
    this.locating = locating;
  }

  /// The tree of a text.
  ///
  /// @throws OcicapException with line and column when it is not JSON
  static JsonNode read(String file, String text) {
    return new JsonReader(file, text, false).document();
  }

  /// Where every value of a text that has been read before stands.
  static Located locate(String file, String text) {
    JsonReader reader = new JsonReader(file, text, true);
    reader.document();
    return reader.takeLocated();
  }

  private JsonNode document() {
    skipBlanks();
    if (at == chars.length) {
      throw error(at, "the file is empty", null);
    }
    JsonNode root = value();
    skipBlanks();
    if (at < chars.length) {
      throw error(at, "text after the end of the JSON value", null);
    }
    return root;
  }

  private JsonNode value() {
    int start = at;
    if (++values > MAX_VALUES) {
      throw error(at, "more than " + MAX_VALUES + " values", null);
    }
    JsonNode node =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> NODES.textNode(string());
          case 't' -> word("true", NODES.booleanNode(true));
          case 'f' -> word("false", NODES.booleanNode(false));
          case 'n' -> word("null", NODES.nullNode());
          case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
          default -> throw unexpected("a value");
        };
    if (locating && !node.isContainerNode()) {
      located = Located.scalar(start, at);
    }
    return node;
  }

  private JsonNode object() {
    int start = enter();
    ObjectNode node = NODES.objectNode();
    List<Located.Item> items = new ArrayList<>(0);
    skipBlanks();
    if (peek() == '}') {
      at++;
    } else {
      while (true) {
        if (peek() != '"') {
          throw peek() == '}' && !node.isEmpty()
              ? error(at, "a comma before '}'", "remove the comma")
              : unexpected("a key in double quotes");
        }
        int keyStart = at;
        String key = string();
        if (node.has(key)) {
          throw error(
              keyStart,
              "the key '" + Escape.text(key) + "' stands twice in one object",
              "remove one of the two");
        }
        skipBlanks();
        expect(':', "':' after the key");
        skipBlanks();
        JsonNode value = value();
        node.set(key, value);
        if (locating) {
          items.add(new Located.Item(key, keyStart, takeLocated()));
        }
        skipBlanks();
        if (peek() == '}') {
          at++;
          break;
        }
        expect(',', "',' or '}' after a member");
        skipBlanks();
      }
    }
    leave(start, items);
    return node;
  }

  private JsonNode array() {
    int start = enter();
    ArrayNode node = NODES.arrayNode();
    List<Located.Item> items = new ArrayList<>(0);
    skipBlanks();
    if (peek() == ']') {
      at++;
    } else {
      while (true) {
        if (peek() == ']' && !node.isEmpty()) {
          throw error(at, "a comma before ']'", "remove the comma");
        }
        int itemStart = at;
        node.add(value());
        if (locating) {
          items.add(new Located.Item("", itemStart, takeLocated()));
        }
        skipBlanks();
        if (peek() == ']') {
          at++;
          break;
        }
        expect(',', "',' or ']' after an element");
        skipBlanks();
      }
    }
    leave(start, items);
    return node;
  }

  private int enter() {
    if (++depth > MAX_DEPTH) {
      throw error(at, "nested deeper than " + MAX_DEPTH + " levels", null);
    }
    return at++;
  }

  private void leave(int start, List<Located.Item> items) {
    depth--;
    if (locating) {
      located = Located.container(start, at, items);
    }
  }

  private Located takeLocated() {
    Located taken = located;
    if (taken == null) {
      throw new IllegalStateException("no value was located");
    }
    return taken;
  }

  private JsonNode word(String word, JsonNode node) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return node;
  }

  private JsonNode number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
      if (isDigit(peek())) {
        throw error(
            start, "a number with a leading zero", "numbers are decimal: octal 0755 is 493");
      }
    } else {
      digits("a digit");
    }
    boolean integer = true;
    if (peek() == '.') {
      integer = false;
      at++;
      digits("a digit after the decimal point");
    }
    if (peek() == 'e' || peek() == 'E') {
      integer = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      if (digits("a digit in the exponent") > MAX_EXPONENT_DIGITS) {
        throw error(start, "a number with a huge exponent", null);
      }
    }
    if (at - start > MAX_NUMBER_LENGTH) {
      throw error(start, "a number of more than " + MAX_NUMBER_LENGTH + " characters", null);
    }
    String spelling = text.substring(start, at);
    if (!integer || spelling.equals("-0")) {
      return new NumberLiteral(spelling);
    }
    return integer(spelling);
  }

  private static JsonNode integer(String digits) {
    if (digits.length() < 10) {
      return NODES.numberNode(Integer.parseInt(digits));
    }
    if (digits.length() < 19) {
      return JsonValues.number(Long.parseLong(digits));
    }
    return JsonValues.number(new BigInteger(digits));
  }

  private int digits(String what) {
    int start = at;
    while (isDigit(peek())) {
      at++;
    }
    if (at == start) {
      throw unexpected(what);
    }
    return at - start;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private String string() {
    int open = at++;
    int start = at;
    while (at < chars.length) {
      char c = chars[at];
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\' || c < ' ' || c >= Character.MIN_SURROGATE) {
        break;
      }
      at++;
    }
    StringBuilder out = new StringBuilder().append(text, start, at);
    while (true) {
      int c = peek();
      if (c < 0) {
        throw error(open, "a string without its closing quote", null);
      }
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < ' ') {
        throw error(
            at,
            "a control character in a string",
            c == '\n' || c == '\r' ? "write '\\n', or close the string" : "write it as '\\u00..'");
      }
      if (c == '\\') {
        out.append(escape());
      } else {
        out.append((char) c);
        at++;
      }
      checkSurrogates(out);
    }
  }

  /// Refuses an unpaired surrogate once the character after it is known.
  private void checkSurrogates(StringBuilder out) {
    int last = out.length() - 1;
    boolean high = last > 0 && Character.isHighSurrogate(out.charAt(last - 1));
    boolean low = Character.isLowSurrogate(out.charAt(last));
    boolean endsHigh = Character.isHighSurrogate(out.charAt(last)) && peek() == '"';
    if (high != low || endsHigh) {
      throw error(at - 1, "an unpaired surrogate in a string", null);
    }
  }

  private char escape() {
    int start = at++;
    int c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex(start);
      default ->
          throw error(start, "an unknown escape in a string", "write '\\\\' for a backslash");
    };
  }

  private char hex(int start) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = peek() < 0x80 ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        throw error(start, "'\\u' without four hexadecimal digits", null);
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private void skipBlanks() {
    while (at < chars.length) {
      char c = chars[at];
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return;
      }
      at++;
    }
  }

  private int peek() {
    return at < chars.length ? chars[at] : -1;
  }

  private void expect(char wanted, String what) {
    if (peek() != wanted) {
      throw unexpected(what);
    }
    at++;
  }

  private OcicapException unexpected(String wanted) {
    if (at >= chars.length) {
      return error(at, "the text ends where " + wanted + " is expected", null);
    }
    int c = text.codePointAt(at);
    String shown = Escape.text(Character.toString(c));
    if (c == '/' || c == '#') {
      return error(at, "'" + shown + "' instead of " + wanted, "JSON has no comments: remove it");
    }
    if (c == '\'') {
      return error(at, "\"'\" instead of " + wanted, "strings stand in double quotes");
    }
    return error(at, "'" + shown + "' instead of " + wanted, null);
  }

  private OcicapException error(int offset, String message, @Nullable String hint) {
    return OcicapException.input(Lines.place(file, text, offset), message, hint);
  }
}
