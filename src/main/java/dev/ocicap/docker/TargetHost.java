package dev.ocicap.docker;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.seccomp.KernelVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The machine that a bundle is made for: what Docker Engine looks at there before it writes a
/// configuration.
///
/// @param cgroup the version of the control groups
/// @param cgroupDriver who makes a container's control group
/// @param lsm the security module that confines containers
/// @param kernel the kernel's version
/// @param arch Go's name of the processor: `amd64`
/// @param capabilities what the engine itself has; `ALL` means these
/// @param recursiveReadonly whether kernel (5.12) and runtime can mount read-only recursively
/// @param cpus how many processors there are; 0 when unknown
/// @param cpusetCpus the processors that containers may be bound to, or null when unknown
/// @param cpusetMems the memory nodes that containers may be bound to, or null when unknown
/// @param hostname its name, which containers with the host's network have
/// @param elsewhere whether it was described and is not the machine at hand
public record TargetHost(
    CgroupVersion cgroup,
    CgroupDriver cgroupDriver,
    Lsm lsm,
    KernelVersion kernel,
    String arch,
    CapabilitySet capabilities,
    boolean recursiveReadonly,
    int cpus,
    @Nullable String cpusetCpus,
    @Nullable String cpusetMems,
    String hostname,
    boolean elsewhere) {

  /// The version of the control groups (cgroups(7)).
  public enum CgroupVersion {
    /// A hierarchy for each controller.
    V1,
    /// One hierarchy.
    V2
  }

  /// Who makes a container's control group.
  public enum CgroupDriver {
    /// The runtime, by making directories.
    CGROUPFS,
    /// systemd, asked by the runtime.
    SYSTEMD
  }

  /// The security module that confines containers.
  public enum Lsm {
    /// None.
    NONE,
    /// AppArmor, with Docker's profile `docker-default`.
    APPARMOR,
    /// SELinux, switched on in Docker Engine.
    SELINUX
  }

  private static final List<String> KEYS =
      List.of(
          "cgroup",
          "cgroup-driver",
          "lsm",
          "kernel",
          "arch",
          "caps",
          "recursive-readonly",
          "cpus",
          "cpuset-cpus",
          "cpuset-mems",
          "hostname");

  /// This machine with what a description says: `KEY=VALUE,…` with the keys `cgroup` (`v1`, `v2`),
  /// `cgroup-driver` (`cgroupfs`, `systemd`), `lsm` (`none`, `apparmor`, `selinux`), `kernel`,
  /// `arch`, `caps` (a mask in hexadecimal digits), `recursive-readonly` (`yes`, `no`), `cpus`,
  /// `cpuset-cpus`, `cpuset-mems` (lists; `all`: not checked) and `hostname`.
  ///
  /// @throws OcicapException when a key or value is unknown
  public TargetHost described(String description) {
    TargetHost described = this;
    List<Problem> problems = new ArrayList<>();
    for (String item : Texts.split(description, ',')) {
      int equals = item.indexOf('=');
      String key = equals < 0 ? item : item.substring(0, equals);
      String value = equals < 0 ? "" : item.substring(equals + 1);
      if (equals < 0 || !KEYS.contains(key)) {
        problems.add(
            Problem.of(
                "--target-host: '" + item + "' is not one of " + String.join("=, ", KEYS) + "=",
                Suggestion.nearest(key, KEYS).map(near -> near + "=" + value).orElse(null)));
        continue;
      }
      try {
        described = described.with(key, value);
      } catch (BadValue e) {
        problems.add(Problem.of("--target-host: " + key + " " + e.reason(), e.hint()));
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
    return described;
  }

  /// The same host with one property of a description.
  private TargetHost with(String key, String value) {
    return new TargetHost(
        key.equals("cgroup") ? word(value, "v1", CgroupVersion.V1, "v2", CgroupVersion.V2) : cgroup,
        key.equals("cgroup-driver")
            ? word(value, "cgroupfs", CgroupDriver.CGROUPFS, "systemd", CgroupDriver.SYSTEMD)
            : cgroupDriver,
        key.equals("lsm") ? lsm(value) : lsm,
        key.equals("kernel") ? kernel(value) : kernel,
        key.equals("arch") ? value : arch,
        key.equals("caps") ? mask(value) : capabilities,
        key.equals("recursive-readonly")
            ? word(value, "yes", true, "no", false)
            : recursiveReadonly,
        key.equals("cpus") ? (int) Math.min(GoSyntax.parseUnsigned(value), 1 << 20) : cpus,
        key.equals("cpuset-cpus") ? list(value) : cpusetCpus,
        key.equals("cpuset-mems") ? list(value) : cpusetMems,
        key.equals("hostname") ? value : hostname,
        true);
  }

  private static KernelVersion kernel(String value) {
    return KernelVersion.find(value)
        .orElseThrow(
            () -> new BadValue("'" + value + "' is not a kernel's version such as '6.18'"));
  }

  private static @Nullable String list(String value) {
    return value.equals("all") ? null : value;
  }

  private static Lsm lsm(String value) {
    return switch (value) {
      case "none" -> Lsm.NONE;
      case "apparmor" -> Lsm.APPARMOR;
      case "selinux" -> Lsm.SELINUX;
      default -> throw new BadValue("'" + value + "' is not 'none', 'apparmor' or 'selinux'");
    };
  }

  private static <T> T word(String value, String a, T first, String b, T second) {
    if (value.equals(a)) {
      return first;
    }
    if (value.equals(b)) {
      return second;
    }
    throw new BadValue("'" + value + "' is neither '" + a + "' nor '" + b + "'");
  }

  private static CapabilitySet mask(String value) {
    String digits = value.startsWith("0x") ? value.substring(2) : value;
    boolean hex = !digits.isEmpty() && digits.length() <= 16;
    for (int i = 0; i < digits.length(); i++) {
      hex &= digits.charAt(i) < 0x80 && Character.digit(digits.charAt(i), 16) >= 0;
    }
    if (!hex) {
      throw new BadValue("'" + value + "' is not a mask of 1 to 16 hexadecimal digits");
    }
    return CapabilitySet.parseHex(digits);
  }
}
