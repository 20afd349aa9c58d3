package dev.ocicap.cap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What well-known engines grant to a container that asks for nothing.
public enum Baseline {
  /// `runc spec`.
  RUNC(CapabilitySet.RUNC_DEFAULT),
  /// Docker Engine.
  DOCKER(CapabilitySet.DOCKER_DEFAULT),
  /// Podman: Docker's without MKNOD, NET_RAW and AUDIT_WRITE.
  PODMAN(
      CapabilitySet.DOCKER_DEFAULT.minus(
          CapabilitySet.of(
              Capability.CAP_MKNOD, Capability.CAP_NET_RAW, Capability.CAP_AUDIT_WRITE))),
  /// A pod without a securityContext on containerd, whose list is Docker's.
  KUBERNETES(CapabilitySet.DOCKER_DEFAULT);

  private final long granted;

  Baseline(CapabilitySet granted) {
    this.granted = granted.mask();
  }

  /// Bounding, effective and permitted set of a container's root.
  public CapabilitySet granted() {
    return new CapabilitySet(granted);
  }

  /// The word in options and tables: `docker`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The words of all.
  public static List<String> words() {
    List<String> words = new ArrayList<>();
    for (Baseline baseline : values()) {
      words.add(baseline.word());
    }
    return words;
  }

  /// The engine of a word.
  public static Optional<Baseline> find(String word) {
    for (Baseline baseline : values()) {
      if (baseline.word().equals(word)) {
        return Optional.of(baseline);
      }
    }
    return Optional.empty();
  }

  /// The engines that grant a capability to everybody.
  public static List<Baseline> granting(Capability capability) {
    List<Baseline> granting = new ArrayList<>();
    for (Baseline baseline : values()) {
      if (baseline.granted().contains(capability)) {
        granting.add(baseline);
      }
    }
    return granting;
  }
}
