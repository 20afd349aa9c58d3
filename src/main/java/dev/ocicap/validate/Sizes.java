package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;

/// Counts what a document holds, no further than the limit.
final class Sizes {
  private int values;

  private Sizes() {}

  /// How many values there are, or something above [Validator#MAX_VALUES].
  static int values(JsonNode root) {
    Sizes sizes = new Sizes();
    sizes.count(root);
    return sizes.values;
  }

  private void count(JsonNode node) {
    values++;
    for (JsonNode child : node) {
      if (values > Validator.MAX_VALUES) {
        return;
      }
      count(child);
    }
  }
}
