package dev.ocicap.audit;

import java.util.Locale;
import java.util.Optional;

/// The rules of an audit: what a policy forbids, then the heaviest first. The weights are those of
/// one finding; the score is their sum, at most 10.
///
/// The weights follow from what a finding is worth to somebody who took over the process, on the
/// scale of systemd-analyze security(1), whose words begin at 1 (OK), 5 (MEDIUM), 7.5 (EXPOSED) and
/// 9 (UNSAFE):
///
/// - 2 and more: with it alone the host is taken, by documented means. Two of them make MEDIUM;
///   `--privileged`, which brings its capabilities along, ends at 10 in any case.
/// - 1 to 1.5: one more thing has to be open, a bug of the kernel or a process to attach to.
/// - below 1: a line of defence behind another one. All of them together stay below MEDIUM.
///
/// So a container with Docker's defaults stands between OK and MEDIUM, as a service of systemd does
/// that drops what it does not need and no more.
public enum AuditRule {
  /// Something that a policy does not allow.
  POLICY(
      Severity.HIGH,
      0,
      "a policy does not allow it",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/"),
  /// `docker run --privileged` in other words.
  PRIVILEGED(
      Severity.CRITICAL,
      4,
      "the container is as good as privileged",
      "https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities"),
  /// The socket of an engine.
  RUNTIME_SOCKET(
      Severity.CRITICAL,
      4,
      "the socket of a container engine is in the container",
      "https://docs.docker.com/engine/security/#docker-daemon-attack-surface"),
  /// A capability that amounts to root.
  CAPABILITY_ROOT(
      Severity.CRITICAL,
      2.5,
      "a capability that amounts to root on the host",
      "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
  /// No word about capabilities.
  CAPABILITIES_ABSENT(
      Severity.HIGH,
      2,
      "process.capabilities is absent",
      "https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process"),
  /// A path of the host that decides over the host.
  SENSITIVE_PATH(
      Severity.HIGH,
      2,
      "a sensitive path of the host is in the container",
      "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"),
  /// A device of the host.
  HOST_DEVICE(
      Severity.HIGH,
      1.5,
      "a device of the host is in the container",
      "https://docs.kernel.org/admin-guide/cgroup-v1/devices.html"),
  /// A namespace of the host.
  HOST_NAMESPACE(
      Severity.HIGH,
      1.5,
      "a namespace is the host's",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline"),
  /// No filter of system calls.
  SECCOMP_MISSING(
      Severity.HIGH,
      1.2,
      "there is no seccomp filter",
      "https://docs.docker.com/engine/security/seccomp/"),
  /// A capability that becomes root with little help.
  CAPABILITY_HIGH(
      Severity.HIGH,
      1,
      "a capability that becomes root with little help",
      "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
  /// Paths of /proc and /sys that tell or change the host.
  MASKED_PATHS(
      Severity.MEDIUM,
      1,
      "sensitive paths of /proc and /sys are not masked",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline"),
  /// Root.
  ROOT_USER(
      Severity.MEDIUM,
      0.8,
      "the process is root",
      "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"),
  /// execve may grant privileges.
  NEW_PRIVILEGES(
      Severity.MEDIUM,
      0.6,
      "programs may gain privileges",
      "https://docs.kernel.org/userspace-api/no_new_privs.html"),
  /// A capability that harms others.
  CAPABILITY_MEDIUM(
      Severity.MEDIUM,
      0.2,
      "a capability that harms others",
      "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
  /// Neither AppArmor nor SELinux.
  UNCONFINED(
      Severity.LOW,
      0.3,
      "neither AppArmor nor SELinux confines it",
      "https://docs.docker.com/engine/security/apparmor/"),
  /// A root file system that can be changed.
  WRITABLE_ROOT(
      Severity.LOW,
      0.2,
      "the root file system is writable",
      "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"),
  /// A capability with little reach.
  CAPABILITY_LOW(
      Severity.LOW,
      0.05,
      "a capability with little reach",
      "https://man7.org/linux/man-pages/man7/capabilities.7.html"),
  /// No limit of memory or processes.
  NO_LIMITS(
      Severity.LOW,
      0.1,
      "memory or processes are not limited",
      "https://docs.docker.com/engine/containers/resource_constraints/");

  /// How grave a finding is.
  public enum Severity {
    /// Root on the host.
    CRITICAL,
    /// Root with little help.
    HIGH,
    /// Harm to others.
    MEDIUM,
    /// A second line of defence is missing.
    LOW;

    /// The word in reports.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Severity severity;
  private final double weight;
  private final String summary;
  private final String reference;

  AuditRule(Severity severity, double weight, String summary, String reference) {
    this.severity = severity;
    this.weight = weight;
    this.summary = summary;
    this.reference = reference;
  }

  /// The name in reports and policies: `runtime-socket`.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// How grave it is.
  public Severity severity() {
    return severity;
  }

  /// What one finding adds to the score.
  public double weight() {
    return weight;
  }

  /// One sentence.
  public String summary() {
    return summary;
  }

  /// The address of a public page that says why it matters.
  public String reference() {
    return reference;
  }

  /// The rule of a name.
  public static Optional<AuditRule> find(String code) {
    for (AuditRule rule : values()) {
      if (rule.code().equals(code)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }
}
