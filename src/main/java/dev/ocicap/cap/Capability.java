package dev.ocicap.cap;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The capabilities of the Linux kernel (capabilities(7)). A constant's name is the string of
/// config.json.
public enum Capability {
  CAP_CHOWN(0),
  CAP_DAC_OVERRIDE(1),
  CAP_DAC_READ_SEARCH(2),
  CAP_FOWNER(3),
  CAP_FSETID(4),
  CAP_KILL(5),
  CAP_SETGID(6),
  CAP_SETUID(7),
  CAP_SETPCAP(8),
  CAP_LINUX_IMMUTABLE(9),
  CAP_NET_BIND_SERVICE(10),
  CAP_NET_BROADCAST(11),
  CAP_NET_ADMIN(12),
  CAP_NET_RAW(13),
  CAP_IPC_LOCK(14),
  CAP_IPC_OWNER(15),
  CAP_SYS_MODULE(16),
  CAP_SYS_RAWIO(17),
  CAP_SYS_CHROOT(18),
  CAP_SYS_PTRACE(19),
  CAP_SYS_PACCT(20),
  CAP_SYS_ADMIN(21),
  CAP_SYS_BOOT(22),
  CAP_SYS_NICE(23),
  CAP_SYS_RESOURCE(24),
  CAP_SYS_TIME(25),
  CAP_SYS_TTY_CONFIG(26),
  CAP_MKNOD(27),
  CAP_LEASE(28),
  CAP_AUDIT_WRITE(29),
  CAP_AUDIT_CONTROL(30),
  CAP_SETFCAP(31),
  CAP_MAC_OVERRIDE(32),
  CAP_MAC_ADMIN(33),
  CAP_SYSLOG(34),
  CAP_WAKE_ALARM(35),
  CAP_BLOCK_SUSPEND(36),
  CAP_AUDIT_READ(37),
  CAP_PERFMON(38),
  CAP_BPF(39),
  CAP_CHECKPOINT_RESTORE(40);

  private static final List<Capability> ALL = List.of(values());

  private final int number;

  Capability(int number) {
    this.number = number;
  }

  /// Every capability in the order of the kernel's numbers.
  public static List<Capability> all() {
    return ALL;
  }

  /// The kernel's number, 0 … 40.
  public int number() {
    return number;
  }

  /// The name as people type it: `net_bind_service`.
  public String shortName() {
    return name().substring("CAP_".length()).toLowerCase(Locale.ROOT);
  }

  /// The capability of that name, in any case, with or without `CAP_`.
  public static Optional<Capability> find(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    return spelt(full);
  }

  /// The capability whose name is exactly this, as the specification spells it: `CAP_KILL`.
  public static Optional<Capability> spelt(String name) {
    for (Capability capability : ALL) {
      if (capability.name().equals(name)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }
}
