package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;

/// Values of properties as text.
final class PropertyValue {
  private PropertyValue() {}

  /// Replaces a property; an empty text removes it.
  static SpecEdit edit(String option, Property property, String text) {
    // A process without a working directory cannot be started: there is nothing to remove.
    boolean removes = text.isEmpty() && property != Property.CWD;
    return removes ? property.remove() : property.set(parse(option, property, text));
  }

  private static JsonNode parse(String option, Property property, String text) {
    return switch (property.form()) {
      case TEXT -> JsonValues.string(Text.notNul(option, text));
      case PATH -> JsonValues.string(Text.absolute(option, text));
      case TRUTH -> JsonValues.bool(Text.truth(option, text));
      case INTEGER -> JsonValues.number(Text.integer(option, text, property.min(), property.max()));
      case UNSIGNED -> JsonValues.number(Text.unsigned(option, text, false));
      case BYTES -> JsonValues.number(Text.bytes(option, text));
      case MODE -> JsonValues.number(Text.mode(option, text));
      case WORD -> JsonValues.string(Text.word(option, text, property.words(), ""));
      case JSON_OBJECT -> DocumentNotations.object(option, text);
    };
  }

  /// An element of a list of texts.
  static String element(String option, ListProperty list, String text) {
    boolean path = list == ListProperty.MASKED_PATHS || list == ListProperty.READONLY_PATHS;
    return path ? Text.absolute(option, text) : Text.notNul(option, text);
  }
}
