package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.append;
import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.flag;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.remove;
import static dev.ocicap.cli.EditOption.value;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// The options of what confines the process besides capabilities.
final class SecurityOptions {
  private SecurityOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Confinement",
          List.of(
              value(
                  Property.NO_NEW_PRIVILEGES,
                  "",
                  "let no program gain privileges through set-id bits or file capabilities",
                  "--no-new-privileges"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.NO_NEW_PRIVILEGES),
                  "--no-new-privileges",
                  "--process-no-new-privileges"),
              flag(
                  Notation.PRIVILEGED,
                  "every capability and device; no seccomp, AppArmor, SELinux, masked or read-only paths",
                  "--privileged"),
              value(
                  Property.APPARMOR_PROFILE,
                  "NAME",
                  "AppArmor profile, loaded on the host",
                  "--apparmor"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.APPARMOR_PROFILE),
                  "--apparmor NAME",
                  "--linux-apparmor"),
              value(
                  Property.SELINUX_LABEL,
                  "LABEL",
                  "SELinux label of the process",
                  "--selinux-label"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SELINUX_LABEL),
                  "--selinux-label LABEL",
                  "--linux-selinux-label"),
              value(Property.MOUNT_LABEL, "LABEL", "SELinux label of the mounts", "--mount-label"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MOUNT_LABEL),
                  "--mount-label LABEL",
                  "--linux-mount-label"),
              clear(ListProperty.MASKED_PATHS, "--masked-path-clear"),
              remove(ListProperty.MASKED_PATHS, "PATH", "--masked-path-remove"),
              append(
                  ListProperty.MASKED_PATHS, "PATH", "a path that cannot be read", "--masked-path"),
              old(
                  Kind.REPEATED,
                  new Action.Append(ListProperty.MASKED_PATHS),
                  "--masked-path PATH",
                  "--linux-masked-paths",
                  "--masked-paths"),
              clear(ListProperty.READONLY_PATHS, "--readonly-path-clear"),
              remove(ListProperty.READONLY_PATHS, "PATH", "--readonly-path-remove"),
              append(
                  ListProperty.READONLY_PATHS,
                  "PATH",
                  "a path that cannot be written",
                  "--readonly-path"),
              old(
                  Kind.REPEATED,
                  new Action.Append(ListProperty.READONLY_PATHS),
                  "--readonly-path PATH",
                  "--linux-readonly-paths",
                  "--readonly-paths")));
}
