package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.remove;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import java.util.List;

/// The options of devices and of rules about them.
final class DeviceOptions {
  private DeviceOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Devices",
          List.of(
              clear(ListProperty.DEVICES, "--device-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Clear(ListProperty.DEVICES),
                  "--device-clear",
                  "--linux-device-remove-all"),
              remove(ListProperty.DEVICES, "PATH", "--device-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Remove(ListProperty.DEVICES),
                  "--device-remove PATH",
                  "--linux-device-remove"),
              clear(ListProperty.DEVICE_RULES, "--device-rule-clear"),
              each(
                  Notation.DEVICE_RULE_REMOVE,
                  "RULE",
                  "remove an equal rule",
                  "--device-rule-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.DEVICE_RULE),
                  "--device-rule RULE",
                  "--linux-device-cgroup-add"),
              each(
                  Notation.DEVICE_RULE,
                  "[allow|deny] TYPE MAJOR:MINOR ACCESS",
                  "which devices may be used, such as 'c 10:200 rw'; the last rule that fits decides",
                  "--device-cgroup-rule",
                  "--device-rule"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.DEVICE_RULE_REMOVE),
                  "--device-rule-remove RULE",
                  "--linux-device-cgroup-remove"),
              each(
                  Notation.DEVICE,
                  "HOST[:CONTAINER][:ACCESS]",
                  "a device of the host, with its rule; or by numbers TYPE:MAJOR:MINOR:PATH",
                  "--device"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_DEVICE),
                  "--device TYPE:MAJOR:MINOR:PATH",
                  "--linux-device-add")));
}
