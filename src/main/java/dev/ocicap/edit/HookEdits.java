package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import java.util.List;

/// Edits of `hooks` (config.md#posix-platform-hooks).
public final class HookEdits {
  private HookEdits() {}

  /// The path of an object of `hooks`; "" when it has none.
  public static String path(JsonNode hook) {
    return hook.path("path").asText();
  }

  /// Whether an object of `hooks` has a timeout that is over at once.
  public static boolean isTimedOut(JsonNode hook) {
    return hook.has("timeout") && hook.path("timeout").asLong() <= 0;
  }

  /// Adds a hook, if there is none that equals it.
  ///
  /// @param kind such as [ListProperty#CREATE_RUNTIME]
  /// @param args everything behind the program's own name; empty for a hook without arguments
  public static SpecEdit add(ListProperty kind, String path, List<String> args) {
    ObjectNode hook = JsonValues.object();
    hook.set("path", JsonValues.string(path));
    if (!args.isEmpty()) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      hook.set("args", JsonValues.strings(List.of(name)).addAll(JsonValues.strings(args)));
    }
    return kind.add(hook);
  }
}
