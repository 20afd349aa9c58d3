package dev.ocicap.cap;

import static dev.ocicap.cap.Capability.CAP_AUDIT_WRITE;
import static dev.ocicap.cap.Capability.CAP_CHOWN;
import static dev.ocicap.cap.Capability.CAP_DAC_OVERRIDE;
import static dev.ocicap.cap.Capability.CAP_FOWNER;
import static dev.ocicap.cap.Capability.CAP_FSETID;
import static dev.ocicap.cap.Capability.CAP_KILL;
import static dev.ocicap.cap.Capability.CAP_MKNOD;
import static dev.ocicap.cap.Capability.CAP_NET_BIND_SERVICE;
import static dev.ocicap.cap.Capability.CAP_NET_RAW;
import static dev.ocicap.cap.Capability.CAP_SETFCAP;
import static dev.ocicap.cap.Capability.CAP_SETGID;
import static dev.ocicap.cap.Capability.CAP_SETPCAP;
import static dev.ocicap.cap.Capability.CAP_SETUID;
import static dev.ocicap.cap.Capability.CAP_SYS_CHROOT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An immutable set of capabilities: bit n is the capability with the kernel's number n. Bits above
/// the last known capability are kept, so that a newer kernel's mask survives.
///
/// @param mask the bits, as in the `Cap…` lines of `/proc/PID/status`
public record CapabilitySet(long mask) {
  /// No capability.
  public static final CapabilitySet NONE = new CapabilitySet(0);

  /// Every capability that ocicap knows.
  public static final CapabilitySet ALL = new CapabilitySet((1L << Capability.all().size()) - 1);

  /// What `runc spec` grants.
  public static final CapabilitySet RUNC_DEFAULT =
      of(CAP_AUDIT_WRITE, CAP_KILL, CAP_NET_BIND_SERVICE);

  /// What Docker Engine grants to a container that asks for nothing.
  public static final CapabilitySet DOCKER_DEFAULT =
      of(
          CAP_CHOWN,
          CAP_DAC_OVERRIDE,
          CAP_FSETID,
          CAP_FOWNER,
          CAP_MKNOD,
          CAP_NET_RAW,
          CAP_SETGID,
          CAP_SETUID,
          CAP_SETFCAP,
          CAP_SETPCAP,
          CAP_NET_BIND_SERVICE,
          CAP_SYS_CHROOT,
          CAP_KILL,
          CAP_AUDIT_WRITE);

  /// What podman grants to a container that asks for nothing.
  public static final CapabilitySet PODMAN_DEFAULT =
      DOCKER_DEFAULT.minus(of(CAP_MKNOD, CAP_NET_RAW, CAP_AUDIT_WRITE));

  /// The set of these capabilities.
  public static CapabilitySet of(Capability... capabilities) {
    return of(List.of(capabilities));
  }

  /// The set of these capabilities.
  public static CapabilitySet of(Iterable<Capability> capabilities) {
    long mask = 0;
    for (Capability capability : capabilities) {
      mask |= bit(capability);
    }
    return new CapabilitySet(mask);
  }

  /// The set that a mask of `/proc/PID/status` stands for: 1 … 16 hexadecimal digits.
  ///
  /// @throws NumberFormatException for any other text
  public static CapabilitySet parseHex(String hex) {
    return new CapabilitySet(Long.parseUnsignedLong(hex, 16));
  }

  /// 16 lower-case hexadecimal digits, as in `/proc/PID/status`.
  public String hex() {
    String digits = Long.toHexString(mask);
    return "0".repeat(16 - digits.length()) + digits;
  }

  /// Whether the capability is a member.
  public boolean contains(Capability capability) {
    return (mask & bit(capability)) != 0;
  }

  /// Whether every member of the other set is a member of this one.
  public boolean containsAll(CapabilitySet other) {
    return (other.mask & ~mask) == 0;
  }

  /// Whether there is no member.
  public boolean isEmpty() {
    return mask == 0;
  }

  /// How many members there are.
  public int size() {
    return Long.bitCount(mask);
  }

  /// This set with one more member.
  public CapabilitySet plus(Capability capability) {
    return new CapabilitySet(mask | bit(capability));
  }

  /// The union.
  public CapabilitySet plus(CapabilitySet other) {
    return new CapabilitySet(mask | other.mask);
  }

  /// The members that the other set lacks.
  public CapabilitySet minus(CapabilitySet other) {
    return new CapabilitySet(mask & ~other.mask);
  }

  /// The members that both have.
  public CapabilitySet intersect(CapabilitySet other) {
    return new CapabilitySet(mask & other.mask);
  }

  /// The known members in the order of the kernel's numbers.
  public List<Capability> members() {
    List<Capability> members = new ArrayList<>(size());
    for (Capability capability : Capability.all()) {
      if (contains(capability)) {
        members.add(capability);
      }
    }
    return List.copyOf(members);
  }

  /// The short names of the members, as `kill, net_raw`; `none` for the empty set.
  @Override
  public String toString() {
    if (isEmpty()) {
      return "none";
    }
    StringBuilder names = new StringBuilder();
    for (Capability capability : members()) {
      names.append(names.isEmpty() ? "" : ", ").append(capability.shortName());
    }
    return names.toString();
  }

  private static long bit(Capability capability) {
    return 1L << capability.number();
  }

  // A record's own equals is linked anew in every JVM, which takes as long as ten pages of text.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CapabilitySet set && set.mask == mask;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(mask);
  }
}
