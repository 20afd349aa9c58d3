package dev.ocicap.json;

import java.util.List;

/// Where a value and everything in it stands in the text, from its first character to behind its
/// last.
///
/// @param start the offset of the first character
/// @param end the offset behind the last character
/// @param items the members of an object or the elements of an array, in the order of the text
record Located(int start, int end, List<Item> items) {

  /// A member or element.
  ///
  /// @param key the member's key; "" for an element
  /// @param start the offset of the key's opening quote, or of the element
  /// @param value the value
  record Item(String key, int start, Located value) {
    int end() {
      return value.end();
    }
  }

  static Located scalar(int start, int end) {
    return new Located(start, end, List.of());
  }

  static Located container(int start, int end, List<Item> items) {
    return new Located(start, end, items);
  }
}
