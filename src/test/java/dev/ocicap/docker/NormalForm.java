package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The form in which the recorded configurations of Docker Engine are kept, made from a
/// configuration of ours. Three kinds of steps, and nothing else:
///
/// - what is random is replaced by a name: the container's id by `<ID>`, its first twelve digits by
///   `<SHORT-ID>`, other ids and anonymous volumes by `<HEX64-1>`, `<HEX64-2>` … in the order in
///   which they appear, process numbers by `<PID>`, the more than thirty devices of `--privileged`
///   by one word, a system call filter by a digest of its rules; the place where Docker Engine
///   keeps an image's files, and the one to which it mounts a part of an image or a volume before
///   that is bound, stand for where a bundle has the same files;
/// - what has no order for runtime and kernel is sorted: the members of the capability sets, the
///   environment by name, limits, group numbers, the rates of block devices, namespaces, masked
///   paths, devices, the options of a mount that decide different things, and mounts of which none
///   lies below the other;
/// - what means the same as being absent is left out: `null`, `{}`, `[]` (but for
///   `process.capabilities` as a whole), `false` of `terminal`, `noNewPrivileges` and
///   `root.readonly`, a block weight of 0.
///
/// Everything else is compared as it is, the order of arguments and device rules too.
final class NormalForm {
  private static final Pattern HEX64 = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
  private static final Pattern PID = Pattern.compile("^/proc/\\d+/(ns/\\w+)$");

  /// All of an image.
  private static final Pattern IMAGE = Pattern.compile("^images/[0-9a-f]{12}$");

  /// A part of an image or of a volume.
  private static final Pattern PART =
      Pattern.compile("^(images/[0-9a-f]{12}|<DATA-ROOT>/volumes/[^/]+/_data)/.+$");

  private static final Map<String, String> OPTION_CLASS = new HashMap<>();

  static {
    for (String line :
        List.of(
            "ro ro rw rro rrw",
            "dev dev nodev rdev rnodev",
            "exec exec noexec rexec rnoexec",
            "suid suid nosuid rsuid rnosuid",
            "atime atime noatime relatime norelatime strictatime nostrictatime",
            "diratime diratime nodiratime",
            "sync sync async",
            "bind bind rbind",
            "propagation private rprivate shared rshared slave rslave unbindable runbindable")) {
      List<String> words = List.of(line.split(" "));
      for (String word : words.subList(1, words.size())) {
        OPTION_CLASS.put(word, words.getFirst());
      }
    }
  }

  private final String id;
  private final Map<String, String> ids = new HashMap<>();

  private NormalForm(String id) {
    this.id = id;
  }

  /// The normal form of a configuration of the container with that id.
  static JsonNode of(JsonNode config, String id) {
    ObjectNode copy = (ObjectNode) reparsed(config);
    NormalForm form = new NormalForm(id);
    if (copy.get("mounts") instanceof ArrayNode mounts) {
      copy.set("mounts", form.mounts(mounts));
    }
    ObjectNode replaced = (ObjectNode) form.replaced(copy);
    process((ObjectNode) replaced.path("process"));
    if (replaced.path("root").isObject() && !replaced.path("root").path("readonly").asBoolean()) {
      ((ObjectNode) replaced.path("root")).remove("readonly");
    }
    linux((ObjectNode) replaced.path("linux"));
    JsonNode pruned = pruned(replaced);
    return reparsed(pruned);
  }

  static JsonNode reparsed(JsonNode node) {
    return JsonText.parse("test", JsonText.compact(node)).root();
  }

  private JsonNode replaced(JsonNode node) {
    if (node.isTextual()) {
      return JsonValues.string(replaced(node.asText()));
    }
    if (node.isArray()) {
      ArrayNode array = JsonValues.array();
      node.forEach(item -> array.add(replaced(item)));
      return array;
    }
    if (node.isObject()) {
      ObjectNode object = JsonValues.object();
      node.properties().forEach(m -> object.set(m.getKey(), replaced(m.getValue())));
      return object;
    }
    return node;
  }

  private String replaced(String text) {
    String named = text.replace(id, "<ID>").replace(id.substring(0, 12), "<SHORT-ID>");
    named = IMAGE.matcher(named).replaceFirst("<DATA-ROOT>/vfs/dir/<HEX64-1>");
    named = PART.matcher(named).replaceFirst("<DATA-ROOT>/tmp/safe-mount<N>");
    named = PID.matcher(named).replaceFirst("/proc/<PID>/$1");
    named = named.replaceAll("^(\\w+_NAME=/)<SHORT-ID>/", "$1<RANDOM-NAME>/");
    Matcher matcher = HEX64.matcher(named);
    return matcher.replaceAll(
        found -> ids.computeIfAbsent(found.group(), hex -> "<HEX64-" + (ids.size() + 1) + ">"));
  }

  /// The smallest order by destination in which every pair of a mount and one below it keeps its
  /// order.
  private ArrayNode mounts(ArrayNode mounts) {
    List<JsonNode> left = new ArrayList<>();
    mounts.forEach(left::add);
    ArrayNode sorted = JsonValues.array();
    while (!left.isEmpty()) {
      JsonNode best = left.getFirst();
      for (int i = 0; i < left.size(); i++) {
        JsonNode candidate = left.get(i);
        List<JsonNode> before = left.subList(0, i);
        boolean free =
            before.stream().noneMatch(m -> related(destination(m), destination(candidate)));
        if (free && destination(candidate).compareTo(destination(best)) < 0) {
          best = candidate;
        }
      }
      left.remove(best);
      sorted.add(mount((ObjectNode) best));
    }
    return sorted;
  }

  private static ObjectNode mount(ObjectNode mount) {
    List<String> options = new ArrayList<>();
    mount.path("options").forEach(option -> options.add(option.asText()));
    options.sort(
        Comparator.comparing(option -> OPTION_CLASS.getOrDefault(option, option.split("=", 2)[0])));
    mount.set("options", JsonValues.strings(options));
    return mount;
  }

  private static String destination(JsonNode mount) {
    return Texts.cleanPath(mount.path("destination").asText());
  }

  private static boolean related(String a, String b) {
    return isWithin(a, b) || isWithin(b, a);
  }

  /// Whether a path is the other one or lies below it.
  static boolean isWithin(String path, String other) {
    return other.equals("/") || path.equals(other) || path.startsWith(other + "/");
  }

  private static void process(ObjectNode process) {
    if (process.get("capabilities") instanceof ObjectNode sets) {
      for (String key : List.copyOf(names(sets))) {
        if (sets.get(key).isEmpty()) {
          sets.remove(key);
        } else {
          sets.set(key, unique(sets.get(key)));
        }
      }
    }
    sort(process, "env", node -> node.asText().split("=", 2)[0]);
    sort(process, "rlimits", node -> node.path("type").asText());
    if (process.path("user").get("additionalGids") instanceof ArrayNode gids) {
      TreeSet<Long> numbers = new TreeSet<>();
      gids.forEach(gid -> numbers.add(gid.asLong()));
      ArrayNode sorted = JsonValues.array();
      numbers.forEach(gid -> sorted.add(JsonValues.number(gid)));
      ((ObjectNode) process.path("user")).set("additionalGids", sorted);
    }
    for (String key : List.of("terminal", "noNewPrivileges")) {
      if (!process.path(key).asBoolean()) {
        process.remove(key);
      }
    }
  }

  private static void linux(ObjectNode linux) {
    sort(linux, "namespaces", n -> n.path("type").asText() + " " + n.path("path").asText());
    for (String key : List.of("maskedPaths", "readonlyPaths")) {
      if (linux.get(key) instanceof ArrayNode paths) {
        linux.set(key, unique(paths));
      }
    }
    sort(linux, "devices", node -> node.path("path").asText());
    if (linux.path("resources").get("blockIO") instanceof ObjectNode rates) {
      for (String key : List.copyOf(names(rates))) {
        sort(
            rates,
            key,
            node ->
                String.format(
                    "%020d %020d", node.path("major").asLong(), node.path("minor").asLong()));
      }
    }
    if (linux.path("devices").size() > 30) {
      linux.set("devices", JsonValues.strings(List.of("<ALL HOST DEVICES>")));
    }
    if (linux.get("seccomp") != null) {
      ObjectNode reference = JsonValues.object();
      reference.set("ref", JsonValues.string(digest(linux.get("seccomp"))));
      linux.set("seccomp", reference);
    }
  }

  /// The first 16 digits of the SHA-256 of the rules, one for each system call, sorted.
  private static String digest(JsonNode filter) {
    TreeMap<String, JsonNode> members = new TreeMap<>();
    filter.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    members.put("architectures", unique(filter.path("architectures")));
    TreeMap<String, JsonNode> rules = new TreeMap<>();
    for (JsonNode rule : filter.path("syscalls")) {
      for (JsonNode name : rule.path("names")) {
        ObjectNode one = JsonValues.object();
        one.set("name", name);
        one.set("action", rule.path("action"));
        if (rule.has("errnoRet")) {
          one.set("errnoRet", rule.get("errnoRet"));
        }
        if (!rule.path("args").isEmpty()) {
          TreeMap<String, JsonNode> arguments = new TreeMap<>();
          rule.path("args").forEach(a -> arguments.put(canonical(a), a));
          ArrayNode sorted = JsonValues.array();
          arguments.values().forEach(sorted::add);
          one.set("args", sorted);
        }
        rules.put(canonical(one), one);
      }
    }
    ArrayNode sorted = JsonValues.array();
    rules.values().forEach(sorted::add);
    members.put("syscalls", sorted);
    ObjectNode whole = JsonValues.object();
    members.forEach((key, value) -> {
      if (!key.equals("architectures") || !value.isEmpty()) {
        whole.set(key, value);
      }
    });
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical(whole).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// JSON with sorted keys, a blank after each comma and colon.
  private static String canonical(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, String> members = new TreeMap<>();
      node.properties()
          .forEach(m ->
              members.put(
                  JsonText.compact(JsonValues.string(m.getKey())), canonical(m.getValue())));
      StringBuilder out = new StringBuilder("{");
      members.forEach((key, value) -> {
        // the second value of a comparison is left out when it is 0
        if (!(key.equals("\"valueTwo\"") && value.equals("0"))) {
          out.append(out.length() == 1 ? "" : ", ").append(key).append(": ").append(value);
        }
      });
      return out.append('}').toString();
    }
    if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(canonical(item)));
      return "[" + String.join(", ", items) + "]";
    }
    return JsonText.compact(node);
  }

  private static JsonNode pruned(JsonNode node) {
    if (node.isObject()) {
      ObjectNode object = JsonValues.object();
      node.properties()
          .forEach(m -> {
            JsonNode value = pruned(m.getValue());
            boolean empty = value.isNull() || (value.isContainerNode() && value.isEmpty());
            if (!empty || m.getKey().equals("capabilities")) {
              object.set(m.getKey(), value);
            }
          });
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = JsonValues.array();
      node.forEach(item -> array.add(pruned(item)));
      return array;
    }
    return node;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.properties().forEach(member -> names.add(member.getKey()));
    return names;
  }

  private static ArrayNode unique(JsonNode strings) {
    TreeSet<String> sorted = new TreeSet<>();
    strings.forEach(item -> sorted.add(item.asText()));
    return JsonValues.strings(List.copyOf(sorted));
  }

  private static void sort(ObjectNode parent, String key, Function<JsonNode, String> by) {
    if (parent.get(key) instanceof ArrayNode array) {
      List<JsonNode> items = new ArrayList<>();
      array.forEach(items::add);
      items.sort(Comparator.comparing(by));
      ArrayNode sorted = JsonValues.array();
      items.forEach(sorted::add);
      parent.set(key, sorted);
    }
  }
}
