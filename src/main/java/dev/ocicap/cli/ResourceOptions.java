package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.append;
import static dev.ocicap.cli.EditOption.clear;
import static dev.ocicap.cli.EditOption.clearMap;
import static dev.ocicap.cli.EditOption.each;
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

/// The options of `linux.resources` and of other limits.
final class ResourceOptions {
  private ResourceOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Limits",
          List.of(
              value(
                  Property.CGROUPS_PATH,
                  "PATH",
                  "the container's cgroup; SLICE:PREFIX:NAME with systemd",
                  "--cgroups-path"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CGROUPS_PATH),
                  "--cgroups-path PATH",
                  "--linux-cgroups-path"),
              value(
                  Property.MEMORY_LIMIT,
                  "SIZE",
                  "memory such as 512m; -1 or unlimited",
                  "-m",
                  "--memory"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_LIMIT),
                  "--memory SIZE",
                  "--linux-mem-limit"),
              value(
                  Property.MEMORY_RESERVATION,
                  "SIZE",
                  "memory that is tried to be kept to",
                  "--memory-reservation"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_RESERVATION),
                  "--memory-reservation SIZE",
                  "--linux-mem-reservation"),
              value(
                  Property.MEMORY_SWAP,
                  "SIZE",
                  "memory and swap together; -1 or unlimited",
                  "--memory-swap"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_SWAP),
                  "--memory-swap SIZE",
                  "--linux-mem-swap"),
              value(
                  Property.MEMORY_SWAPPINESS,
                  "0…100",
                  "readiness to swap (cgroup v1)",
                  "--memory-swappiness"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_SWAPPINESS),
                  "--memory-swappiness 0…100",
                  "--linux-mem-swappiness"),
              value(
                  Property.MEMORY_KERNEL,
                  "SIZE",
                  "kernel memory (cgroup v1, without effect on new kernels)",
                  "--kernel-memory"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_KERNEL),
                  "--kernel-memory SIZE",
                  "--linux-mem-kernel-limit"),
              value(
                  Property.MEMORY_KERNEL_TCP,
                  "SIZE",
                  "memory of TCP buffers (cgroup v1)",
                  "--kernel-memory-tcp"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.MEMORY_KERNEL_TCP),
                  "--kernel-memory-tcp SIZE",
                  "--linux-mem-kernel-tcp"),
              value(
                  Property.OOM_KILL_DISABLE,
                  "",
                  "wait instead of kill when memory is short (cgroup v1)",
                  "--oom-kill-disable"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.OOM_KILL_DISABLE),
                  "--oom-kill-disable",
                  "--linux-disable-oom-kill",
                  "--disable-oom-kill"),
              value(
                  Property.MEMORY_USE_HIERARCHY,
                  "",
                  "count the memory of child cgroups too (cgroup v1)",
                  "--memory-use-hierarchy"),
              value(
                  Property.MEMORY_CHECK_BEFORE_UPDATE,
                  "",
                  "refuse a limit that is below what is in use",
                  "--memory-check-before-update"),
              value(
                  Property.CPU_SHARES,
                  "N",
                  "share of processor time, in proportion to the others'; 1024 is usual",
                  "-c",
                  "--cpu-shares"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPU_SHARES),
                  "--cpu-shares N",
                  "--linux-cpu-shares"),
              value(Property.CPU_PERIOD, "MICROSECONDS", "period of the quota", "--cpu-period"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPU_PERIOD),
                  "--cpu-period MICROSECONDS",
                  "--linux-cpu-period"),
              value(
                  Property.CPU_QUOTA,
                  "MICROSECONDS",
                  "processor time a period; -1 is unlimited",
                  "--cpu-quota"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPU_QUOTA),
                  "--cpu-quota MICROSECONDS",
                  "--linux-cpu-quota"),
              last(
                  Notation.CPUS, "NUMBER", "processors such as 1.5, as period and quota", "--cpus"),
              value(
                  Property.CPU_BURST,
                  "MICROSECONDS",
                  "unused quota that may be saved up",
                  "--cpu-burst"),
              value(Property.CPU_IDLE, "0|1", "run only when nothing else wants to", "--cpu-idle"),
              value(
                  Property.CPU_REALTIME_PERIOD,
                  "MICROSECONDS",
                  "period of realtime scheduling (cgroup v1)",
                  "--cpu-rt-period"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPU_REALTIME_PERIOD),
                  "--cpu-rt-period MICROSECONDS",
                  "--linux-realtime-period"),
              value(
                  Property.CPU_REALTIME_RUNTIME,
                  "MICROSECONDS",
                  "realtime a period (cgroup v1)",
                  "--cpu-rt-runtime"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPU_REALTIME_RUNTIME),
                  "--cpu-rt-runtime MICROSECONDS",
                  "--linux-realtime-runtime"),
              value(Property.CPUSET_CPUS, "LIST", "processors such as 0-2,7", "--cpuset-cpus"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPUSET_CPUS),
                  "--cpuset-cpus LIST",
                  "--linux-cpus"),
              value(Property.CPUSET_MEMS, "LIST", "memory nodes such as 0,1", "--cpuset-mems"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.CPUSET_MEMS),
                  "--cpuset-mems LIST",
                  "--linux-mems"),
              value(Property.PIDS_LIMIT, "N", "processes; -1 is unlimited", "--pids-limit"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.PIDS_LIMIT),
                  "--pids-limit N",
                  "--linux-pids-limit"),
              value(Property.BLKIO_WEIGHT, "10…1000", "share of block I/O", "--blkio-weight"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.BLKIO_WEIGHT),
                  "--blkio-weight 10…1000",
                  "--linux-blkio-weight"),
              value(
                  Property.BLKIO_LEAF_WEIGHT,
                  "10…1000",
                  "the same against child cgroups (cgroup v1)",
                  "--blkio-leaf-weight"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.BLKIO_LEAF_WEIGHT),
                  "--blkio-leaf-weight 10…1000",
                  "--linux-blkio-leaf-weight"),
              value(
                  Property.NET_CLASS_ID,
                  "N",
                  "class of network packets (cgroup v1)",
                  "--net-class-id"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.NET_CLASS_ID),
                  "--net-class-id N",
                  "--linux-network-classid"),
              clear(ListProperty.WEIGHT_DEVICES, "--blkio-weight-device-clear"),
              remove(ListProperty.WEIGHT_DEVICES, "MAJOR:MINOR", "--blkio-weight-device-remove"),
              each(
                  Notation.WEIGHT_DEVICE,
                  "DEVICE:WEIGHT",
                  "share of one device; DEVICE is /dev/NAME or MAJOR:MINOR",
                  "--blkio-weight-device"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.WEIGHT_DEVICE),
                  "--blkio-weight-device DEVICE:WEIGHT",
                  "--linux-blkio-weight-device"),
              each(
                  Notation.LEAF_WEIGHT_DEVICE,
                  "DEVICE:WEIGHT",
                  "the same against child cgroups",
                  "--blkio-leaf-weight-device"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.LEAF_WEIGHT_DEVICE),
                  "--blkio-leaf-weight-device DEVICE:WEIGHT",
                  "--linux-blkio-leaf-weight-device"),
              clear(ListProperty.READ_BPS_DEVICES, "--device-read-bps-clear"),
              remove(ListProperty.READ_BPS_DEVICES, "MAJOR:MINOR", "--device-read-bps-remove"),
              each(
                  Notation.READ_BPS,
                  "DEVICE:SIZE",
                  "bytes read a second; -1 removes",
                  "--device-read-bps"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.READ_BPS),
                  "--device-read-bps DEVICE:SIZE",
                  "--linux-blkio-read-bps-device"),
              clear(ListProperty.WRITE_BPS_DEVICES, "--device-write-bps-clear"),
              remove(ListProperty.WRITE_BPS_DEVICES, "MAJOR:MINOR", "--device-write-bps-remove"),
              each(
                  Notation.WRITE_BPS,
                  "DEVICE:SIZE",
                  "bytes written a second; -1 removes",
                  "--device-write-bps"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.WRITE_BPS),
                  "--device-write-bps DEVICE:SIZE",
                  "--linux-blkio-write-bps-device"),
              clear(ListProperty.READ_IOPS_DEVICES, "--device-read-iops-clear"),
              remove(ListProperty.READ_IOPS_DEVICES, "MAJOR:MINOR", "--device-read-iops-remove"),
              each(
                  Notation.READ_IOPS,
                  "DEVICE:N",
                  "reads a second; -1 removes",
                  "--device-read-iops"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.READ_IOPS),
                  "--device-read-iops DEVICE:N",
                  "--linux-blkio-read-iops-device"),
              clear(ListProperty.WRITE_IOPS_DEVICES, "--device-write-iops-clear"),
              remove(ListProperty.WRITE_IOPS_DEVICES, "MAJOR:MINOR", "--device-write-iops-remove"),
              each(
                  Notation.WRITE_IOPS,
                  "DEVICE:N",
                  "writes a second; -1 removes",
                  "--device-write-iops"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.WRITE_IOPS),
                  "--device-write-iops DEVICE:N",
                  "--linux-blkio-write-iops-device"),
              clear(ListProperty.HUGEPAGE_LIMITS, "--hugepage-limit-clear"),
              remove(ListProperty.HUGEPAGE_LIMITS, "SIZE", "--hugepage-limit-remove"),
              old(
                  Kind.REPEATED,
                  new Action.Remove(ListProperty.HUGEPAGE_LIMITS),
                  "--hugepage-limit-remove SIZE",
                  "--linux-hugepage-limits-drop"),
              each(
                  Notation.HUGEPAGE,
                  "SIZE=LIMIT",
                  "huge pages of one size, such as 2MB=512m",
                  "--hugepage-limit"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.HUGEPAGE),
                  "--hugepage-limit SIZE=LIMIT",
                  "--linux-hugepage-limits-add"),
              clear(ListProperty.NET_PRIORITIES, "--net-priority-clear"),
              remove(ListProperty.NET_PRIORITIES, "INTERFACE", "--net-priority-remove"),
              each(
                  Notation.NET_PRIORITY,
                  "INTERFACE:PRIORITY",
                  "priority of an interface's traffic (cgroup v1)",
                  "--net-priority"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.NET_PRIORITY),
                  "--net-priority INTERFACE:PRIORITY",
                  "--linux-network-priorities"),
              clearMap(MapProperty.RDMA, "--rdma-clear"),
              removeKey(MapProperty.RDMA, "DEVICE", "--rdma-remove"),
              each(
                  Notation.RDMA,
                  "DEVICE=handles=N,objects=N",
                  "limits of an RDMA device",
                  "--rdma"),
              clearMap(MapProperty.UNIFIED, "--unified-clear"),
              removeKey(MapProperty.UNIFIED, "FILE", "--unified-remove"),
              put(
                  MapProperty.UNIFIED,
                  "FILE=VALUE",
                  "a file of cgroup v2, such as memory.high=400000000",
                  "--cgroup-conf",
                  "--unified"),
              last(
                  Notation.MEMORY_POLICY,
                  "MODE[:NODES][,FLAG…]",
                  "NUMA policy: bind:0-1, interleave:0,2, preferred:1, local",
                  "--memory-policy"),
              value(
                  Property.RDT_CLOS_ID,
                  "ID",
                  "resctrl group of the container",
                  "--intel-rdt-clos-id"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.RDT_CLOS_ID),
                  "--intel-rdt-clos-id ID",
                  "--linux-intelRdt-closid"),
              clear(ListProperty.RDT_SCHEMATA, "--intel-rdt-schema-clear"),
              remove(ListProperty.RDT_SCHEMATA, "LINE", "--intel-rdt-schema-remove"),
              append(
                  ListProperty.RDT_SCHEMATA,
                  "LINE",
                  "a line of the resctrl schemata, such as L3:0=ff",
                  "--intel-rdt-schema"),
              value(
                  Property.RDT_L3_CACHE,
                  "LINE",
                  "L3 cache, such as L3:0=ff;1=ff",
                  "--intel-rdt-l3-cache"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.RDT_L3_CACHE),
                  "--intel-rdt-l3-cache LINE",
                  "--linux-intelRdt-l3CacheSchema"),
              value(
                  Property.RDT_MEMORY_BANDWIDTH,
                  "LINE",
                  "memory bandwidth, such as MB:0=50",
                  "--intel-rdt-memory-bandwidth"),
              value(
                  Property.RDT_MONITORING,
                  "",
                  "monitor cache and bandwidth",
                  "--intel-rdt-monitoring")));
}
