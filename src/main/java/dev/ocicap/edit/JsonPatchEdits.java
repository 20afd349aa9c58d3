package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.CompatibilityFlags;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import java.util.EnumSet;

/// JSON patches (RFC 6902). The library applies the operations; `test` is done here, because the
/// RFC compares numbers by their value (section 4.6) and the library compares their spelling.
public final class JsonPatchEdits {
  /// To remove what is not there is an error (RFC 6902, section 4.2).
  private static final EnumSet<CompatibilityFlags> FLAGS =
      EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT);

  private JsonPatchEdits() {}

  /// Applies a patch: all of its operations or, when one fails, none. A patch may do something else
  /// the second time.
  ///
  /// @param patch a text whose root is an array; errors name the place of the operation in it
  public static SpecEdit apply(JsonText patch) {
    return draft -> {
      JsonNode document = draft.root();
      JsonNode operations = patch.root();
      for (int i = 0; i < operations.size(); i++) {
        String place = "/" + i;
        document = apply(patch, place, operations.get(i), document);
        if (operations.get(i).path("op").asText().equals("copy")
            && !JsonValues.isModest(document)) {
          throw refuse(patch, place, "the document grows beyond what ocicap reads");
        }
      }
      if (!(document instanceof ObjectNode object)) {
        throw refuse(patch, "", "no JSON object is left");
      }
      if (!JsonValues.isModest(document)) {
        throw refuse(patch, "", "the document grows beyond what ocicap reads");
      }
      if (!object.equals(draft.root())) {
        draft.root().removeAll();
        draft.root().setAll(object);
      }
    };
  }

  private static JsonNode apply(
      JsonText patch, String place, JsonNode operation, JsonNode document) {
    ArrayNode one = JsonValues.array().add(operation);
    try {
      JsonPatch.validate(one, FLAGS);
      if (operation.path("op").asText().equals("test")) {
        test(patch, place, operation, document);
      } else if (operation.path("path").asText().isEmpty()) {
        return JsonPatch.apply(one, document, FLAGS);
      } else {
        JsonPatch.applyInPlace(one, document, FLAGS);
      }
      return document;
    } catch (JsonPatchApplicationException | IllegalStateException | IllegalArgumentException e) {
      throw refuse(patch, place, lower(String.valueOf(e.getMessage())));
    }
  }

  private static void test(JsonText patch, String place, JsonNode operation, JsonNode document) {
    String pointer = operation.path("path").asText();
    JsonNode found = document;
    for (String token : JsonText.tokens(pointer)) {
      found = DocumentEdits.child(found, token);
    }
    if (found.isMissingNode()) {
      throw refuse(patch, place, "there is nothing at '" + pointer + "'");
    }
    JsonNode wanted = operation.path("value");
    if (!found.equals(JsonPatchEdits::compare, wanted)) {
      throw refuse(
          patch, place, "'" + pointer + "' is " + shown(found) + " and not " + shown(wanted));
    }
  }

  private static int compare(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    return a.equals(b) ? 0 : 1;
  }

  private static String shown(JsonNode value) {
    String text = JsonText.compact(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static OcicapException refuse(JsonText patch, String place, String why) {
    return OcicapException.input(patch.place(place), "the patch cannot be applied: " + why, null);
  }

  private static String lower(String message) {
    return message.isEmpty()
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }
}
