package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.json.JsonText;
import java.util.function.Predicate;

/// The lists of a configuration: where each stands, and what makes two of its elements the same.
public enum ListProperty {
  ENV(Identity.VARIABLE, "", "process/env"),
  ADDITIONAL_GIDS(Identity.WHOLE, "", "process/user/additionalGids"),
  RLIMITS(Identity.MEMBERS, "type", "process/rlimits"),
  /// Applied in order: an earlier mount must not hide a later one.
  MOUNTS(Identity.DESTINATION, "destination", "mounts"),
  NAMESPACES(Identity.MEMBERS, "type", "linux/namespaces"),
  UID_MAPPINGS(Identity.MEMBERS, "containerID", "linux/uidMappings"),
  GID_MAPPINGS(Identity.MEMBERS, "containerID", "linux/gidMappings"),
  DEVICES(Identity.MEMBERS, "path", "linux/devices"),
  /// The last rule that fits decides, so an added rule always becomes the last one.
  DEVICE_RULES(Identity.LAST, "", "linux/resources/devices"),
  HUGEPAGE_LIMITS(Identity.MEMBERS, "pageSize", "linux/resources/hugepageLimits"),
  WEIGHT_DEVICES(Identity.MEMBERS, "major:minor", "linux/resources/blockIO/weightDevice"),
  READ_BPS_DEVICES(
      Identity.MEMBERS, "major:minor", "linux/resources/blockIO/throttleReadBpsDevice"),
  WRITE_BPS_DEVICES(
      Identity.MEMBERS, "major:minor", "linux/resources/blockIO/throttleWriteBpsDevice"),
  READ_IOPS_DEVICES(
      Identity.MEMBERS, "major:minor", "linux/resources/blockIO/throttleReadIOPSDevice"),
  WRITE_IOPS_DEVICES(
      Identity.MEMBERS, "major:minor", "linux/resources/blockIO/throttleWriteIOPSDevice"),
  NET_PRIORITIES(Identity.MEMBERS, "name", "linux/resources/network/priorities"),
  MASKED_PATHS(Identity.WHOLE, "", "linux/maskedPaths"),
  READONLY_PATHS(Identity.WHOLE, "", "linux/readonlyPaths"),
  RDT_SCHEMATA(Identity.WHOLE, "", "linux/intelRdt/schemata"),
  PRESTART(Identity.WHOLE, "path", "hooks/prestart"),
  CREATE_RUNTIME(Identity.WHOLE, "path", "hooks/createRuntime"),
  CREATE_CONTAINER(Identity.WHOLE, "path", "hooks/createContainer"),
  START_CONTAINER(Identity.WHOLE, "path", "hooks/startContainer"),
  POSTSTART(Identity.WHOLE, "path", "hooks/poststart"),
  POSTSTOP(Identity.WHOLE, "path", "hooks/poststop"),
  SECCOMP_ARCHITECTURES(Identity.WHOLE, "", "linux/seccomp/architectures"),
  SOLARIS_ANET(Identity.MEMBERS, "linkname", "solaris/anet"),
  VM_HYPERVISOR_PARAMETERS(Identity.WHOLE, "", "vm/hypervisor/parameters"),
  VM_KERNEL_PARAMETERS(Identity.WHOLE, "", "vm/kernel/parameters"),
  WINDOWS_DEVICES(Identity.MEMBERS, "id", "windows/devices"),
  WINDOWS_LAYER_FOLDERS(Identity.WHOLE, "", "windows/layerFolders");

  /// What makes two elements the same.
  private enum Identity {
    /// The whole element.
    WHOLE,
    /// The whole element; one that is added becomes the last.
    LAST,
    /// Some members.
    MEMBERS,
    /// The member `destination`, as a path.
    DESTINATION,
    /// What stands before the first `=`.
    VARIABLE
  }

  private final Identity identity;
  private final String members;
  private final String path;

  ListProperty(Identity identity, String members, String path) {
    this.identity = identity;
    this.members = members;
    this.path = path;
  }

  /// Adds an element: it replaces the one that is the same, or goes to the end. A mount goes before
  /// the mounts that it would hide.
  public SpecEdit add(JsonNode element) {
    return draft -> {
      ArrayNode list = draft.array(keys());
      String wanted = identity(element);
      int at = -1;
      for (int i = 0; i < list.size(); i++) {
        if (identity(list.get(i)).equals(wanted)) {
          if (at >= 0 || (identity == Identity.LAST && i < list.size() - 1)) {
            list.remove(i--);
          } else {
            at = i;
          }
        }
      }
      if (at >= 0) {
        list.set(at, element);
      } else {
        list.insert(position(list, wanted), element);
      }
    };
  }

  private int position(ArrayNode list, String wanted) {
    if (identity == Identity.DESTINATION) {
      String below = wanted.endsWith("/") ? wanted : wanted + "/";
      for (int i = 0; i < list.size(); i++) {
        if (identity(list.get(i)).startsWith(below)) {
          return i;
        }
      }
    }
    return list.size();
  }

  /// Removes every element that is named so: by the text of the member that names it, by two
  /// members with a colon between them, or by the element's own text. Nothing happens when there is
  /// none.
  public SpecEdit remove(String name) {
    String wanted = name(name);
    return removeIf(element -> name(element).equals(wanted));
  }

  /// Removes every element that equals this one.
  public SpecEdit remove(JsonNode element) {
    return removeIf(element::equals);
  }

  private SpecEdit removeIf(Predicate<JsonNode> unwanted) {
    return draft -> {
      if (draft.find(keys()).isPresent()) {
        ArrayNode list = draft.array(keys());
        for (int i = list.size() - 1; i >= 0; i--) {
          if (unwanted.test(list.get(i))) {
            list.remove(i);
          }
        }
      }
    };
  }

  /// Removes all elements; the empty list stays. Nothing happens when there is no list.
  public SpecEdit clear() {
    return draft -> {
      if (draft.find(keys()).isPresent()) {
        draft.array(keys()).removeAll();
      }
    };
  }

  private String identity(JsonNode element) {
    return switch (identity) {
      case WHOLE, LAST -> JsonText.compact(element);
      case MEMBERS, DESTINATION, VARIABLE -> name(element);
    };
  }

  private String name(JsonNode element) {
    if (members.isEmpty()) {
      return name(element.isContainerNode() ? JsonText.compact(element) : element.asText());
    }
    int colon = members.indexOf(':');
    if (colon < 0) {
      return name(element.path(members).asText());
    }
    return element.path(members.substring(0, colon)).asText()
        + ":"
        + element.path(members.substring(colon + 1)).asText();
  }

  private String name(String text) {
    return switch (identity) {
      case VARIABLE -> {
        int equals = text.indexOf('=');
        yield equals < 0 ? text : text.substring(0, equals);
      }
      case DESTINATION -> {
        int end = text.length();
        while (end > 1 && text.charAt(end - 1) == '/') {
          end--;
        }
        yield text.substring(0, end);
      }
      case WHOLE, LAST, MEMBERS -> text;
    };
  }

  /// Where it stands, as a JSON pointer (RFC 6901).
  public String pointer() {
    return "/" + path;
  }

  private String[] keys() {
    return JsonText.tokens(pointer()).toArray(new String[0]);
  }
}
