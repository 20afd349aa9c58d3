package dev.ocicap.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which release of the specification brought which property, and which took one away. The schemas
/// say the same, but reading them takes longer than everything else that an edit does; a test
/// compares the two.
public final class PropertyVersions {
  private PropertyVersions() {}

  /// The oldest release that ocicap writes unless it is asked for another.
  public static final SpecVersion OLDEST_WRITTEN = new SpecVersion(1, 0, 2);

  /// One row.
  ///
  /// @param path keys with `/` between them; `*` stands for every element or member
  /// @param word the value that is meant; null when it is the property whatever its value
  /// @param since the release that brought it
  /// @param until the first release without it, or null
  /// @param instead what an older release has instead of the word, never granting more; null when
  ///   there is nothing
  record Row(
      String path,
      @Nullable String word,
      SpecVersion since,
      @Nullable SpecVersion until,
      @Nullable String instead) {}

  private static final SpecVersion V1_0_1 = new SpecVersion(1, 0, 1);
  private static final SpecVersion V1_0_2 = OLDEST_WRITTEN;
  private static final SpecVersion V1_1 = new SpecVersion(1, 1, 0);
  private static final SpecVersion V1_2 = new SpecVersion(1, 2, 0);
  private static final SpecVersion V1_2_1 = new SpecVersion(1, 2, 1);
  private static final SpecVersion V1_3 = new SpecVersion(1, 3, 0);

  /// The newest release that the table knows.
  public static final SpecVersion NEWEST = V1_3;

  private static final String DEFAULT_ACTION = "linux/seccomp/defaultAction";
  private static final String ACTION = "linux/seccomp/syscalls/*/action";
  private static final String ARCHITECTURES = "linux/seccomp/architectures/*";

  static final List<Row> ALL =
      List.of(
          property("linux/intelRdt", V1_0_1),
          property("linux/resources/blockIO/throttleReadIOPSDevice", V1_0_1),
          property("linux/resources/blockIO/throttleWriteIOPSDevice", V1_0_1),
          property("solaris/anet/*/allowedAddress", V1_0_1),
          property("solaris/anet/*/configureAllowedAddress", V1_0_1),
          property("solaris/anet/*/defrouter", V1_0_1),
          property("solaris/anet/*/linkProtection", V1_0_1),
          property("solaris/anet/*/linkname", V1_0_1),
          property("solaris/anet/*/lowerLink", V1_0_1),
          property("solaris/anet/*/macAddress", V1_0_1),
          property("solaris/cappedCPU/ncpus", V1_0_1),
          property("solaris/cappedMemory/physical", V1_0_1),
          property("solaris/cappedMemory/swap", V1_0_1),
          property("hooks/createRuntime", V1_0_2),
          property("hooks/createContainer", V1_0_2),
          property("hooks/startContainer", V1_0_2),
          property("linux/intelRdt/closID", V1_0_2),
          property("linux/intelRdt/memBwSchema", V1_0_2),
          property("linux/personality", V1_0_2),
          property("linux/resources/memory/useHierarchy", V1_0_2),
          property("linux/resources/rdma", V1_0_2),
          property("linux/seccomp/flags", V1_0_2),
          property("process/commandLine", V1_0_2),
          property("process/user/umask", V1_0_2),
          property("vm", V1_0_2),
          property("windows/devices", V1_0_2),
          property("windows/network/networkNamespace", V1_0_2),
          property("domainname", V1_1),
          new Row("linux/intelRdt/enableCMT", null, V1_1, V1_3, null),
          new Row("linux/intelRdt/enableMBM", null, V1_1, V1_3, null),
          word("linux/namespaces/*/type", "time", V1_1, null),
          property("linux/resources/cpu/burst", V1_1),
          property("linux/resources/cpu/idle", V1_1),
          property("linux/resources/memory/checkBeforeUpdate", V1_1),
          property("linux/resources/unified", V1_1),
          word(ARCHITECTURES, "SCMP_ARCH_RISCV64", V1_1, null),
          word(DEFAULT_ACTION, "SCMP_ACT_KILL_PROCESS", V1_1, "SCMP_ACT_KILL"),
          word(DEFAULT_ACTION, "SCMP_ACT_KILL_THREAD", V1_1, "SCMP_ACT_KILL"),
          word(DEFAULT_ACTION, "SCMP_ACT_NOTIFY", V1_1, "SCMP_ACT_ERRNO"),
          property("linux/seccomp/defaultErrnoRet", V1_1),
          word("linux/seccomp/flags/*", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", V1_1, null),
          property("linux/seccomp/listenerMetadata", V1_1),
          property("linux/seccomp/listenerPath", V1_1),
          word(ACTION, "SCMP_ACT_KILL_PROCESS", V1_1, "SCMP_ACT_KILL"),
          word(ACTION, "SCMP_ACT_KILL_THREAD", V1_1, "SCMP_ACT_KILL"),
          word(ACTION, "SCMP_ACT_NOTIFY", V1_1, "SCMP_ACT_ERRNO"),
          property("linux/seccomp/syscalls/*/errnoRet", V1_1),
          property("linux/timeOffsets", V1_1),
          property("mounts/*/gidMappings", V1_1),
          property("mounts/*/uidMappings", V1_1),
          property("process/ioPriority", V1_1),
          property("process/scheduler", V1_1),
          property("zos", V1_1),
          new Row("zos/devices", null, V1_1, V1_2_1, null),
          word("mounts/*/options/*", "idmap", V1_2, null),
          word("mounts/*/options/*", "ridmap", V1_2, null),
          word(ARCHITECTURES, "SCMP_ARCH_LOONGARCH64", V1_2_1, null),
          word(ARCHITECTURES, "SCMP_ARCH_M68K", V1_2_1, null),
          word(ARCHITECTURES, "SCMP_ARCH_SH", V1_2_1, null),
          word(ARCHITECTURES, "SCMP_ARCH_SHEB", V1_2_1, null),
          property("process/execCPUAffinity", V1_2_1),
          property("windows/resources/cpu/affinity", V1_2_1),
          property("zos/namespaces", V1_2_1),
          property("freebsd", V1_3),
          property("linux/intelRdt/enableMonitoring", V1_3),
          property("linux/intelRdt/schemata", V1_3),
          property("linux/memoryPolicy", V1_3),
          property("linux/netDevices", V1_3),
          property("vm/hwConfig", V1_3));

  private static Row property(String path, SpecVersion since) {
    return new Row(path, null, since, null, null);
  }

  private static Row word(String path, String word, SpecVersion since, @Nullable String instead) {
    return new Row(path, word, since, null, instead);
  }

  /// Something in a document that a release does not know.
  ///
  /// @param pointer the JSON pointer of it
  /// @param word the value, when it is the value and not the property that is unknown
  /// @param since the release that brought it
  /// @param until the first release without it, or null
  public record Unknown(
      String pointer, @Nullable String word, SpecVersion since, @Nullable SpecVersion until) {}

  /// The oldest release that knows everything in a document that is newer than 1.0.2.
  public static SpecVersion needed(JsonNode root) {
    SpecVersion needed = OLDEST_WRITTEN;
    for (Row row : ALL) {
      if (needed.isBefore(row.since()) && !matches(root, row).isEmpty()) {
        needed = row.since();
      }
    }
    return needed;
  }

  /// Everything in a document that a release does not know, the innermost elements last.
  public static List<Unknown> unknown(JsonNode root, SpecVersion version) {
    List<Unknown> unknown = new ArrayList<>();
    for (Row row : ALL) {
      if (!knows(version, row)) {
        for (List<String> path : matches(root, row)) {
          unknown.add(new Unknown(JsonText.pointer(path), row.word(), row.since(), row.until()));
        }
      }
    }
    return unknown;
  }

  /// Removes everything from a draft that a release does not know; a word that an older release has
  /// a stricter or equal word for is replaced by it.
  public static void drop(ConfigDraft draft, SpecVersion version) {
    for (Row row : ALL) {
      if (!knows(version, row)) {
        List<List<String>> found = matches(draft.root(), row);
        for (int i = found.size() - 1; i >= 0; i--) {
          drop(draft.root(), row, found.get(i));
        }
      }
    }
  }

  private static boolean knows(SpecVersion version, Row row) {
    return !version.isBefore(row.since()) && (row.until() == null || version.isBefore(row.until()));
  }

  private static void drop(ObjectNode root, Row row, List<String> path) {
    boolean element = row.word() != null && row.instead() == null && path.getLast().equals("type");
    List<String> target = element ? path.subList(0, path.size() - 1) : path;
    JsonNode parent = root;
    for (String token : target.subList(0, target.size() - 1)) {
      parent =
          parent instanceof ArrayNode ? parent.get(Integer.parseInt(token)) : parent.get(token);
    }
    String last = target.getLast();
    String instead = row.instead();
    if (parent instanceof ArrayNode array) {
      array.remove(Integer.parseInt(last));
    } else if (parent instanceof ObjectNode object) {
      if (instead == null) {
        object.remove(last);
      } else {
        object.set(last, JsonValues.string(instead));
      }
    }
  }

  private static List<List<String>> matches(JsonNode root, Row row) {
    List<List<String>> found = new ArrayList<>(0);
    match(root, row, 0, new ArrayList<>(8), found);
    return found;
  }

  private static void match(
      JsonNode node, Row row, int at, List<String> path, List<List<String>> found) {
    if (at > row.path().length()) {
      if (row.word() == null || node.asText().equals(row.word())) {
        found.add(List.copyOf(path));
      }
      return;
    }
    int slash = row.path().indexOf('/', at);
    int end = slash < 0 ? row.path().length() : slash;
    String key = row.path().substring(at, end);
    if (!key.equals("*")) {
      Optional<JsonNode> next = Optional.ofNullable(node.get(key));
      if (next.isPresent()) {
        path.add(key);
        match(next.get(), row, end + 1, path, found);
        path.removeLast();
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        path.add(Integer.toString(i));
        match(array.get(i), row, end + 1, path, found);
        path.removeLast();
      }
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        path.add(member.getKey());
        match(member.getValue(), row, end + 1, path, found);
        path.removeLast();
      }
    }
  }
}
