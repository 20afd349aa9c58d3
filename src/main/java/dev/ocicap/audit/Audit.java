package dev.ocicap.audit;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The grade of one subject.
///
/// @param subject what was graded
/// @param findings what was found, the gravest first
public record Audit(Subject subject, List<AuditFinding> findings) {
  private static final double WORST = 10;
  private static final int NEARLY_ALL = 35;

  private static final List<String> SOCKETS =
      List.of(
          "docker.sock",
          "containerd.sock",
          "podman.sock",
          "crio.sock",
          "cri-dockerd.sock",
          "buildkitd.sock");

  /// Directories in which whoever writes, or sometimes reads, is root; and what lies below them
  /// where the whole tree is meant.
  private static final Set<String> EXACT =
      Set.of("/", "/home", "/var", "/var/lib", "/run", "/var/run", "/usr", "/var/log");

  private static final List<String> TREES =
      List.of(
          "/etc",
          "/root",
          "/boot",
          "/proc",
          "/sys",
          "/dev",
          "/lib/modules",
          "/var/lib/docker",
          "/var/lib/containerd",
          "/var/lib/containers",
          "/var/lib/kubelet",
          "/run/docker",
          "/run/containerd",
          "/usr/bin",
          "/usr/sbin",
          "/usr/lib",
          "/bin",
          "/sbin");

  /// Files of the host that engines give to every container.
  private static final Set<String> HARMLESS =
      Set.of("/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/etc/localtime", "/etc/timezone");

  /// Nodes that every container has.
  private static final Set<String> USUAL_DEVICES =
      Set.of(
          "/dev/null",
          "/dev/zero",
          "/dev/full",
          "/dev/random",
          "/dev/urandom",
          "/dev/tty",
          "/dev/console",
          "/dev/ptmx");

  /// Copies the list.
  public Audit {
    findings = List.copyOf(findings);
  }

  /// Grades a subject.
  ///
  /// @param policy what must hold besides
  public static Audit of(Subject subject, Policy policy) {
    List<AuditFinding> found = new ArrayList<>();
    privileged(subject, found);
    binds(subject, found);
    capabilities(subject, found);
    devices(subject, found);
    namespaces(subject, found);
    process(subject, found);
    found.removeIf(finding -> policy.ignores(finding.rule()));
    found.addAll(policy.violations(subject));
    found.sort((a, b) -> a.rule().compareTo(b.rule()));
    return new Audit(subject, found);
  }

  /// 0.0 … 10.0: the sum of the weights, with one decimal.
  public double score() {
    double sum = 0;
    for (AuditFinding finding : findings) {
      sum += finding.weight();
    }
    return Math.round(Math.min(WORST, sum) * 10) / 10.0;
  }

  /// The word of systemd-analyze security(1) for the score.
  public String word() {
    double score = score();
    if (score >= 10) {
      return "DANGEROUS";
    }
    if (score >= 9) {
      return "UNSAFE";
    }
    if (score >= 7.5) {
      return "EXPOSED";
    }
    if (score >= 5) {
      return "MEDIUM";
    }
    return score >= 1 ? "OK" : score > 0 ? "SAFE" : "PERFECT";
  }

  /// Whether a policy is violated.
  public boolean violatesPolicy() {
    for (AuditFinding finding : findings) {
      if (finding.rule() == AuditRule.POLICY) {
        return true;
      }
    }
    return false;
  }

  private static void add(
      List<AuditFinding> found, AuditRule rule, String message, String remedy, String pointer) {
    found.add(new AuditFinding(rule, rule.weight(), message, remedy, pointer));
  }

  /// Whether there is nothing left between it and the host but namespaces.
  static boolean isPrivileged(Subject subject) {
    return subject.capabilities().size() >= NEARLY_ALL
        && !subject.seccomp()
        && !subject.userNamespace()
        && (!subject.masked() || subject.devices().contains("*"));
  }

  private static void privileged(Subject subject, List<AuditFinding> found) {
    if (isPrivileged(subject)) {
      add(
          found,
          AuditRule.PRIVILEGED,
          subject.capabilities().size()
              + " capabilities, no seccomp filter, and "
              + (subject.masked() ? "every device" : "nothing masked")
              + ": as docker run --privileged",
          "drop all, and add what it needs: ocicap edit --drop all --add NAME",
          "/process/capabilities");
    }
  }

  private static void capabilities(Subject subject, List<AuditFinding> found) {
    if (subject.capabilitiesAbsent()) {
      add(
          found,
          AuditRule.CAPABILITIES_ABSENT,
          "process.capabilities is absent: runc 1.3 and later leave root every capability",
          "ocicap edit --drop all",
          "/process");
    }
    CapabilitySet inForce = subject.inForce();
    for (Capability capability : subject.capabilities().members()) {
      CapabilityFacts facts = CapabilityFacts.of(capability);
      AuditRule rule =
          switch (facts.risk()) {
            case ROOT -> AuditRule.CAPABILITY_ROOT;
            case HIGH -> AuditRule.CAPABILITY_HIGH;
            case MEDIUM -> AuditRule.CAPABILITY_MEDIUM;
            case LOW -> AuditRule.CAPABILITY_LOW;
          };
      boolean has = inForce.contains(capability);
      // What only a privileged program could win, or what ends at a user namespace, is half as bad.
      double weight = rule.weight() * (has ? 1 : 0.5) * (subject.userNamespace() ? 0.3 : 1);
      found.add(
          new AuditFinding(
              rule,
              weight,
              capability.shortName()
                  + (has ? ": " : " (to be won through a set-id program): ")
                  + facts.because(),
              "--cap-drop " + capability.shortName(),
              "/process/capabilities/bounding"));
    }
  }

  private static void binds(Subject subject, List<AuditFinding> found) {
    for (Subject.Bind bind : subject.binds()) {
      String source = normalized(bind.source());
      if (isSocket(source) || isSocket(bind.destination())) {
        add(
            found,
            AuditRule.RUNTIME_SOCKET,
            "'"
                + source
                + "': whoever talks to it starts a container of any kind, read-only or not",
            "do without the mount at '"
                + bind.destination()
                + "', or put a filtering proxy between",
            "/mounts");
      } else if (isSensitive(source)) {
        add(
            found,
            AuditRule.SENSITIVE_PATH,
            "'"
                + source
                + "' of the host, "
                + (bind.writable() ? "writable" : "read-only")
                + ", at '"
                + bind.destination()
                + "'",
            bind.writable()
                ? "mount it read-only, or only the part that is needed"
                : "mount only" + " the part that is needed",
            "/mounts");
      }
    }
  }

  /// Whether a path of the host decides over the host.
  static boolean isRisky(String path) {
    String normal = normalized(path);
    return isSocket(normal) || isSensitive(normal);
  }

  private static boolean isSocket(String path) {
    for (String socket : SOCKETS) {
      if (path.endsWith("/" + socket)) {
        return true;
      }
    }
    return false;
  }

  static boolean isSensitive(String path) {
    if (EXACT.contains(path)) {
      return true;
    }
    if (HARMLESS.contains(path)) {
      return false;
    }
    for (String tree : TREES) {
      if (path.equals(tree) || path.startsWith(tree + "/")) {
        return !path.startsWith("/var/lib/docker/volumes/")
            && !path.startsWith("/var/lib/docker/containers/");
      }
    }
    return false;
  }

  /// The path without `.`, `..` and double slashes.
  static String normalized(String path) {
    if (!path.startsWith("/")) {
      return path;
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  private static void devices(Subject subject, List<AuditFinding> found) {
    for (String device : subject.devices()) {
      if (device.equals("*")) {
        add(
            found,
            AuditRule.HOST_DEVICE,
            "every device of the host may be opened",
            "allow only the devices that are needed: --device PATH",
            "/linux/resources/devices");
      } else if (!USUAL_DEVICES.contains(device)) {
        add(
            found,
            AuditRule.HOST_DEVICE,
            "the device '" + device + "'",
            "do without --device " + device,
            "/linux/devices");
      }
    }
  }

  private static void namespaces(Subject subject, List<AuditFinding> found) {
    for (String namespace : Subject.NAMESPACES) {
      if (subject.hostNamespaces().contains(namespace)) {
        String reason =
            switch (namespace) {
              case "pid" -> "it sees, and with the right capability traces, the host's processes";
              case "network" -> "it reaches the host's loopback and abstract sockets";
              case "ipc" -> "it reaches the host's shared memory";
              case "mount" -> "it sees every file of the host, and mounts for all";
              default -> "it can read, and with SYS_ADMIN set, the host's name";
            };
        found.add(
            new AuditFinding(
                AuditRule.HOST_NAMESPACE,
                namespace.equals("uts") ? 0.2 : AuditRule.HOST_NAMESPACE.weight(),
                "the " + namespace + " namespace is the host's: " + reason,
                namespace.equals("mount")
                    ? "start it in a container"
                    : "do without --" + namespace + " host",
                "/linux/namespaces"));
      }
    }
  }

  private static void process(Subject subject, List<AuditFinding> found) {
    if (!subject.seccomp()) {
      add(
          found,
          AuditRule.SECCOMP_MISSING,
          "every system call may be made",
          "ocicap edit --seccomp docker",
          "/linux");
    }
    if (!subject.masked()) {
      add(
          found,
          AuditRule.MASKED_PATHS,
          "/proc/kcore, /sys/firmware and the like can be read",
          "do without --security-opt systempaths=unconfined",
          "/linux/maskedPaths");
    }
    if (subject.root()) {
      found.add(
          new AuditFinding(
              AuditRule.ROOT_USER,
              subject.userNamespace() ? 0.1 : AuditRule.ROOT_USER.weight(),
              subject.userNamespace()
                  ? "the process is root of its user namespace"
                  : "the process is the host's root, but for what was taken away",
              "--user 1000:1000",
              "/process/user"));
    }
    if (!subject.noNewPrivileges()) {
      add(
          found,
          AuditRule.NEW_PRIVILEGES,
          "set-id programs and file capabilities win back what the bounding set allows",
          "--security-opt no-new-privileges",
          "/process/noNewPrivileges");
    }
    if (!subject.confined()) {
      add(
          found,
          AuditRule.UNCONFINED,
          "neither AppArmor nor SELinux confines it",
          "--security-opt apparmor=docker-default",
          "/process/apparmorProfile");
    }
    if (!subject.readonlyRoot()) {
      add(
          found,
          AuditRule.WRITABLE_ROOT,
          "an intruder can leave programs behind",
          "--read-only",
          "/root/readonly");
    }
    if (!subject.memoryLimit() || !subject.pidsLimit()) {
      add(
          found,
          AuditRule.NO_LIMITS,
          "it can use up the host's "
              + (subject.memoryLimit()
                  ? "processes"
                  : subject.pidsLimit() ? "memory" : "memory and processes"),
          "--memory 512m --pids-limit 100",
          "/linux/resources");
    }
  }
}
