package dev.ocicap.docker;

import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.shell.ShellPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What podman's `--security-opt` and `--privileged` decide besides capabilities and devices.
///
/// @param noNewPrivileges whether execve may not grant anything
/// @param apparmor the profile that was named, or ""
/// @param seccomp `unconfined`, the path of a file, or "" for the default
/// @param labels options of `label=`
/// @param mask paths that are masked too
/// @param unmask patterns of the paths that are not masked, or `ALL`
/// @param procOptions the options of `/proc`, or null for the default ones
record PodmanSecurity(
    boolean noNewPrivileges,
    String apparmor,
    String seccomp,
    List<String> labels,
    List<String> mask,
    List<String> unmask,
    @Nullable List<String> procOptions) {

  /// The profile that podman loads into AppArmor.
  private static final String APPARMOR = "containers-default-0.67.1";

  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware",
          "/sys/fs/selinux");

  /// Masked with any other.
  private static final String POWER = "/sys/devices/virtual/powercap";

  private static final List<String> READONLY =
      List.of(
          "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  static PodmanSecurity of(Conversion c) {
    boolean noNewPrivileges = false;
    String apparmor = "";
    String seccomp = "";
    List<String> labels = new ArrayList<>();
    List<String> mask = new ArrayList<>();
    List<String> unmask = new ArrayList<>();
    List<String> procOptions = null;
    for (String text : c.command.all("security-opt")) {
      int equals = text.indexOf('=');
      int at = equals < 0 ? text.indexOf(':') : equals;
      String key = at < 0 ? text : text.substring(0, at);
      String value = at < 0 ? "" : text.substring(at + 1);
      try {
        if (at < 0 && !key.equals("no-new-privileges")) {
          throw new BadValue("'" + text + "' is not KEY=VALUE");
        }
        switch (key) {
          case "no-new-privileges" -> noNewPrivileges = at < 0 || GoSyntax.parseBool(value);
          case "apparmor" -> apparmor = value;
          case "seccomp" -> {
            if (!value.equals("unconfined") && !c.client.files().exists(c.client.absolute(value))) {
              throw new BadValue("seccomp: cannot read '" + value + "'");
            }
            seccomp = value;
          }
          case "label" -> labels.add(value);
          case "mask" -> mask.addAll(Texts.split(value, ':'));
          case "unmask" -> unmask.addAll(Texts.split(value, ':'));
          case "systempaths" -> {
            if (!value.equals("unconfined")) {
              throw new BadValue("'" + text + "' is not 'systempaths=unconfined'");
            }
            unmask.add("ALL");
          }
          case "proc-opts" -> procOptions = Texts.split(value, ',');
          default ->
              throw new BadValue(
                  "'"
                      + text
                      + "' is not 'apparmor=', 'label=', 'mask=', 'no-new-privileges',"
                      + " 'proc-opts=', 'seccomp=', 'systempaths=unconfined' or 'unmask='");
        }
      } catch (BadValue e) {
        c.badValue("security-opt", e);
      }
    }
    if (labels.contains("nested")) {
      c.problem("--security-opt: 'label=nested' needs SELinux in the container", null);
    }
    String policy = c.command.text("seccomp-policy");
    if (!policy.isEmpty() && !policy.equals("default")) {
      c.problem(
          "--seccomp-policy: "
              + (policy.equals("image")
                  ? "the image brings no filter that is read here"
                  : "'" + policy + "' is neither 'default' nor 'image'"),
          null);
    }
    return new PodmanSecurity(
        noNewPrivileges,
        apparmor,
        seccomp,
        List.copyOf(labels),
        List.copyOf(mask),
        List.copyOf(unmask),
        procOptions);
  }

  /// Whether a path was unmasked by that very name, or with all.
  boolean opens(String path) {
    for (String pattern : unmask) {
      if (pattern.equals("ALL") || Texts.cleanPath(pattern).equals(path)) {
        return true;
      }
    }
    return false;
  }

  List<String> maskedPaths(Conversion c) {
    List<String> masked = new ArrayList<>();
    if (!c.isPrivileged()) {
      masked.addAll(kept(MASKED));
    }
    for (String path : mask) {
      if (path.startsWith("/")) {
        masked.add(path);
      } else {
        c.warning("--security-opt: mask: '" + path + "' is not an absolute path", null);
      }
    }
    if (!c.isPrivileged() && !masked.isEmpty() && !masked.contains(POWER)) {
      masked.add(POWER);
    }
    return masked;
  }

  List<String> readonlyPaths(Conversion c) {
    return c.isPrivileged() ? List.of() : kept(READONLY);
  }

  private List<String> kept(List<String> paths) {
    List<String> kept = new ArrayList<>();
    for (String path : paths) {
      boolean open = false;
      for (String pattern : unmask) {
        open |= pattern.equalsIgnoreCase("all") || matches(pattern, path);
      }
      if (!open) {
        kept.add(path);
      }
    }
    return kept;
  }

  /// Whether a pattern matches a path, component by component.
  private static boolean matches(String pattern, String path) {
    List<String> patterns = Texts.split(pattern, '/');
    List<String> components = Texts.split(path, '/');
    boolean matches = patterns.size() == components.size();
    for (int i = 0; matches && i < patterns.size(); i++) {
      matches = new ShellPattern(patterns.get(i)).matches(components.get(i));
    }
    return matches;
  }

  /// Writes the AppArmor profile. Podman loads its own when it starts a container; in a bundle
  /// stands Docker's, which forbids the same and is known to be loaded.
  SpecEdit apparmorProfile(Conversion c) {
    if (c.host.lsm() != TargetHost.Lsm.APPARMOR) {
      if (!apparmor.isEmpty() && !apparmor.equals("unconfined")) {
        c.problem(
            "--security-opt: the host has no AppArmor for the profile '" + apparmor + "'", null);
      }
      return SpecEdit.nothing();
    }
    if (apparmor.isEmpty() && c.isPrivileged()) {
      return SpecEdit.nothing();
    }
    String standard = c.isBundle() ? "docker-default" : APPARMOR;
    return SecurityEdits.apparmorProfile(apparmor.isEmpty() ? standard : apparmor);
  }

  /// Writes the SELinux labels of the process and of its files.
  SpecEdit selinuxLabels(Conversion c) {
    if (c.host.lsm() != TargetHost.Lsm.SELINUX || labels.contains("disable") || c.isPrivileged()) {
      return SpecEdit.nothing();
    }
    SelinuxLabel label = SelinuxLabel.standard(c.options.id());
    for (String option : labels) {
      try {
        label = label.with(option);
      } catch (BadValue e) {
        c.badValue("security-opt", e);
      }
    }
    return SecurityEdits.selinuxLabel(label.process())
        .then(SecurityEdits.mountLabel(label.files()));
  }

  /// Writes the filter of system calls, after the bounding set.
  SpecEdit seccomp(Conversion c) {
    return SeccompSettings.of(c, seccomp);
  }
}
