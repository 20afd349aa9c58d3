package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.ConfigDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Edits of any value, named by a JSON pointer (RFC 6901) or given as a patch.
public final class DocumentEdits {
  private static final String END = "-";

  private DocumentEdits() {}

  /// Replaces the value at a pointer, or adds it; objects on the way are made, and an array before
  /// the token `-`, which stands for the place behind the last element. An edit with `-` adds an
  /// element each time it is applied.
  ///
  /// @param pointer not empty
  public static SpecEdit set(String pointer, JsonNode value) {
    List<String> tokens = List.copyOf(JsonText.tokens(pointer));
    return draft -> {
      JsonNode node = draft.root();
      for (int i = 0; i < tokens.size() - 1; i++) {
        node = step(draft, node, tokens, i);
      }
      put(draft, node, tokens, tokens.size() - 1, value);
      if (!JsonValues.isModest(draft.root())) {
        throw refuse(draft, "grows beyond what ocicap reads", tokens, 0);
      }
    };
  }

  /// Removes the value at a pointer. Nothing happens when there is none; an element of an array is
  /// another one the second time.
  ///
  /// @param pointer not empty
  public static SpecEdit unset(String pointer) {
    List<String> tokens = List.copyOf(JsonText.tokens(pointer));
    return draft -> {
      JsonNode node = draft.root();
      for (String token : tokens.subList(0, tokens.size() - 1)) {
        node = child(node, token);
      }
      String last = tokens.getLast();
      if (node instanceof ObjectNode object) {
        object.remove(last);
      } else if (node instanceof ArrayNode array && !child(array, last).isMissingNode()) {
        array.remove(Integer.parseInt(last));
      }
    };
  }

  /// Applies a merge patch (RFC 7396): members of objects are merged, `null` removes, everything
  /// else replaces.
  public static SpecEdit merge(ObjectNode patch) {
    ObjectNode copy = patch.deepCopy();
    return draft -> merge(draft.root(), copy);
  }

  /// Makes the document one for another platform than Linux: what only Linux has goes, and the
  /// least that the platform's part must hold comes.
  ///
  /// @param platform `windows`, `solaris`, `freebsd` or `zos`
  public static SpecEdit platform(String platform) {
    return draft -> {
      draft.remove("linux");
      draft.remove("mounts");
      for (String key :
          List.of(
              "capabilities",
              "apparmorProfile",
              "oomScoreAdj",
              "selinuxLabel",
              "noNewPrivileges",
              "rlimits")) {
        draft.remove("process", key);
      }
      ObjectNode block = draft.object(platform);
      if (platform.equals("windows")) {
        draft.remove("process", "user");
        draft.remove("process", "env");
        draft.remove("root");
        draft.set(JsonValues.string("C:\\"), "process", "cwd");
        draft.set(JsonValues.strings(List.of("cmd")), "process", "args");
        block.set("layerFolders", JsonValues.strings(List.of("C:\\layer")));
        draft.set(JsonValues.object(), "windows", "hyperv");
      }
    };
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      JsonNode value = member.getValue();
      if (value.isNull()) {
        target.remove(member.getKey());
      } else if (value instanceof ObjectNode object) {
        ObjectNode inner =
            target.get(member.getKey()) instanceof ObjectNode old ? old : JsonValues.object();
        target.set(member.getKey(), inner);
        merge(inner, object);
      } else {
        target.set(member.getKey(), value.deepCopy());
      }
    }
  }

  private static JsonNode step(ConfigDraft draft, JsonNode node, List<String> tokens, int at) {
    String token = tokens.get(at);
    JsonNode next = child(node, token);
    if (!next.isMissingNode() && !next.isNull()) {
      return next;
    }
    JsonNode made = tokens.get(at + 1).equals(END) ? JsonValues.array() : JsonValues.object();
    put(draft, node, tokens, at, made);
    return made;
  }

  private static void put(
      ConfigDraft draft, JsonNode node, List<String> tokens, int at, JsonNode value) {
    String token = tokens.get(at);
    if (node instanceof ObjectNode object) {
      object.set(token, value);
      return;
    }
    if (!(node instanceof ArrayNode array)) {
      throw refuse(draft, "is neither an object nor an array", tokens, at);
    }
    int index = token.equals(END) ? array.size() : JsonText.index(token);
    if (index < 0 || index > array.size()) {
      throw refuse(
          draft, "has " + array.size() + " elements: '" + token + "' is none of them", tokens, at);
    }
    if (index == array.size()) {
      array.add(value);
    } else {
      array.set(index, value);
    }
  }

  private static OcicapException refuse(
      ConfigDraft draft, String message, List<String> tokens, int at) {
    List<String> path = new ArrayList<>(tokens.subList(0, at));
    return draft.refuse(
        "'" + JsonText.pointer(path) + "' " + message, null, path.toArray(new String[0]));
  }

  /// The member or element that a token of a pointer names; missing when there is none.
  static JsonNode child(JsonNode node, String token) {
    if (node instanceof ArrayNode array) {
      int index = JsonText.index(token);
      return index < 0 ? JsonValues.missing() : array.path(index);
    }
    return node.path(token);
  }
}
