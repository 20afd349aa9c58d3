package dev.ocicap.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Namespace;
import java.util.List;
import java.util.Map;

/// Edits of `linux.namespaces` (config-linux.md#namespaces) and of the kernel's settings in them.
public final class NamespaceEdits {
  private NamespaceEdits() {}

  /// Replaces `linux.namespaces`.
  public static SpecEdit replace(List<Namespace> namespaces) {
    List<Namespace> copy = List.copyOf(namespaces);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (Namespace namespace : copy) {
        ObjectNode node = JsonValues.object();
        node.set("type", JsonValues.string(namespace.type()));
        if (namespace.path() != null) {
          node.set("path", JsonValues.string(namespace.path()));
        }
        array.add(node);
      }
      draft.set(array, "linux", "namespaces");
    };
  }

  /// Sets members of `linux.sysctl` (config-linux.md#sysctl), in the map's order.
  public static SpecEdit sysctls(Map<String, String> sysctls) {
    if (sysctls.isEmpty()) {
      return SpecEdit.nothing();
    }
    return draft -> {
      ObjectNode object = draft.object("linux", "sysctl");
      for (Map.Entry<String, String> sysctl : sysctls.entrySet()) {
        object.set(sysctl.getKey(), JsonValues.string(sysctl.getValue()));
      }
    };
  }
}
