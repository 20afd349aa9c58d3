package dev.ocicap.docker;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.DeviceEdits;
import dev.ocicap.edit.MountEdits;
import dev.ocicap.edit.NamespaceEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.Property;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What `podman run IMAGE sh` writes as root, read from the config.json that Podman 4.3.1 left
/// behind, with the settings of its containers.conf(5). Left out is what it makes for one container
/// or one host only: the id as host name, in `HOSTNAME` and as control group, the files bound to
/// `/etc` and `/run`, the annotations for its own use, and the resource limits, which are those of
/// the host's kernel.
public final class PodmanPreset {
  private static final List<String> PRIVATE = List.of("nosuid", "noexec", "nodev");

  /// `/dev/shm` is a tmpfs of this size that Podman mounts on the host and binds.
  private static final List<Mount> MOUNTS =
      List.of(
          new Mount("/proc", "proc", "proc", PRIVATE),
          new Mount(
              "/dev",
              "tmpfs",
              "tmpfs",
              List.of("nosuid", "noexec", "strictatime", "mode=755", "size=65536k")),
          new Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
          new Mount(
              "/dev/pts",
              "devpts",
              "devpts",
              List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
          new Mount("/dev/mqueue", "mqueue", "mqueue", PRIVATE),
          new Mount(
              "/dev/shm",
              "tmpfs",
              "shm",
              List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")),
          new Mount(
              "/sys/fs/cgroup",
              "cgroup",
              "cgroup",
              List.of("rprivate", "nosuid", "noexec", "nodev", "relatime", "ro")));

  /// With the power meters, which later releases mask too.
  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/fs/selinux",
          "/sys/dev/block",
          "/sys/devices/virtual/powercap");

  private static final List<String> READONLY_PATHS =
      List.of(
          "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private static final long UMASK = 022;
  private static final long PIDS_LIMIT = 2048;

  private PodmanPreset() {}

  /// The configuration, without a filter of system calls.
  ///
  /// @param cgroupNamespace whether it gets a cgroup namespace, as on hosts with cgroup v2
  public static RuntimeConfig config(boolean cgroupNamespace) {
    List<Namespace> namespaces = new ArrayList<>();
    for (String type : new String[] {"pid", "network", "ipc", "uts", "mount"}) {
      namespaces.add(Namespace.fresh(type));
    }
    if (cgroupNamespace) {
      namespaces.add(Namespace.fresh("cgroup"));
    }
    return RuntimeConfig.create(
        "1.0.2",
        SpecEdit.all(
            List.of(
                ProcessEdits.user(User.ROOT),
                Property.UMASK.set(JsonValues.number(UMASK)),
                ProcessEdits.args(List.of("sh")),
                ProcessEdits.environment(
                    List.of(
                        "container=podman",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "TERM=xterm")),
                ProcessEdits.cwd("/"),
                CapabilityEdits.replace(ProcessCapabilities.forRoot(CapabilitySet.PODMAN_DEFAULT)),
                ContainerEdits.rootPath("rootfs"),
                ContainerEdits.hostname("podman"),
                MountEdits.replace(MOUNTS),
                NamespaceEdits.sysctls(Map.of("net.ipv4.ping_group_range", "0 0")),
                DeviceEdits.rules(List.of(DeviceRule.any(false))),
                ResourceEdits.pidsLimit(PIDS_LIMIT),
                NamespaceEdits.replace(namespaces),
                SecurityEdits.maskedPaths(MASKED_PATHS),
                SecurityEdits.readonlyPaths(READONLY_PATHS))));
  }
}
