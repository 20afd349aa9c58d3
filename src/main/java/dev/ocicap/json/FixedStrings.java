package dev.ocicap.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A long array of strings that many documents share, such as the system calls of a filter's rule.
/// It refuses every change, and copies of it can be changed. Its text is kept: the documents of one
/// call have it at the same margin.
@SuppressWarnings("unchecked") // of `deepCopy`
final class FixedStrings extends ArrayNode {
  private static final long serialVersionUID = 1;

  /// What was printed last.
  ///
  /// @param line what each line begins with
  private record Printed(String line, String text) {}

  private transient volatile @Nullable Printed printed;

  FixedStrings(List<JsonNode> strings) {
    super(JsonNodeFactory.instance, List.copyOf(strings));
  }

  /// Its text in the style of [JsonPrinter#LINES].
  ///
  /// @param line what each of its lines begins with, after the first
  String text(String line) {
    Printed known = printed;
    if (known == null || !known.line.equals(line)) {
      known = new Printed(line, JsonPrinter.LINES.strings(this, line));
      printed = known;
    }
    return known.text;
  }
}
