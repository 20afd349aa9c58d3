package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.clearMap;
import static dev.ocicap.cli.EditOption.each;
import static dev.ocicap.cli.EditOption.flag;
import static dev.ocicap.cli.EditOption.last;
import static dev.ocicap.cli.EditOption.old;
import static dev.ocicap.cli.EditOption.put;
import static dev.ocicap.cli.EditOption.remove;
import static dev.ocicap.cli.EditOption.removeKey;
import static dev.ocicap.cli.EditOption.value;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.MapProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// The options of namespaces, and of what needs one.
final class NamespaceOptions {
  private NamespaceOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Namespaces, names and the network",
          List.of(
              flag(Notation.NAMESPACE_CLEAR, "share all of the host's", "--namespace-clear"),
              old(
                  Kind.BOOLEAN,
                  new Action.Read(Notation.NAMESPACE_CLEAR),
                  "--namespace-clear",
                  "--linux-namespace-remove-all"),
              each(
                  Notation.NAMESPACE_REMOVE,
                  "TYPE",
                  "share the host's; what depends on it goes too",
                  "--namespace-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.NAMESPACE_REMOVE),
                  "--namespace-remove TYPE",
                  "--linux-namespace-remove"),
              each(
                  Notation.NAMESPACE,
                  "TYPE[=PATH]",
                  "a new namespace, or one to join: pid, network, mount, ipc, uts, user, cgroup, time",
                  "--namespace"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_NAMESPACE),
                  "--namespace TYPE[=PATH]",
                  "--linux-namespace-add"),
              last(Notation.NETWORK, "host|new|PATH", "network namespace", "--network"),
              last(Notation.PID, "host|new|PATH", "process id namespace", "--pid"),
              last(Notation.IPC, "host|new|PATH", "IPC namespace", "--ipc"),
              last(Notation.UTS, "host|new|PATH", "host name namespace", "--uts"),
              last(Notation.CGROUP, "host|new|PATH", "cgroup namespace", "--cgroupns", "--cgroup"),
              last(Notation.TIME, "host|new|PATH", "time namespace", "--time"),
              flag(Notation.MAP_CLEAR, "remove all id maps", "--idmap-clear"),
              remove(ListProperty.UID_MAPPINGS, "CONTAINER-ID", "--uidmap-remove"),
              remove(ListProperty.GID_MAPPINGS, "CONTAINER-ID", "--gidmap-remove"),
              each(
                  Notation.UID_MAP,
                  "CONTAINER:HOST[:SIZE]",
                  "map user ids; makes a user namespace",
                  "--uidmap"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_UID_MAP),
                  "--uidmap CONTAINER:HOST:SIZE",
                  "--linux-uidmappings",
                  "--uidmappings"),
              each(
                  Notation.GID_MAP,
                  "CONTAINER:HOST[:SIZE]",
                  "map group ids; one kind alone is copied to the other",
                  "--gidmap"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.OLD_GID_MAP),
                  "--gidmap CONTAINER:HOST:SIZE",
                  "--linux-gidmappings",
                  "--gidmappings"),
              value(Property.HOSTNAME, "NAME", "host name inside the container", "--hostname"),
              value(
                  Property.DOMAINNAME, "NAME", "domain name inside the container", "--domainname"),
              clearMap(MapProperty.SYSCTL, "--sysctl-clear"),
              removeKey(MapProperty.SYSCTL, "KEY", "--sysctl-remove"),
              put(
                  MapProperty.SYSCTL,
                  "KEY=VALUE",
                  "kernel setting of the container's namespaces",
                  "--sysctl"),
              old(
                  Kind.REPEATED,
                  new Action.Put(MapProperty.SYSCTL),
                  "--sysctl KEY=VALUE",
                  "--linux-sysctl"),
              last(
                  Notation.TIME_OFFSET_BOOTTIME,
                  "SECONDS",
                  "offset of the clock since boot",
                  "--time-offset-boottime"),
              last(
                  Notation.TIME_OFFSET_MONOTONIC,
                  "SECONDS",
                  "offset of the monotonic clock",
                  "--time-offset-monotonic"),
              clearMap(MapProperty.NET_DEVICES, "--net-device-clear"),
              removeKey(MapProperty.NET_DEVICES, "DEVICE", "--net-device-remove"),
              each(
                  Notation.NET_DEVICE,
                  "DEVICE[=NAME]",
                  "move a network device of the host into the container",
                  "--net-device")));
}
