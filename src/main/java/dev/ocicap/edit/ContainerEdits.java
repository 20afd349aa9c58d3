package dev.ocicap.edit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import java.util.List;
import java.util.Map;

/// Edits of what surrounds the process: the root file system and the host name.
public final class ContainerEdits {
  private ContainerEdits() {}

  /// Replaces `hostname` (config.md#hostname).
  public static SpecEdit hostname(String hostname) {
    return Property.HOSTNAME.set(JsonValues.string(hostname));
  }

  /// Replaces `root.readonly` (config.md#root).
  public static SpecEdit readonly(boolean readonly) {
    return Property.ROOT_READONLY.set(JsonValues.bool(readonly));
  }

  /// Replaces `root.path` (config.md#root).
  public static SpecEdit rootPath(String path) {
    return Property.ROOT_PATH.set(JsonValues.string(path));
  }

  /// Sets members of `annotations` (config.md#annotations), in the map's order.
  public static SpecEdit annotations(Map<String, String> annotations) {
    if (annotations.isEmpty()) {
      return SpecEdit.nothing();
    }
    return draft -> {
      ObjectNode object = draft.object("annotations");
      for (Map.Entry<String, String> annotation : annotations.entrySet()) {
        object.set(annotation.getKey(), JsonValues.string(annotation.getValue()));
      }
    };
  }

  /// Adds a program that the runtime runs when the container is gone
  /// (config.md#posix-platform-hooks); one that is there already is not added again.
  ///
  /// @param path its absolute path on the host
  /// @param args its arguments, its own name first
  public static SpecEdit poststop(String path, List<String> args) {
    ObjectNode hook = JsonValues.object();
    hook.set("path", JsonValues.string(path));
    hook.set("args", JsonValues.strings(args));
    return ListProperty.POSTSTOP.add(hook);
  }
}
