package dev.ocicap.host;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.docker.TargetHost;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.seccomp.KernelVersion;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is asked about the machine that ocicap runs on.
public final class Host {
  private static final Path APPARMOR = Path.of("/sys/module/apparmor/parameters/enabled");
  private static final Path APPARMOR_PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");
  private static final String DOCKER_PROFILE = "docker-default";

  /// Old enough that nothing is opened which the kernel may not bear.
  private static final KernelVersion UNKNOWN_KERNEL = KernelVersion.parse("3.10");

  /// The first kernel that makes a mount and those below it read-only at once (mount_setattr(2)).
  private static final KernelVersion RECURSIVE_READONLY = new KernelVersion(5, 12);

  private Host() {}

  /// The capabilities that a runtime started here can hand on: this process' bounding set. Every
  /// known one where there is no `/proc`.
  public static CapabilitySet bounding() {
    ProcessStatus self = self();
    return self == null
        ? CapabilitySet.ALL
        : self.capabilities().bounding().intersect(CapabilitySet.ALL);
  }

  /// The effective user id; 0 where there is no `/proc`.
  public static long uid() {
    ProcessStatus self = self();
    return self == null ? 0 : self.uid().effective();
  }

  /// Whether this process may mount file systems, as root may who has kept the capability for it.
  public static boolean mayMount() {
    ProcessStatus self = self();
    return self != null
        && self.uid().effective() == 0
        && self.capabilities().effective().contains(Capability.CAP_SYS_ADMIN);
  }

  /// The effective group id; 0 where there is no `/proc`.
  public static long gid() {
    ProcessStatus self = self();
    return self == null ? 0 : self.gid().effective();
  }

  /// Whether cgroup v2 is all there is, mounted at `/sys/fs/cgroup`.
  public static boolean isCgroupUnified() {
    return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
  }

  /// Whether the kernel has loaded an AppArmor profile.
  public static boolean hasApparmorProfile(String name) {
    return ("\n" + text(APPARMOR_PROFILES).orElse("")).contains("\n" + name + " (");
  }

  /// The kernel's version; of an old one where it cannot be read, so that nothing newer is relied
  /// on.
  public static KernelVersion kernel() {
    return KernelVersion.find(System.getProperty("os.version", "")).orElse(UNKNOWN_KERNEL);
  }

  /// The processor's architecture as Go and images name it: `amd64`.
  public static String architecture() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "x86_64" -> "amd64";
      case "x86", "i386", "i686" -> "386";
      case "aarch64" -> "arm64";
      case "loongarch64" -> "loong64";
      default -> name;
    };
  }

  /// This machine, as a dockerd on it would see it. AppArmor confines containers only where
  /// Docker's profile is loaded: a runtime refuses to start with one that is not.
  public static TargetHost target() {
    boolean unified = isCgroupUnified();
    return new TargetHost(
        unified ? TargetHost.CgroupVersion.V2 : TargetHost.CgroupVersion.V1,
        unified && Files.isDirectory(Path.of("/run/systemd/system"))
            ? TargetHost.CgroupDriver.SYSTEMD
            : TargetHost.CgroupDriver.CGROUPFS,
        confinesWithAppArmor() ? TargetHost.Lsm.APPARMOR : TargetHost.Lsm.NONE,
        kernel(),
        architecture(),
        bounding(),
        kernel().isAtLeast(RECURSIVE_READONLY),
        Runtime.getRuntime().availableProcessors(),
        cpuset(unified, "cpus", "/sys/devices/system/cpu/online"),
        cpuset(unified, "mems", "/sys/devices/system/node/online"),
        line(Path.of("/proc/sys/kernel/hostname")).orElse("localhost"),
        false);
  }

  /// What containers may be bound to: all that the topmost cgroup has; where cgroups do not say,
  /// what the machine has.
  private static @Nullable String cpuset(boolean unified, String name, String online) {
    String file =
        unified
            ? "/sys/fs/cgroup/cpuset." + name + ".effective"
            : "/sys/fs/cgroup/cpuset/cpuset." + name;
    Optional<String> effective = line(Path.of(file));
    return (effective.isPresent() ? effective : line(Path.of(online))).orElse(null);
  }

  private static boolean confinesWithAppArmor() {
    return line(APPARMOR).orElse("").equals("Y") && hasApparmorProfile(DOCKER_PROFILE);
  }

  /// This process, which neither changes its user nor its capabilities; null where there is no
  /// `/proc`.
  private static @Nullable ProcessStatus self() {
    return Self.STATUS;
  }

  /// Read when it is first asked for.
  private static final class Self {
    static final @Nullable ProcessStatus STATUS = read();

    private static @Nullable ProcessStatus read() {
      try {
        return ProcessStatus.self();
      } catch (IOException e) {
        return null;
      }
    }
  }

  private static Optional<String> line(Path file) {
    String line = text(file).orElse("").strip();
    return line.isEmpty() ? Optional.empty() : Optional.of(line);
  }

  private static Optional<String> text(Path file) {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
