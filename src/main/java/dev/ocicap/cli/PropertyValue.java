package dev.ocicap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.validate.Forms;
import java.nio.charset.StandardCharsets;

/// Values of properties as text.
final class PropertyValue {
  private PropertyValue() {}

  /// Replaces a property; an empty text removes it, if a configuration may do without.
  static SpecEdit edit(String option, Property property, String text) {
    boolean removes = text.isEmpty() && !property.isRequired();
    return removes ? property.remove() : property.set(parse(option, property, text));
  }

  private static JsonNode parse(String option, Property property, String text) {
    return switch (property.form()) {
      case TEXT -> JsonValues.string(text(option, text));
      case HOST_NAME -> JsonValues.string(hostName(option, text));
      case CPU_LIST -> JsonValues.string(cpuList(option, text));
      case PATH -> JsonValues.string(Text.absolute(option, text));
      case TRUTH -> JsonValues.bool(Text.truth(option, text));
      case INTEGER -> JsonValues.number(Text.integer(option, text, property.min(), property.max()));
      case SETTING -> JsonValues.number(setting(option, property, text));
      case LIMIT -> JsonValues.number(limit(option, property, text));
      case UNSIGNED -> JsonValues.number(Text.unsigned(option, text, false));
      case BYTES -> JsonValues.number(Text.bytes(option, text));
      case MODE -> JsonValues.number(Text.mode(option, text));
      case WORD -> JsonValues.string(Text.word(option, text, property.words(), ""));
      case JSON_OBJECT -> DocumentNotations.object(option, text);
    };
  }

  private static String text(String option, String text) {
    if (text.isEmpty()) {
      throw OcicapException.usage(option + ": an empty text", null);
    }
    return Text.notNul(option, text);
  }

  private static String hostName(String option, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Property.MAX_HOST_NAME) {
      throw OcicapException.usage(
          option + ": " + bytes + " bytes, the kernel takes " + Property.MAX_HOST_NAME, null);
    }
    return Text.notNul(option, text);
  }

  private static String cpuList(String option, String text) {
    if (!Forms.isCpuList(text)) {
      throw Text.bad(option, text, "a list of numbers and ranges", "0-2,7");
    }
    return text;
  }

  private static long setting(String option, Property property, String text) {
    return text.equals("0")
        ? 0
        : Text.integer(option, text, property.min(), property.max(), "0 or ");
  }

  private static long limit(String option, Property property, String text) {
    if (text.equals("-1") || text.equals("unlimited")) {
      return -1;
    }
    return text.equals("0")
        ? 0
        : Text.integer(option, text, property.min(), property.max(), "unlimited, -1, 0 or ");
  }

  /// An element of a list of texts.
  static String element(String option, ListProperty list, String text) {
    boolean path = list == ListProperty.MASKED_PATHS || list == ListProperty.READONLY_PATHS;
    return path ? Text.absolute(option, text) : Text.notNul(option, text);
  }
}
