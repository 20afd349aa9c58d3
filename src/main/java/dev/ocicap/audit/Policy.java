package dev.ocicap.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What must hold, whatever the score. A policy of one's own is an allow-list in JSON or in the
/// simplest YAML:
///
/// ```yaml
/// capabilities: [net_bind_service]   # the only ones allowed
/// namespaces: [network]              # the host's that may be shared
/// paths: [/srv/data]                 # the host's that may be mounted
/// devices: [/dev/fuse]
/// ignore: [writable-root]            # rules that do not count
/// require: [seccomp, no-new-privileges, non-root, read-only-root, limits, confined, masked-paths]
/// ```
///
/// @param name how reports name it
/// @param capabilities the capabilities that are allowed
/// @param namespaces the host's namespaces that may be shared
/// @param paths the host's paths that may be mounted; `*` for all but sensitive ones
/// @param devices the devices that are allowed; `*` for all
/// @param require what must be there
/// @param ignore the rules that do not count
public record Policy(
    String name,
    CapabilitySet capabilities,
    List<String> namespaces,
    List<String> paths,
    List<String> devices,
    List<String> require,
    List<AuditRule> ignore) {
  private static final List<String> KEYS =
      List.of("capabilities", "namespaces", "paths", "devices", "require", "ignore");
  private static final List<String> REQUIREMENTS =
      List.of(
          "seccomp",
          "no-new-privileges",
          "non-root",
          "read-only-root",
          "limits",
          "confined",
          "masked-paths");

  /// Kernel parameters that Pod Security "baseline" allows.
  private static final List<String> SAFE_SYSCTLS =
      List.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  /// Copies the lists.
  public Policy {
    namespaces = List.copyOf(namespaces);
    paths = List.copyOf(paths);
    devices = List.copyOf(devices);
    require = List.copyOf(require);
    ignore = List.copyOf(ignore);
  }

  /// Nothing must hold.
  public static final Policy NONE =
      new Policy(
          "none",
          CapabilitySet.ALL,
          List.of("pid", "network", "ipc", "uts"),
          List.of("**"),
          List.of("*"),
          List.of(),
          List.of());

  /// The words of the policies that are built in.
  public static final List<String> NAMES =
      List.of("baseline", "restricted", "cis-docker", "article");

  /// A policy that is built in: Pod Security "baseline" and "restricted", what section 5 of the CIS
  /// Docker Benchmark asks of a container, or the advice of the article on Docker's defaults.
  public static Optional<Policy> find(String name) {
    return switch (name) {
      case "baseline" ->
          // What a pod has that asks for nothing is allowed besides the list of the standard.
          Optional.of(
              new Policy(
                  name,
                  CapabilitySet.DOCKER_DEFAULT,
                  List.of("uts"),
                  List.of(),
                  List.of("*"),
                  List.of("seccomp", "masked-paths"),
                  List.of()));
      case "restricted" ->
          Optional.of(
              new Policy(
                  name,
                  CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE),
                  List.of("uts"),
                  List.of(),
                  List.of("*"),
                  List.of("seccomp", "no-new-privileges", "non-root", "masked-paths"),
                  List.of()));
      case "cis-docker" ->
          Optional.of(
              new Policy(
                  name,
                  CapabilitySet.DOCKER_DEFAULT.minus(CapabilitySet.of(Capability.CAP_NET_RAW)),
                  List.of(),
                  List.of("*"),
                  List.of(),
                  REQUIREMENTS.subList(0, 6),
                  List.of()));
      case "article" ->
          Optional.of(
              new Policy(
                  name,
                  needed(),
                  List.of("pid", "network", "ipc", "uts"),
                  List.of("**"),
                  List.of("*"),
                  List.of(),
                  List.of()));
      default -> Optional.empty();
    };
  }

  /// Docker's defaults that the article lets somebody keep in production.
  private static CapabilitySet needed() {
    CapabilitySet needed = CapabilitySet.NONE;
    for (Capability capability : CapabilitySet.DOCKER_DEFAULT.members()) {
      if (CapabilityFacts.of(capability).advice().contains("unless")) {
        needed = needed.plus(capability);
      }
    }
    return needed;
  }

  /// Whether a rule does not count.
  boolean ignores(AuditRule rule) {
    return ignore.contains(rule);
  }

  /// What the policy does not allow.
  List<AuditFinding> violations(Subject subject) {
    List<AuditFinding> found = new ArrayList<>();
    CapabilitySet beyond = subject.capabilities().minus(capabilities);
    for (Capability capability : beyond.members()) {
      add(
          found,
          "the capability " + capability.shortName(),
          "--cap-drop " + capability.shortName(),
          "/process/capabilities/bounding");
    }
    for (String namespace : new String[] {"pid", "network", "ipc", "uts"}) {
      if (subject.hostNamespaces().contains(namespace) && !namespaces.contains(namespace)) {
        add(
            found,
            "the host's " + namespace + " namespace",
            "do without --" + namespace + " host",
            "/linux/namespaces");
      }
    }
    for (Subject.Bind bind : subject.binds()) {
      if (!allowsPath(bind.source())) {
        add(found, "the host's '" + bind.source() + "'", "do without the mount", "/mounts");
      }
    }
    for (String device : subject.devices()) {
      if (!devices.contains("*") && !devices.contains(device)) {
        add(
            found,
            device.equals("*") ? "every device" : "the device '" + device + "'",
            "do without --device",
            "/linux/devices");
      }
    }
    if (Audit.isPrivileged(subject) && !equals(NONE)) {
      add(found, "a privileged container", "do without --privileged", "/process/capabilities");
    }
    if (name.equals("baseline") || name.equals("restricted")) {
      for (String sysctl : subject.sysctls()) {
        if (!SAFE_SYSCTLS.contains(sysctl)) {
          add(found, "the sysctl " + sysctl, "do without --sysctl " + sysctl, "/linux/sysctl");
        }
      }
    }
    require(found, "seccomp", subject.seccomp(), "ocicap edit --seccomp docker", "/linux");
    require(
        found,
        "no-new-privileges",
        subject.noNewPrivileges(),
        "--security-opt no-new-privileges",
        "/process/noNewPrivileges");
    require(found, "non-root", !subject.root(), "--user 1000:1000", "/process/user");
    require(found, "read-only-root", subject.readonlyRoot(), "--read-only", "/root/readonly");
    require(
        found,
        "limits",
        subject.memoryLimit() && subject.pidsLimit(),
        "--memory 512m --pids-limit 100",
        "/linux/resources");
    require(
        found,
        "confined",
        subject.confined(),
        "--security-opt apparmor=docker-default",
        "/process/apparmorProfile");
    require(
        found,
        "masked-paths",
        subject.masked(),
        "do without --security-opt systempaths=unconfined",
        "/linux/maskedPaths");
    return found;
  }

  private boolean allowsPath(String source) {
    if (paths.contains("**") || !source.startsWith("/")) {
      return true;
    }
    for (String path : paths) {
      if (source.equals(path) || source.startsWith(path.endsWith("/") ? path : path + "/")) {
        return true;
      }
    }
    return paths.contains("*") && !Audit.isSensitive(source);
  }

  private void require(
      List<AuditFinding> found, String what, boolean holds, String remedy, String pointer) {
    if (require.contains(what) && !holds) {
      found.add(
          new AuditFinding(
              AuditRule.POLICY, 0, "policy " + name + " requires " + what, remedy, pointer));
    }
  }

  private void add(List<AuditFinding> found, String what, String remedy, String pointer) {
    found.add(
        new AuditFinding(
            AuditRule.POLICY, 0, "policy " + name + " does not allow " + what, remedy, pointer));
  }

  /// Reads a policy of one's own.
  ///
  /// @param file how errors name it
  /// @throws OcicapException when it is neither JSON nor the YAML above, or says something unknown
  public static Policy parse(String file, byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    JsonNode root =
        text.stripLeading().startsWith("{")
            ? JsonText.parse(file, utf8).root()
            : SimpleYaml.parse(file, text);
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (!KEYS.contains(member.getKey())) {
        throw bad(file, "'" + member.getKey() + "' is none of " + String.join(", ", KEYS));
      }
    }
    CapabilitySet allowed = root.has("capabilities") ? CapabilitySet.NONE : CapabilitySet.ALL;
    for (String name : strings(root, "capabilities", List.of())) {
      allowed =
          allowed.plus(
              Capability.find(name)
                  .orElseThrow(() -> bad(file, "unknown capability '" + name + "'")));
    }
    List<AuditRule> ignored = new ArrayList<>();
    for (String code : strings(root, "ignore", List.of())) {
      ignored.add(AuditRule.find(code).orElseThrow(() -> bad(file, "unknown rule '" + code + "'")));
    }
    List<String> required = strings(root, "require", List.of());
    for (String word : required) {
      if (!REQUIREMENTS.contains(word)) {
        throw bad(file, "'" + word + "' is none of " + String.join(", ", REQUIREMENTS));
      }
    }
    return new Policy(
        file,
        allowed,
        strings(root, "namespaces", NONE.namespaces()),
        strings(root, "paths", NONE.paths()),
        strings(root, "devices", NONE.devices()),
        required,
        ignored);
  }

  private static List<String> strings(JsonNode root, String key, List<String> otherwise) {
    if (!root.has(key)) {
      return otherwise;
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode element : root.get(key)) {
      strings.add(element.asText());
    }
    return strings;
  }

  private static OcicapException bad(String file, String message) {
    return OcicapException.input(Place.file(file), message, null);
  }
}
