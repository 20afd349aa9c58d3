package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.report.Escape;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JSON text with its tree. The tree must not be changed: copy it, change the copy, and give it
/// to [#with].
public final class JsonText {
  /// Texts that are nested deeper are refused.
  public static final int MAX_DEPTH = JsonReader.MAX_DEPTH;

  private final String file;

  /// Null while the text of a tree that was made here, in the style of [#lines], is not wanted.
  private @Nullable String text;

  private final JsonNode root;

  /// Whether the text is in the style of [#lines] throughout.
  private final boolean fresh;

  private @Nullable Located located;

  private JsonText(String file, @Nullable String text, JsonNode root) {
    this(file, text, root, text == null);
  }

  private JsonText(String file, @Nullable String text, JsonNode root, boolean fresh) {
    this.file = file;
    this.text = text;
    this.root = root;
    this.fresh = fresh;
  }

  /// Reads a text.
  ///
  /// @param file how places name it
  /// @throws OcicapException with line and column when it is not JSON
  public static JsonText parse(String file, String text) {
    return new JsonText(file, text, JsonReader.read(file, text));
  }

  /// Reads a text in UTF-8.
  ///
  /// @param file how places name it
  /// @throws OcicapException with line and column when it is not JSON or not UTF-8
  public static JsonText parse(String file, byte[] utf8) {
    return parse(file, decode(file, utf8));
  }

  /// A new text with this tree, one item a line, indented by tabs as `runc spec` writes it.
  public static JsonText of(String file, JsonNode root) {
    return new JsonText(file, null, root);
  }

  /// The value on one line, without blanks.
  public static String compact(JsonNode value) {
    return JsonPrinter.COMPACT.print(value, "");
  }

  /// The value as a text of its own: one item a line, indented by tabs, with a final newline.
  public static String lines(JsonNode value) {
    return JsonPrinter.LINES.print(value, "", "\n");
  }

  /// The value as it stands in a text of one item a line.
  ///
  /// @param margin what stands before each line but the first
  public static String lines(JsonNode value, String margin) {
    return JsonPrinter.LINES.print(value, margin);
  }

  /// How places name this text.
  public String file() {
    return file;
  }

  /// The same text, which places name by another file.
  public JsonText in(String other) {
    return new JsonText(other, text, root, fresh);
  }

  /// The text as it was read, or as changes made it.
  public String text() {
    String known = text;
    if (known == null) {
      known = lines(root);
      text = known;
    }
    return known;
  }

  /// The tree; not to be changed.
  public JsonNode root() {
    return root;
  }

  /// This text with what differs in the other tree, and nothing else, written anew: white space,
  /// key order and the spelling of everything that stays are kept. A text with an equal tree is the
  /// same text.
  public JsonText with(JsonNode changed) {
    if (changed.equals(root)) {
      return this;
    }
    return new JsonText(
        file, fresh ? null : new JsonRewriter(text(), located()).rewrite(root, changed), changed);
  }

  /// Where the value at a pointer stands, or the nearest value around it that exists.
  ///
  /// @param pointer a JSON pointer (RFC 6901); "" is the whole document
  public Place place(String pointer) {
    return Lines.place(file, text(), offset(pointer, false));
  }

  /// Where the key of the member at a pointer stands; for an element the element itself.
  ///
  /// @param pointer a JSON pointer (RFC 6901)
  public Place keyPlace(String pointer) {
    return Lines.place(file, text(), offset(pointer, true));
  }

  /// The line of the text, 1-based, without its end.
  public String line(int number) {
    return text().lines().skip(number - 1L).findFirst().orElse("");
  }

  /// The offset in the text of the value at a pointer, or of the nearest value around it.
  ///
  /// @param pointer a JSON pointer (RFC 6901)
  /// @param key whether to answer where the member's key stands instead
  public int offset(String pointer, boolean key) {
    if (pointer.isEmpty()) {
      return text().length() - text().stripLeading().length();
    }
    Located found = located();
    int offset = found.start();
    for (String token : tokens(pointer)) {
      Located.Item item = item(found, token);
      if (item == null) {
        return offset;
      }
      offset = key ? item.start() : item.value().start();
      found = item.value();
    }
    return offset;
  }

  private static Located.@Nullable Item item(Located container, String token) {
    List<Located.Item> items = container.items();
    if (items.isEmpty()) {
      return null;
    }
    if (items.getFirst().start() == items.getFirst().value().start()) {
      int index = index(token);
      return index >= 0 && index < items.size() ? items.get(index) : null;
    }
    for (Located.Item item : items) {
      if (item.key().equals(token)) {
        return item;
      }
    }
    return null;
  }

  /// The index that a token of a pointer is, as RFC 6901 writes it: without leading zeros; -1 for
  /// any other text.
  public static int index(String token) {
    if (token.isEmpty() || token.length() > 9 || (token.length() > 1 && token.charAt(0) == '0')) {
      return -1;
    }
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) < '0' || token.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(token);
  }

  /// The reference tokens of a JSON pointer, unescaped.
  public static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    int start = pointer.isEmpty() ? -1 : 1;
    while (start > 0) {
      int slash = pointer.indexOf('/', start);
      String token = slash < 0 ? pointer.substring(start) : pointer.substring(start, slash);
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
      start = slash < 0 ? -1 : slash + 1;
    }
    return tokens;
  }

  /// The JSON pointer of a path of keys and indexes.
  public static String pointer(Iterable<String> tokens) {
    StringBuilder pointer = new StringBuilder();
    for (String token : tokens) {
      pointer.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  /// The text with each control and format character, which can only stand in a string, as
  /// `\\uXXXX`: the same document, safe to show.
  public String shown() {
    String whole = text();
    StringBuilder out = new StringBuilder(whole.length());
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (isBlank(c) || !Escape.isControl(c)) {
        out.append(c);
      } else {
        String hex = Integer.toHexString(c);
        out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
      }
    }
    return out.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private Located located() {
    Located known = located;
    if (known == null) {
      known = JsonReader.locate(file, text());
      located = known;
    }
    return known;
  }

  private static String decode(String file, byte[] utf8) {
    if (utf8.length >= 3
        && utf8[0] == (byte) 0xef
        && utf8[1] == (byte) 0xbb
        && utf8[2] == (byte) 0xbf) {
      throw OcicapException.input(
          new Place(file, 1, 1),
          "the file begins with a byte order mark, which runtimes refuse",
          "tail -c +4 removes its three bytes");
    }
    if (utf8.length >= 2
        && ((utf8[0] == (byte) 0xff && utf8[1] == (byte) 0xfe)
            || (utf8[0] == (byte) 0xfe && utf8[1] == (byte) 0xff))) {
      throw OcicapException.input(
          new Place(file, 1, 1),
          "the file is UTF-16, runtimes read UTF-8",
          "iconv -f UTF-16 -t UTF-8");
    }
    for (byte b : utf8) {
      if (b < 0) {
        return decodeStrictly(file, utf8);
      }
    }
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }

  private static String decodeStrictly(String file, byte[] utf8) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(utf8);
    CharBuffer out = CharBuffer.allocate(utf8.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      String before = out.toString();
      throw OcicapException.input(
          Lines.place(file, before, before.length()), "a byte that is not UTF-8", null);
    }
    return out.toString();
  }
}
