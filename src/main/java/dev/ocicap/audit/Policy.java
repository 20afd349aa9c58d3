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
/// @param clauses where the policy's source says so, by what is looked at: `seccomp`, `5.21`
public record Policy(
    String name,
    CapabilitySet capabilities,
    List<String> namespaces,
    List<String> paths,
    List<String> devices,
    List<String> require,
    List<AuditRule> ignore,
    Map<String, String> clauses) {
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

  /// The recommendations of the CIS Docker Benchmark 1.6.0 that a configuration can show. What it
  /// cannot show is left out: sshd inside (5.6), published ports (5.7, 5.8, 5.13), CPU shares
  /// (5.11), restarts (5.14), ulimits (5.18), `docker exec` (5.22, 5.23), health checks (5.26), and
  /// which image and network it is (5.27, 5.29). That a container shares the host's user namespace
  /// (5.30) is what every container of an engine without userns-remap does, so it is not held
  /// against one.
  private static final Map<String, String> CIS =
      Map.ofEntries(
          Map.entry("non-root", "4.1"),
          Map.entry("confined", "5.1 and 5.2"),
          Map.entry("capabilities", "5.3"),
          Map.entry("privileged", "5.4"),
          Map.entry("paths", "5.5"),
          Map.entry("network", "5.9"),
          Map.entry("limits", "5.10 and 5.28"),
          Map.entry("read-only-root", "5.12"),
          Map.entry("pid", "5.15"),
          Map.entry("ipc", "5.16"),
          Map.entry("devices", "5.17"),
          Map.entry("propagation", "5.19"),
          Map.entry("uts", "5.20"),
          Map.entry("seccomp", "5.21"),
          Map.entry("no-new-privileges", "5.25"),
          Map.entry("sockets", "5.31"));

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
    clauses = Map.copyOf(clauses);
  }

  /// Nothing must hold.
  public static final Policy NONE =
      new Policy(
          "none",
          CapabilitySet.ALL,
          Subject.NAMESPACES,
          List.of("**"),
          List.of("*"),
          List.of(),
          List.of(),
          Map.of());

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
                  List.of(),
                  Map.of()));
      case "restricted" ->
          Optional.of(
              new Policy(
                  name,
                  CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE),
                  List.of("uts"),
                  List.of(),
                  List.of("*"),
                  List.of("seccomp", "no-new-privileges", "non-root", "masked-paths"),
                  List.of(),
                  Map.of()));
      case "cis-docker" ->
          Optional.of(
              new Policy(
                  name,
                  CapabilitySet.DOCKER_DEFAULT.minus(CapabilitySet.of(Capability.CAP_NET_RAW)),
                  List.of(),
                  List.of("*"),
                  List.of(),
                  REQUIREMENTS.subList(0, 6),
                  List.of(),
                  CIS));
      case "article" ->
          Optional.of(
              new Policy(
                  name,
                  needed(),
                  Subject.NAMESPACES,
                  List.of("**"),
                  List.of("*"),
                  List.of(),
                  List.of(),
                  Map.of()));
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
      deny(
          found,
          "capabilities",
          "the capability " + capability.shortName(),
          "--cap-drop " + capability.shortName(),
          "/process/capabilities/bounding");
    }
    for (String namespace : Subject.NAMESPACES) {
      if (subject.hostNamespaces().contains(namespace) && !namespaces.contains(namespace)) {
        deny(
            found,
            namespace,
            "the host's " + namespace + " namespace",
            "do without --" + namespace + " host",
            "/linux/namespaces");
      }
    }
    for (Subject.Bind bind : subject.binds()) {
      path(found, bind);
    }
    for (String device : subject.devices()) {
      if (!devices.contains("*") && !devices.contains(device)) {
        deny(
            found,
            "devices",
            device.equals("*") ? "every device" : "the device '" + device + "'",
            "do without --device",
            "/linux/devices");
      }
    }
    if (Audit.isPrivileged(subject) && !this.name.equals(NONE.name)) {
      deny(
          found,
          "privileged",
          "a privileged container",
          "do without --privileged",
          "/process/capabilities");
    }
    if (name.equals("baseline") || name.equals("restricted")) {
      for (String sysctl : subject.sysctls()) {
        if (!SAFE_SYSCTLS.contains(sysctl)) {
          deny(
              found,
              "sysctls",
              "the sysctl " + sysctl,
              "do without --sysctl " + sysctl,
              "/linux/sysctl");
        }
      }
    }
    requirements(found, subject);
    return found;
  }

  private void path(List<AuditFinding> found, Subject.Bind bind) {
    if (!allowsPath(bind.source())) {
      String what = Audit.isSensitive(bind.source()) ? "paths" : "sockets";
      deny(found, what, "the host's '" + bind.source() + "'", "do without the mount", "/mounts");
    }
    if (bind.shared() && clauses.containsKey("propagation")) {
      deny(
          found,
          "propagation",
          "shared propagation of '" + bind.source() + "'",
          "mount it without :shared",
          "/mounts");
    }
  }

  private void requirements(List<AuditFinding> found, Subject subject) {
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
  }

  private boolean allowsPath(String written) {
    String source = Audit.normalized(written);
    if (paths.contains("**") || !source.startsWith("/")) {
      return true;
    }
    for (String path : paths) {
      if (source.equals(path) || source.startsWith(path.endsWith("/") ? path : path + "/")) {
        return true;
      }
    }
    return paths.contains("*") && !Audit.isRisky(source);
  }

  private void require(
      List<AuditFinding> found, String what, boolean holds, String remedy, String pointer) {
    if (require.contains(what) && !holds) {
      violation(found, title(what) + " requires " + what, remedy, pointer);
    }
  }

  private void deny(
      List<AuditFinding> found, String key, String what, String remedy, String pointer) {
    violation(found, title(key) + " does not allow " + what, remedy, pointer);
  }

  private String title(String key) {
    String clause = clauses.getOrDefault(key, "");
    return "policy " + name + (clause.isEmpty() ? "" : " " + clause);
  }

  private static void violation(
      List<AuditFinding> found, String message, String remedy, String pointer) {
    found.add(new AuditFinding(AuditRule.POLICY, 0, message, remedy, pointer));
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
    for (String name : strings(file, root, "capabilities", List.of())) {
      allowed =
          allowed.plus(
              Capability.find(name)
                  .orElseThrow(() -> bad(file, "unknown capability '" + name + "'")));
    }
    List<AuditRule> ignored = new ArrayList<>();
    for (String code : strings(file, root, "ignore", List.of())) {
      ignored.add(AuditRule.find(code).orElseThrow(() -> bad(file, "unknown rule '" + code + "'")));
    }
    List<String> required = strings(file, root, "require", List.of());
    for (String word : required) {
      if (!REQUIREMENTS.contains(word)) {
        throw bad(file, "'" + word + "' is none of " + String.join(", ", REQUIREMENTS));
      }
    }
    List<String> namespaces = strings(file, root, "namespaces", NONE.namespaces());
    for (String word : namespaces) {
      if (!Subject.NAMESPACES.contains(word)) {
        throw bad(file, "'" + word + "' is none of " + String.join(", ", Subject.NAMESPACES));
      }
    }
    return new Policy(
        file,
        allowed,
        namespaces,
        strings(file, root, "paths", NONE.paths()),
        strings(file, root, "devices", NONE.devices()),
        required,
        ignored,
        Map.of());
  }

  private static List<String> strings(
      String file, JsonNode root, String key, List<String> otherwise) {
    if (!root.has(key)) {
      return otherwise;
    }
    if (!root.get(key).isArray()) {
      throw bad(file, "'" + key + "' is not a list");
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode element : root.get(key)) {
      if (!element.isTextual()) {
        throw bad(file, "'" + key + "' has something in it that is not a word");
      }
      strings.add(element.textValue());
    }
    return strings;
  }

  private static OcicapException bad(String file, String message) {
    return OcicapException.input(Place.file(file), message, null);
  }
}
