package dev.ocicap;

import dev.ocicap.spec.RuntimeConfig;

/// The documents that [Config#generate] starts from.
public enum Preset {
  /// What `runc spec` writes: three capabilities, no new privileges.
  RUNC,
  /// What Docker Engine writes: its 14 capabilities and its filter of system calls.
  DOCKER,
  /// What Podman writes: its 11 capabilities, with Docker's filter of system calls.
  PODMAN,
  /// What the Kubernetes Pod Security Standard "restricted" demands: no capability, a user that is
  /// not root, no new privileges, a filter of system calls.
  KUBERNETES_RESTRICTED,
  /// The document of `runc spec` without any capability.
  NONE;

  RuntimeConfig config() {
    return dev.ocicap.host.Preset.valueOf(name()).config();
  }
}
