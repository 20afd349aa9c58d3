package dev.ocicap.docker;

import dev.ocicap.edit.SecurityEdits;
import dev.ocicap.edit.SpecEdit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `--security-opt` and `--privileged` decide besides capabilities and devices.
///
/// @param noNewPrivileges whether execve may not grant anything
/// @param apparmor the profile that was named, or ""
/// @param seccomp `unconfined`, `builtin`, the path of a file, or "" for the default
/// @param labels options of `label=`
/// @param openSystemPaths whether no path is masked or read-only
/// @param writableCgroups whether `/sys/fs/cgroup` may be written, or null when nothing was said
record SecuritySettings(
    boolean noNewPrivileges,
    String apparmor,
    String seccomp,
    List<String> labels,
    boolean openSystemPaths,
    @Nullable Boolean writableCgroups) {

  static SecuritySettings of(Conversion c) {
    boolean noNewPrivileges = false;
    String apparmor = "";
    String seccomp = "";
    boolean openSystemPaths = false;
    Boolean writableCgroups = null;
    List<String> labels = new ArrayList<>();
    for (String text : c.command.all("security-opt")) {
      if (text.equals("systempaths=unconfined")) {
        openSystemPaths = true;
        continue;
      }
      int at = separator(text);
      String key = at < 0 ? text : text.substring(0, at);
      String value = at < 0 ? "" : text.substring(at + 1);
      try {
        if (value.isEmpty() && !text.equals("no-new-privileges")) {
          throw new BadValue("'" + text + "' is not KEY=VALUE");
        }
        switch (key) {
          case "no-new-privileges" ->
              noNewPrivileges = value.isEmpty() || GoSyntax.parseBool(value);
          case "apparmor" -> apparmor = value;
          case "seccomp" -> {
            checkProfile(c, value);
            seccomp = value;
          }
          case "label" -> labels.add(value);
          case "writable-cgroups" -> writableCgroups = GoSyntax.parseBool(value);
          default ->
              throw new BadValue(
                  "'"
                      + text
                      + "' is not 'no-new-privileges', 'apparmor=', 'seccomp=', 'label=',"
                      + " 'systempaths=unconfined' or 'writable-cgroups='");
        }
      } catch (BadValue e) {
        c.badValue("security-opt", e);
      }
    }
    if (seccomp.equals("builtin") && c.isPrivileged()) {
      c.conflict("--security-opt seccomp=builtin", "--privileged");
    }
    return new SecuritySettings(
        noNewPrivileges, apparmor, seccomp, List.copyOf(labels), openSystemPaths, writableCgroups);
  }

  /// docker's client reads every profile, also one that a later one replaces.
  private static void checkProfile(Conversion c, String name) {
    boolean special = name.equals("unconfined") || name.equals("builtin");
    if (!special && !c.client.files().exists(c.client.absolute(name))) {
      throw new BadValue("seccomp: cannot read '" + name + "'");
    }
  }

  private static int separator(String text) {
    int equals = text.indexOf('=');
    return equals >= 0 ? equals : text.indexOf(':');
  }

  boolean cgroupsAreWritable(Conversion c) {
    Boolean asked = writableCgroups;
    return asked == null ? c.isPrivileged() : asked;
  }

  /// Writes the AppArmor profile.
  SpecEdit apparmorProfile(Conversion c) {
    if (c.host.lsm() != TargetHost.Lsm.APPARMOR) {
      if (!apparmor.isEmpty() && !apparmor.equals("unconfined")) {
        c.warning("the host has no AppArmor: the profile '" + apparmor + "' is not used", null);
      }
      return SpecEdit.nothing();
    }
    String standard = c.isPrivileged() ? "unconfined" : "docker-default";
    return SecurityEdits.apparmorProfile(apparmor.isEmpty() ? standard : apparmor);
  }

  /// Writes the SELinux labels of the process and of its files.
  SpecEdit selinuxLabels(Conversion c) {
    boolean disabled = labels.contains("disable") || (c.isPrivileged() && labels.isEmpty());
    if (c.host.lsm() != TargetHost.Lsm.SELINUX || disabled) {
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

  /// Writes the masked and the read-only paths.
  SpecEdit systemPaths(Conversion c) {
    if (openSystemPaths || c.isPrivileged()) {
      return SpecEdit.nothing();
    }
    List<String> masked = new ArrayList<>(DockerDefaults.MASKED_PATHS);
    for (int cpu = 0; cpu < c.host.cpus(); cpu++) {
      String path = "/sys/devices/system/cpu/cpu" + cpu + "/thermal_throttle";
      if (!c.host.elsewhere() && c.client.files().exists(path)) {
        masked.add(path);
      }
    }
    return SecurityEdits.maskedPaths(masked)
        .then(SecurityEdits.readonlyPaths(DockerDefaults.READONLY_PATHS));
  }
}
