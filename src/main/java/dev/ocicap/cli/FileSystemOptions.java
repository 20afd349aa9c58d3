package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.remove;
import static dev.ocicap.cli.EditOption.value;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// The options of `root` and `mounts`.
final class FileSystemOptions {
  private FileSystemOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Root file system and mounts",
          List.of(
              value(
                  Property.ROOT_PATH,
                  "DIR",
                  "root file system, absolute or relative to the bundle",
                  "--root-path"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.ROOT_PATH),
                  "--root-path DIR",
                  "--rootfs-path"),
              value(
                  Property.ROOT_READONLY,
                  "",
                  "mount the root file system read-only",
                  "--read-only",
                  "--readonly"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.ROOT_READONLY),
                  "--readonly",
                  "--rootfs-readonly"),
              value(
                  Property.ROOTFS_PROPAGATION,
                  "WORD",
                  "propagation of the root mount: private, shared, slave, unbindable",
                  "--rootfs-propagation"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.ROOTFS_PROPAGATION),
                  "--rootfs-propagation WORD",
                  "--linux-rootfs-propagation",
                  "--root-propagation"),
              clear(ListProperty.MOUNTS, "--mount-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Clear(ListProperty.MOUNTS),
                  "--mount-clear",
                  "--mounts-remove-all"),
              remove(ListProperty.MOUNTS, "DESTINATION", "--mount-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Remove(ListProperty.MOUNTS),
                  "--mount-remove DESTINATION",
                  "--mounts-remove"),
              old(
                  Kind.SINGLE,
                  new Action.Read(Notation.MOUNT_CGROUPS),
                  "--mount or --mount-remove",
                  "--mount-cgroups"),
              each(
                  Notation.TMPFS,
                  "DIR[:OPTIONS]",
                  "a tmpfs; docker's defaults nosuid, nodev, noexec",
                  "--tmpfs"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_BIND),
                  "--volume SOURCE:TARGET[:OPTIONS]",
                  "--bind"),
              each(
                  Notation.VOLUME,
                  "SOURCE:TARGET[:OPTIONS]",
                  "bind a path of the host, in docker's notation",
                  "-v",
                  "--volume"),
              each(
                  Notation.MOUNT,
                  "FIELDS|JSON",
                  "mount type=bind,source=…,target=…,readonly (docker's notation), any type with options=A:B, or an object",
                  "--mount"),
              old(Kind.REPEATED, new Action.Read(Notation.MOUNT), "--mount JSON", "--mounts-add")));
}
