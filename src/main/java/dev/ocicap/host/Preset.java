package dev.ocicap.host;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.docker.DockerPreset;
import dev.ocicap.docker.PodmanPreset;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.seccomp.SeccompEdits;
import dev.ocicap.seccomp.SeccompProfile;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The documents that `generate --from` knows by name.
public enum Preset {
  /// What `runc spec` writes.
  RUNC("runc"),
  /// What Docker Engine writes: its 14 capabilities and its filter of system calls.
  DOCKER("docker"),
  /// What Podman writes, its 11 capabilities; with Docker's filter of system calls, since its own
  /// opens more (mount, unshare, keyctl).
  PODMAN("podman"),
  /// What the Kubernetes Pod Security Standard "restricted" demands: no capability, a user that is
  /// not root, no new privileges, the default filter of system calls.
  KUBERNETES_RESTRICTED("kubernetes-restricted"),
  /// The document of `runc spec` without any capability.
  NONE("none");

  private final String word;

  Preset(String word) {
    this.word = word;
  }

  /// The preset of a word.
  public static Optional<Preset> find(String word) {
    for (Preset preset : values()) {
      if (preset.word.equals(word)) {
        return Optional.of(preset);
      }
    }
    return Optional.empty();
  }

  /// The words of all.
  public static List<String> words() {
    List<String> words = new ArrayList<>();
    for (Preset preset : values()) {
      words.add(preset.word);
    }
    return words;
  }

  /// The document, for this host.
  public RuntimeConfig config() {
    return switch (this) {
      case RUNC -> DefaultConfig.runc(Host.isCgroupUnified());
      case DOCKER -> filtered(docker(CapabilitySet.DOCKER_DEFAULT));
      case PODMAN -> filtered(PodmanPreset.config(Host.isCgroupUnified()));
      case KUBERNETES_RESTRICTED ->
          filtered(
              docker(CapabilitySet.NONE)
                  .edit(
                      ProcessEdits.user(new User(1000, 1000, List.of()))
                          .then(ProcessEdits.noNewPrivileges(true))));
      case NONE ->
          DefaultConfig.runc(Host.isCgroupUnified())
              .edit(CapabilityEdits.replace(ProcessCapabilities.NONE));
    };
  }

  private static RuntimeConfig docker(CapabilitySet capabilities) {
    return DockerPreset.config(
        capabilities, Host.isCgroupUnified(), Host.hasApparmorProfile("docker-default"));
  }

  /// The document with Docker's filter of system calls, resolved for its capabilities.
  private static RuntimeConfig filtered(RuntimeConfig config) {
    return config.edit(
        SeccompEdits.replace(SeccompProfile.dockerDefault(), Host.architecture(), Host.kernel()));
  }
}
