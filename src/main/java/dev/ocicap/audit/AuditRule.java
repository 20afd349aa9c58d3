package dev.ocicap.audit;

import java.util.Locale;
import java.util.Optional;

/// The rules of an audit: what a policy forbids, then the heaviest first. The weights are those of
/// one finding; the score is their sum, at most 10.
public enum AuditRule {
  /// Something that a policy does not allow.
  POLICY(Severity.HIGH, 0, "a policy does not allow it"),
  /// `docker run --privileged` in other words.
  PRIVILEGED(Severity.CRITICAL, 4, "the container is as good as privileged"),
  /// The socket of an engine.
  RUNTIME_SOCKET(Severity.CRITICAL, 4, "the socket of a container engine is in the container"),
  /// A capability that amounts to root.
  CAPABILITY_ROOT(Severity.CRITICAL, 2.5, "a capability that amounts to root on the host"),
  /// No word about capabilities.
  CAPABILITIES_ABSENT(Severity.HIGH, 2, "process.capabilities is absent"),
  /// A path of the host that decides over the host.
  SENSITIVE_PATH(Severity.HIGH, 2, "a sensitive path of the host is in the container"),
  /// A device of the host.
  HOST_DEVICE(Severity.HIGH, 1.5, "a device of the host is in the container"),
  /// A namespace of the host.
  HOST_NAMESPACE(Severity.HIGH, 1.5, "a namespace is the host's"),
  /// No filter of system calls.
  SECCOMP_MISSING(Severity.HIGH, 1.2, "there is no seccomp filter"),
  /// A capability that becomes root with little help.
  CAPABILITY_HIGH(Severity.HIGH, 1, "a capability that becomes root with little help"),
  /// Paths of /proc and /sys that tell or change the host.
  MASKED_PATHS(Severity.MEDIUM, 1, "sensitive paths of /proc and /sys are not masked"),
  /// Root.
  ROOT_USER(Severity.MEDIUM, 0.8, "the process is root"),
  /// execve may grant privileges.
  NEW_PRIVILEGES(Severity.MEDIUM, 0.6, "programs may gain privileges"),
  /// A capability that harms others.
  CAPABILITY_MEDIUM(Severity.MEDIUM, 0.2, "a capability that harms others"),
  /// Neither AppArmor nor SELinux.
  UNCONFINED(Severity.LOW, 0.3, "neither AppArmor nor SELinux confines it"),
  /// A root file system that can be changed.
  WRITABLE_ROOT(Severity.LOW, 0.2, "the root file system is writable"),
  /// A capability with little reach.
  CAPABILITY_LOW(Severity.LOW, 0.05, "a capability with little reach"),
  /// No limit of memory or processes.
  NO_LIMITS(Severity.LOW, 0.1, "memory or processes are not limited");

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

  AuditRule(Severity severity, double weight, String summary) {
    this.severity = severity;
    this.weight = weight;
    this.summary = summary;
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
