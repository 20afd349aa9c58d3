package dev.ocicap.docker;

import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import java.util.List;

/// What Docker Engine 28 writes for a container that asks for nothing.
public final class DockerDefaults {
  static final String OCI_VERSION = "1.2.1";

  /// The size of `/dev/shm` in bytes.
  public static final long SHM_SIZE = 64L << 20;

  /// The mounts; the size of `/dev/shm` is added.
  public static final List<Mount> MOUNTS =
      List.of(
          new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
          new Mount(
              "/dev",
              "tmpfs",
              "tmpfs",
              List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
          new Mount(
              "/dev/pts",
              "devpts",
              "devpts",
              List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
          new Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
          new Mount(
              "/sys/fs/cgroup", "cgroup", "cgroup", List.of("ro", "nosuid", "noexec", "nodev")),
          new Mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
          new Mount("/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", "mode=1777")));

  /// The rules of the device cgroup; Docker writes them twice.
  public static final List<DeviceRule> DEVICE_RULES =
      List.of(
          DeviceRule.any(false),
          DeviceRule.character(true, 1, 5),
          DeviceRule.character(true, 1, 3),
          DeviceRule.character(true, 1, 9),
          DeviceRule.character(true, 1, 8),
          DeviceRule.character(true, 5, 0),
          DeviceRule.character(true, 5, 1),
          DeviceRule.character(false, 10, 229));

  /// The masked paths, without those of the processors.
  public static final List<String> MASKED_PATHS =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware");

  /// The read-only paths.
  public static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private DockerDefaults() {}
}
