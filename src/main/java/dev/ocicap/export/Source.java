package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Rlimit;
import dev.ocicap.spec.RuntimeConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A configuration while it is exported: it knows which properties were looked at, so that none is
/// left out in silence.
final class Source {
  /// Objects whose members are carried or lost one by one.
  private static final Set<String> OPENED =
      Set.of(
          "process",
          "root",
          "linux",
          "linux.resources",
          "linux.resources.memory",
          "linux.resources.cpu",
          "linux.resources.pids",
          "linux.resources.blockIO");

  private static final Set<String> ENGINES_FILES =
      Set.of("/etc/resolv.conf", "/etc/hostname", "/etc/hosts");

  /// Where Docker puts the program of `--init`.
  static final String INIT = "/sbin/docker-init";

  /// /dev/null, zero, random, urandom, tty and console.
  private static final Set<String> DEFAULT_DEVICES =
      Set.of("c 1:3", "c 1:5", "c 1:8", "c 1:9", "c 5:0", "c 5:1");

  private final RuntimeConfig config;
  private final Set<String> taken = new LinkedHashSet<>();
  private final List<Exported.Loss> losses = new ArrayList<>();

  Source(RuntimeConfig config) {
    this.config = config;
    take("ociVersion");
    take("process.capabilities");
    take("process.user");
    take("process.noNewPrivileges");
    // Where the bundle keeps its files is no matter of privileges.
    take("root.path");
  }

  RuntimeConfig config() {
    return config;
  }

  /// Marks a property as looked at.
  void take(String path) {
    taken.add(path);
  }

  /// The value of a property, which is marked as looked at.
  Optional<JsonNode> get(String path) {
    take(path);
    return config.find(path.split("\\.", -1)).filter(node -> !node.isNull());
  }

  /// The text of a property, or "".
  String text(String path) {
    return get(path).map(JsonNode::asText).orElse("");
  }

  /// Whether a property is true.
  boolean flag(String path) {
    return get(path).map(JsonNode::asBoolean).orElse(false);
  }

  /// A number, if it is set and limits something.
  Optional<Long> number(String path) {
    return get(path).filter(JsonNode::isNumber).map(JsonNode::asLong);
  }

  /// A number above zero.
  Optional<Long> positive(String path) {
    return number(path).filter(number -> number > 0);
  }

  /// The mounts; the path of a bind mount that is not absolute is meant from the bundle
  /// (config.md#mounts), but for the files that an engine makes for each container.
  ///
  /// @param directory the bundle
  List<Mount> mounts(String directory) {
    take("mounts");
    List<Mount> mounts = new ArrayList<>();
    for (Mount mount : config.mounts()) {
      boolean inBundle =
          mount.isBind()
              && !mount.source().startsWith("/")
              && !isEnginesOwn(mount)
              && !isEnginesShm(mount);
      mounts.add(
          inBundle
              ? new Mount(
                  mount.destination(),
                  mount.type(),
                  directory + "/" + mount.source(),
                  mount.options())
              : mount);
    }
    return mounts;
  }

  /// Whether a mount is one of the three files that an engine writes for each container: named from
  /// the bundle, or below Docker's `containers`.
  static boolean isEnginesOwn(Mount mount) {
    return mount.isBind()
        && ENGINES_FILES.contains(mount.destination())
        && (!mount.source().startsWith("/")
            || (mount.source().contains("/containers/")
                && mount.source().endsWith(mount.destination().substring("/etc".length()))));
  }

  /// Whether a mount is the memory that an engine shares between containers (`--ipc shareable`): a
  /// directory of the bundle, or below Docker's `containers`.
  static boolean isEnginesShm(Mount mount) {
    return mount.isBind()
        && mount.destination().equals("/dev/shm")
        && (mount.source().equals("shm")
            || (mount.source().contains("/containers/") && mount.source().endsWith("/mounts/shm")));
  }

  /// A device node as rules name it: `c 1:3`.
  static String device(JsonNode node) {
    return node.path("type").asText() + " " + number(node);
  }

  /// The number of a device: `8:0`.
  static String number(JsonNode node) {
    return node.path("major").asLong() + ":" + node.path("minor").asLong();
  }

  /// The access that the rules give to a device node, in the order `rwm`; "" when they give none.
  String access(JsonNode node) {
    take("linux.resources.devices");
    String device = device(node);
    List<DeviceRule> rules = config.deviceRules();
    boolean unruled = rules.isEmpty() || DEFAULT_DEVICES.contains(device);
    Set<String> access = new HashSet<>(unruled ? List.of("r", "w", "m") : List.of());
    for (DeviceRule rule : rules) {
      if (unruled || !rule.fits(device)) {
        continue;
      }
      for (String one : new String[] {"r", "w", "m"}) {
        if (rule.access().contains(one) && rule.allow()) {
          access.add(one);
        } else if (rule.access().contains(one)) {
          access.remove(one);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (String one : new String[] {"r", "w", "m"}) {
      text.append(access.contains(one) ? one : "");
    }
    return text.toString();
  }

  /// Whether a rule speaks of a device that every engine and systemd allow anyway.
  static boolean isUsualDevice(DeviceRule rule) {
    return DEFAULT_DEVICES.contains(rule.device());
  }

  /// Whether it is as `docker run --privileged` makes it, and nothing less: every capability, no
  /// filter, nothing masked, every device allowed.
  boolean isPrivileged() {
    take("linux.resources.devices");
    List<DeviceRule> rules = config.deviceRules();
    CapabilitySet bounding = config.capabilities().orElse(ProcessCapabilities.NONE).bounding();
    return !rules.isEmpty()
        && DeviceRule.allowEveryDevice(rules)
        && bounding.equals(CapabilitySet.ALL)
        && config.find("linux", "seccomp").filter(node -> !node.isNull()).isEmpty()
        && config.maskedPaths().isEmpty()
        && config.readonlyPaths().isEmpty();
  }

  /// Whether it is what `docker run --init` makes: Docker's init as the program, before `--`.
  boolean usesInit() {
    List<String> args = config.args();
    boolean mounted = false;
    for (Mount mount : config.mounts()) {
      mounted |= mount.destination().equals(INIT) && mount.isBind();
    }
    return mounted && args.size() > 2 && args.getFirst().equals(INIT) && args.get(1).equals("--");
  }

  /// The program and its arguments, without an init that the engine puts before them.
  List<String> args() {
    List<String> args = config.args();
    return usesInit() ? args.subList(2, args.size()) : args;
  }

  /// A limit of the process: `RLIMIT_NOFILE`.
  ///
  /// @param name without `RLIMIT_`
  /// @param soft the limit, or `none`
  /// @param hard the ceiling, or `none`
  record Limit(String name, String soft, String hard) {}

  /// The limits that Linux has (getrlimit(2)); others are reported.
  ///
  /// @param none the word for no limit
  List<Limit> limits(String none) {
    List<Limit> limits = new ArrayList<>();
    for (JsonNode limit : elements("process.rlimits")) {
      String type = limit.path("type").asText();
      if (Rlimit.TYPES.contains(type)) {
        limits.add(
            new Limit(
                type.substring("RLIMIT_".length()),
                limit(limit.path("soft"), none),
                limit(limit.path("hard"), none)));
      } else {
        lose("process.rlimits", "there is no limit '" + type + "'");
      }
    }
    return limits;
  }

  /// A limit; every bit set means that there is none.
  private static String limit(JsonNode node, String none) {
    BigInteger number = node.bigIntegerValue();
    return number.bitLength() > 63 ? none : number.toString();
  }

  /// The elements of an array.
  List<JsonNode> elements(String path) {
    List<JsonNode> elements = new ArrayList<>();
    Optional<JsonNode> array = get(path);
    if (array.isPresent() && array.get().isArray()) {
      for (JsonNode element : array.get()) {
        elements.add(element);
      }
    }
    return elements;
  }

  /// The strings of an array.
  List<String> strings(String path) {
    List<String> strings = new ArrayList<>();
    for (JsonNode element : elements(path)) {
      strings.add(element.asText());
    }
    return strings;
  }

  /// Reports something that the target cannot say.
  void lose(String property, String reason) {
    losses.add(new Exported.Loss(property, reason));
  }

  /// Everything that was lost, with the properties that nobody looked at.
  List<Exported.Loss> losses() {
    List<Exported.Loss> all = new ArrayList<>(losses);
    if (config.json().root() instanceof ObjectNode root) {
      untaken("", root, all);
    }
    return all;
  }

  private void untaken(String prefix, ObjectNode object, List<Exported.Loss> all) {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String path = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (taken.contains(path) || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
        continue;
      }
      if (OPENED.contains(path) && value instanceof ObjectNode inner) {
        untaken(path + ".", inner, all);
      } else {
        all.add(new Exported.Loss(path, "there is nothing like it"));
      }
    }
  }
}
