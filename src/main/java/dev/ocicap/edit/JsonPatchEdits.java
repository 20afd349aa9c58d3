package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;

/// JSON patches (RFC 6902).
public final class JsonPatchEdits {
  private JsonPatchEdits() {}

  /// Applies a patch: all of its operations or, when one fails, none. A patch may do something else
  /// the second time.
  ///
  /// @param file how errors name the patch
  public static SpecEdit apply(String file, ArrayNode patch) {
    ArrayNode copy = patch.deepCopy();
    return draft -> {
      JsonNode result;
      try {
        JsonPatch.validate(copy);
        result = JsonPatch.apply(copy, draft.root());
      } catch (JsonPatchApplicationException e) {
        throw OcicapException.input(
            Place.file(file), lower(String.valueOf(e.getMessage())), null, e);
      }
      if (!(result instanceof ObjectNode object)) {
        throw OcicapException.input(
            Place.file(file), "the patch leaves no JSON object behind", null);
      }
      draft.root().removeAll();
      draft.root().setAll(object);
    };
  }

  private static String lower(String message) {
    return message.isEmpty()
        ? "the patch cannot be applied"
        : "the patch cannot be applied: "
            + Character.toLowerCase(message.charAt(0))
            + message.substring(1);
  }
}
