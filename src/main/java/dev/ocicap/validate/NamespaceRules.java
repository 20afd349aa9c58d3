package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.edit.Property;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.ConfigDraft;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules about namespaces and what needs one: host name, id mappings, time, network devices
/// (config-linux.md).
final class NamespaceRules {
  private static final String SPEC = "config-linux.md#namespaces";
  private static final String MAPPINGS = "config-linux.md#user-namespace-mappings";
  private static final String TIME = "config-linux.md#offset-for-time-namespace";
  private static final String NET = "config-linux.md#network-devices";
  private static final String KERNEL_MAPS = "user_namespaces(7)";

  /// The kernel takes no more lines in a map (user_namespaces(7)).
  private static final int MAX_MAPPINGS = 340;

  static List<Rule> all() {
    return List.of(
        Rule.of("namespace-duplicate", Level.MUST, SPEC, NamespaceRules::duplicate)
            .repairedBy(draft -> Repair.removeEqual(draft, "linux", "namespaces")),
        Rule.of("namespace-path-absolute", Level.MUST, SPEC, NamespaceRules::path),
        Rule.of("namespace-mount-missing", Level.SHOULD, SPEC, NamespaceRules::mountMissing),
        Rule.of("namespace-shared", Level.ADVICE, SPEC, NamespaceRules::shared),
        Rule.of("hostname-uts-namespace", Level.MUST, "config.md#hostname", NamespaceRules::uts)
            .repairedBy(NamespaceRules::addUts),
        Rule.of("hostname-length", Level.MUST, "sethostname(2)", NamespaceRules::hostLength),
        Rule.of("mapping-missing", Level.MUST, MAPPINGS, NamespaceRules::mappingMissing),
        Rule.of("mapping-user-namespace", Level.MUST, MAPPINGS, NamespaceRules::mappingUnused),
        Rule.of("mapping-range", Level.MUST, KERNEL_MAPS, NamespaceRules::range),
        Rule.of("mapping-overlap", Level.MUST, KERNEL_MAPS, NamespaceRules::overlap),
        Rule.of("mapping-count", Level.MUST, KERNEL_MAPS, NamespaceRules::count),
        Rule.of("user-id-mapped", Level.MUST, MAPPINGS, NamespaceRules::idMapped),
        Rule.of("time-offset-namespace", Level.MUST, TIME, NamespaceRules::timeOffset)
            .repairedBy(NamespaceRules::addTime),
        Rule.of("net-device-namespace", Level.MUST, NET, NamespaceRules::netNamespace),
        Rule.of("net-device-name", Level.MUST, NET, NamespaceRules::netName));
  }

  private NamespaceRules() {}

  private static List<Value> lists(Document document) {
    return List.of(document.get("linux", "namespaces"), document.get("zos", "namespaces"));
  }

  private static void duplicate(Document document, Findings findings) {
    for (Value list : lists(document)) {
      duplicate(list, findings);
    }
  }

  /// The types of all releases of the kernel.
  static final List<String> TYPES =
      List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

  static void unknownType(Document document, Findings findings) {
    for (Value namespace : document.get("linux", "namespaces").items()) {
      Value type = namespace.get("type");
      if (type.isText() && !TYPES.contains(type.text())) {
        findings.add(
            type,
            type.shown() + " is no type of namespace",
            Suggestion.nearest(type.text(), TYPES)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("one of " + String.join(", ", TYPES)));
      }
    }
  }

  static void duplicateOfLinux(Document document, Findings findings) {
    duplicate(document.get("linux", "namespaces"), findings);
  }

  private static void duplicate(Value list, Findings findings) {
    Set<String> seen = new HashSet<>();
    for (Value namespace : list.items()) {
      Value type = namespace.get("type");
      if (type.isText() && !seen.add(type.text())) {
        findings.add(
            namespace,
            namespace.path() + " is a second namespace of type " + type.quoted(),
            "remove one of the two");
      }
    }
  }

  private static void path(Document document, Findings findings) {
    for (Value list : lists(document)) {
      for (Value namespace : list.items()) {
        Value path = namespace.get("path");
        if (!path.text().isEmpty() && !path.text().startsWith("/")) {
          findings.add(path, path.shown() + " is not an absolute path", null);
        }
      }
    }
  }

  static void mountMissing(Document document, Findings findings) {
    if (document.isLinux() && !document.hasNamespace("mount")) {
      boolean restricted =
          !document.get("linux", "maskedPaths").items().isEmpty()
              || !document.get("linux", "readonlyPaths").items().isEmpty();
      findings.add(
          restricted ? Level.MUST : Level.SHOULD,
          document.get("linux", "namespaces").exists()
              ? document.get("linux", "namespaces")
              : document.root(),
          "there is no mount namespace: "
              + (restricted
                  ? "masked and read-only paths need one"
                  : "the container's mounts are made on the host"),
          "{\"type\": \"mount\"}");
    }
  }

  private static void shared(Document document, Findings findings) {
    if (!document.isLinux()) {
      return;
    }
    for (String type : List.of("pid", "network", "ipc", "uts")) {
      if (!document.hasNamespace(type)) {
        findings.add(
            document.get("linux", "namespaces").exists()
                ? document.get("linux", "namespaces")
                : document.root(),
            "there is no " + type + " namespace: the container uses the host's",
            "{\"type\": \"" + type + "\"}");
      }
    }
  }

  static void uts(Document document, Findings findings) {
    if (!document.isLinux() || document.hasNamespace("uts")) {
      return;
    }
    for (String key : List.of("hostname", "domainname")) {
      Value name = document.get(key);
      if (!name.text().isEmpty()) {
        findings.add(
            name,
            name.shown() + " needs a uts namespace",
            "{\"type\": \"uts\"} in linux.namespaces");
      }
    }
  }

  /// A namespace of its own is less than the host's.
  private static void addUts(ConfigDraft draft) {
    boolean named =
        draft.find("hostname").map(name -> !name.asText().isEmpty()).orElse(false)
            || draft.find("domainname").map(name -> !name.asText().isEmpty()).orElse(false);
    if (named) {
      addNamespace(draft, "uts");
    }
  }

  private static void addTime(ConfigDraft draft) {
    if (draft.find("linux", "timeOffsets").map(JsonNode::isObject).orElse(false)) {
      addNamespace(draft, "time");
    }
  }

  private static void addNamespace(ConfigDraft draft, String type) {
    if (!draft.find("linux").map(JsonNode::isObject).orElse(true)) {
      return;
    }
    for (JsonNode namespace : draft.find("linux", "namespaces").orElse(JsonValues.array())) {
      if (namespace.path("type").asText().equals(type)) {
        return;
      }
    }
    ObjectNode namespace = JsonValues.object();
    namespace.set("type", JsonValues.string(type));
    draft.array("linux", "namespaces").add(namespace);
  }

  private static void hostLength(Document document, Findings findings) {
    for (String key : List.of("hostname", "domainname")) {
      Value name = document.get(key);
      int bytes = name.text().getBytes(StandardCharsets.UTF_8).length;
      if (document.isLinux() && bytes > Property.MAX_HOST_NAME) {
        findings.add(
            name,
            name.path() + " has " + bytes + " bytes, the kernel takes " + Property.MAX_HOST_NAME,
            null);
      }
    }
  }

  static void mappingMissing(Document document, Findings findings) {
    if (!document.makesNamespace("user")) {
      return;
    }
    for (String key : List.of("uidMappings", "gidMappings")) {
      if (document.get("linux", key).items().isEmpty()) {
        findings.add(
            document.namespace("user"),
            "a new user namespace needs linux." + key,
            "\"" + key + "\": [{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]");
      }
    }
  }

  private static void mappingUnused(Document document, Findings findings) {
    if (document.hasNamespace("user")) {
      return;
    }
    for (String key : List.of("uidMappings", "gidMappings")) {
      Value mappings = document.get("linux", key);
      if (!mappings.items().isEmpty()) {
        findings.add(
            mappings,
            mappings.path()
                + " needs a user namespace: older runtimes ignore it, newer ones refuse",
            "{\"type\": \"user\"} in linux.namespaces");
      }
    }
  }

  private static List<Value> mappings(Document document) {
    List<Value> all = new ArrayList<>();
    for (String key : List.of("uidMappings", "gidMappings")) {
      all.add(document.get("linux", key));
      for (Value mount : document.mounts()) {
        all.add(mount.get(key));
      }
    }
    return all;
  }

  private static final BigInteger IDS = BigInteger.ONE.shiftLeft(32);

  private static void range(Document document, Findings findings) {
    for (Value list : mappings(document)) {
      for (Value mapping : list.items()) {
        Value size = mapping.get("size");
        if (size.isInteger() && size.integer().signum() == 0) {
          findings.add(size, size.path() + " is 0: the kernel refuses an empty range", "1");
        }
        for (String key : List.of("containerID", "hostID")) {
          if (mapping.get(key).integer().add(size.integer()).compareTo(IDS) >= 0) {
            findings.add(mapping, mapping.path() + " goes beyond the last id 4294967294", null);
          }
        }
      }
    }
  }

  private static void overlap(Document document, Findings findings) {
    for (Value list : mappings(document)) {
      for (String key : List.of("containerID", "hostID")) {
        List<Value> sorted = new ArrayList<>(list.items());
        sorted.sort((a, b) -> a.get(key).integer().compareTo(b.get(key).integer()));
        for (int i = 1; i < sorted.size(); i++) {
          Value before = sorted.get(i - 1);
          Value mapping = sorted.get(i);
          BigInteger end = before.get(key).integer().add(before.get("size").integer());
          if (mapping.get(key).isInteger() && mapping.get(key).integer().compareTo(end) < 0) {
            findings.add(
                mapping,
                mapping.path() + " overlaps with " + before.path() + " in its " + key + "s",
                null);
          }
        }
      }
    }
  }

  private static void count(Document document, Findings findings) {
    for (Value list : mappings(document)) {
      int size = list.items().size();
      if (size > MAX_MAPPINGS) {
        findings.add(
            list, list.path() + " has " + size + " ranges, the kernel takes " + MAX_MAPPINGS, null);
      }
    }
  }

  static void idMapped(Document document, Findings findings) {
    if (!document.makesNamespace("user")) {
      return;
    }
    Value user = document.get("process", "user");
    List<Value> gids = new ArrayList<>(user.get("additionalGids").items());
    gids.addFirst(user.get("gid"));
    unmapped(List.of(user.get("uid")), document.get("linux", "uidMappings"), findings);
    unmapped(gids, document.get("linux", "gidMappings"), findings);
  }

  /// More ranges than the kernel takes are not looked through: another rule speaks of them.
  private static void unmapped(List<Value> ids, Value mappings, Findings findings) {
    List<Value> ranges = mappings.items();
    if (ranges.isEmpty() || ranges.size() > MAX_MAPPINGS) {
      return;
    }
    for (Value id : ids) {
      if (findings.isFull()) {
        return;
      }
      unmapped(id, ranges, mappings, findings);
    }
  }

  private static void unmapped(Value id, List<Value> ranges, Value mappings, Findings findings) {
    if (!id.isInteger()) {
      return;
    }
    for (Value range : ranges) {
      BigInteger first = range.get("containerID").integer();
      if (id.integer().compareTo(first) >= 0
          && id.integer().compareTo(first.add(range.get("size").integer())) < 0) {
        return;
      }
    }
    findings.add(
        id,
        id.shown() + " is not mapped by " + mappings.path(),
        "one of the ids from " + ranges.getFirst().get("containerID").quoted() + " on");
  }

  private static void timeOffset(Document document, Findings findings) {
    Value offsets = document.get("linux", "timeOffsets");
    if (!offsets.exists()) {
      return;
    }
    if (!document.hasNamespace("time")) {
      findings.add(
          offsets,
          "linux.timeOffsets needs a time namespace",
          "{\"type\": \"time\"} in linux.namespaces");
    } else if (!document.makesNamespace("time")) {
      findings.add(
          offsets, "linux.timeOffsets needs a new time namespace, not one that is joined", null);
    }
  }

  private static void netNamespace(Document document, Findings findings) {
    Value devices = document.get("linux", "netDevices");
    if (!devices.members().isEmpty() && !document.hasNamespace("network")) {
      findings.add(
          devices,
          "linux.netDevices needs a network namespace",
          "{\"type\": \"network\"} in linux.namespaces");
    }
  }

  private static void netName(Document document, Findings findings) {
    Map<String, Value> targets = new HashMap<>();
    for (Value device : document.get("linux", "netDevices").members()) {
      if (!Forms.isInterfaceName(device.key())) {
        findings.addKey(device, device.path() + " is not the name of a network interface", null);
      }
      Value name = device.get("name");
      String target = name.text().isEmpty() ? device.key() : name.text();
      if (!name.text().isEmpty() && !Forms.isInterfaceName(target)) {
        findings.add(name, name.shown() + " is not the name of a network interface", null);
      }
      Value other = targets.put(target, device);
      if (other != null && !target.contains("%d")) {
        findings.add(device, device.path() + " gets the same name as " + other.path(), null);
      }
    }
  }
}
