package dev.ocicap.seccomp;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a rule's `includes` or `excludes` asks for. A part that asks for nothing is empty or null.
///
/// @param capabilities names of capabilities, `CAP_SYS_ADMIN`; one that does not exist is in no set
/// @param architectures names of architectures, see [Architecture#condition]
/// @param minKernel the oldest kernel
record Condition(
    List<String> capabilities, List<String> architectures, @Nullable KernelVersion minKernel) {
  static final Condition NONE = new Condition(List.of(), List.of(), null);

  Condition {
    capabilities = List.copyOf(capabilities);
    architectures = List.copyOf(architectures);
  }

  /// Whether a rule that includes this applies: the set has every capability, the architecture is
  /// one of those named, and the kernel is new enough.
  boolean includes(CapabilitySet bounding, Architecture architecture, KernelVersion kernel) {
    for (String name : capabilities) {
      if (!has(bounding, name)) {
        return false;
      }
    }
    return (architectures.isEmpty() || architectures.contains(architecture.condition()))
        && (minKernel == null || kernel.isAtLeast(minKernel));
  }

  /// Whether a rule that excludes this is left out: the set has any of the capabilities, or the
  /// architecture is one of those named, or the kernel is new enough.
  boolean excludes(CapabilitySet bounding, Architecture architecture, KernelVersion kernel) {
    for (String name : capabilities) {
      if (has(bounding, name)) {
        return true;
      }
    }
    return architectures.contains(architecture.condition())
        || (minKernel != null && kernel.isAtLeast(minKernel));
  }

  private static boolean has(CapabilitySet set, String name) {
    Optional<Capability> capability = Capability.spelt(name);
    return capability.isPresent() && set.contains(capability.get());
  }
}
