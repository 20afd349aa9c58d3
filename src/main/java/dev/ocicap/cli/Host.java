package dev.ocicap.cli;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.seccomp.KernelVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What commands ask about the machine they run on.
final class Host {
  private Host() {}

  /// The capabilities that a runtime started here can hand on: this process' bounding set. Every
  /// known one where there is no `/proc`.
  static CapabilitySet bounding() {
    String mask = status("CapBnd:");
    return mask.isEmpty()
        ? CapabilitySet.ALL
        : CapabilitySet.parseHex(mask).intersect(CapabilitySet.ALL);
  }

  /// The effective user id.
  static long uid() {
    return id("Uid:");
  }

  /// The effective group id.
  static long gid() {
    return id("Gid:");
  }

  /// Whether cgroup v2 is all there is, mounted at `/sys/fs/cgroup`.
  static boolean isCgroupUnified() {
    return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
  }

  /// Whether the kernel has loaded an AppArmor profile.
  static boolean hasApparmorProfile(String name) {
    try {
      String profiles = Files.readString(Path.of("/sys/kernel/security/apparmor/profiles"));
      return ("\n" + profiles).contains("\n" + name + " (");
    } catch (IOException e) {
      return false;
    }
  }

  /// The kernel's version; of an old one where it cannot be read, so that nothing newer is relied
  /// on.
  static KernelVersion kernel() {
    try {
      String release =
          Files.readString(Path.of("/proc/sys/kernel/osrelease"), StandardCharsets.ISO_8859_1);
      return KernelVersion.find(release.strip()).orElse(OLD_KERNEL);
    } catch (IOException e) {
      return OLD_KERNEL;
    }
  }

  private static final KernelVersion OLD_KERNEL = new KernelVersion(4, 0);

  /// The processor's architecture as Go and images name it: `amd64`.
  static String architecture() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "x86_64" -> "amd64";
      case "x86", "i386", "i686" -> "386";
      case "aarch64" -> "arm64";
      case "loongarch64" -> "loong64";
      default -> name;
    };
  }

  private static long id(String key) {
    String ids = status(key);
    int start = ids.indexOf('\t') + 1;
    int end = ids.indexOf('\t', start);
    return end < 0 ? 0 : Long.parseLong(ids.substring(start, end));
  }

  private static String status(String key) {
    String status;
    try {
      status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
    int start = status.indexOf("\n" + key);
    if (start < 0) {
      return "";
    }
    int end = status.indexOf('\n', start + 1);
    return status.substring(start + 1 + key.length(), end).strip();
  }
}
