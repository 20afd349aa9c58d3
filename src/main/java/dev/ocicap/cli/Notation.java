package dev.ocicap.cli;

import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.SpecEdit;

/// The values that have a grammar of their own; [#edit] says where each is read.
enum Notation {
  ARGS,
  USER,
  GROUP,
  ENV,
  ENV_FILE,
  RLIMIT,
  OLD_RLIMIT,
  RLIMIT_REMOVE,
  OLD_UMASK,
  CONSOLE_SIZE,
  SCHEDULER,
  IO_PRIORITY,
  MOUNT,
  VOLUME,
  TMPFS,
  OLD_BIND,
  MOUNT_CGROUPS,
  NAMESPACE,
  OLD_NAMESPACE,
  NAMESPACE_REMOVE,
  NAMESPACE_CLEAR,
  NETWORK,
  PID,
  IPC,
  UTS,
  CGROUP,
  TIME,
  UID_MAP,
  GID_MAP,
  OLD_UID_MAP,
  OLD_GID_MAP,
  MAP_CLEAR,
  TIME_OFFSET_BOOTTIME,
  TIME_OFFSET_MONOTONIC,
  NET_DEVICE,
  DEVICE,
  OLD_DEVICE,
  DEVICE_RULE,
  DEVICE_RULE_REMOVE,
  CPUS,
  HUGEPAGE,
  WEIGHT_DEVICE,
  LEAF_WEIGHT_DEVICE,
  READ_BPS,
  WRITE_BPS,
  READ_IOPS,
  WRITE_IOPS,
  NET_PRIORITY,
  RDMA,
  MEMORY_POLICY,
  HOOK,
  HOOK_REMOVE,
  HOOK_CLEAR,
  OLD_PRESTART,
  OLD_POSTSTART,
  OLD_POSTSTOP,
  OLD_PRESTART_CLEAR,
  OLD_POSTSTART_CLEAR,
  OLD_POSTSTOP_CLEAR,
  PRIVILEGED,
  SECCOMP,
  SECCOMP_DEFAULT,
  SECCOMP_DEFAULT_FORCE,
  SECCOMP_ARCH,
  SECCOMP_ALLOW,
  SECCOMP_ERRNO,
  SECCOMP_KILL,
  SECCOMP_TRACE,
  SECCOMP_TRAP,
  SECCOMP_REMOVE,
  SECCOMP_CLEAR,
  SET,
  UNSET,
  MERGE,
  PATCH,
  OS,
  WINDOWS_DEVICE,
  IGNORED;

  /// Whether it maps user or group ids.
  boolean mapsIds() {
    return this == UID_MAP || this == GID_MAP || this == OLD_UID_MAP || this == OLD_GID_MAP;
  }

  /// The edit that one value stands for; flags are only asked when they are on.
  SpecEdit edit(String option, String value, EditOptions.Context context) {
    return switch (this) {
      case ARGS -> throw new IllegalStateException("the words are one value together");
      case USER -> ProcessNotations.user(option, value);
      case GROUP -> ProcessNotations.group(option, value);
      case ENV -> ProcessNotations.env(option, value, context.env());
      case ENV_FILE -> ProcessNotations.envFile(option, value, context);
      case RLIMIT -> ProcessNotations.rlimit(option, value);
      case OLD_RLIMIT -> ProcessNotations.hardFirst(option, value);
      case RLIMIT_REMOVE -> ProcessNotations.removeRlimit(option, value);
      case OLD_UMASK -> ProcessNotations.goUmask(option, value);
      case CONSOLE_SIZE -> ProcessNotations.consoleSize(option, value);
      case SCHEDULER -> ProcessNotations.scheduler(option, value);
      case IO_PRIORITY -> ProcessNotations.ioPriority(option, value);
      case MOUNT -> MountNotations.mount(option, value, context);
      case VOLUME -> MountNotations.volume(option, value, context);
      case TMPFS -> MountNotations.tmpfs(option, value);
      case OLD_BIND -> MountNotations.bind(option, value);
      case MOUNT_CGROUPS -> MountNotations.cgroups(option, value);
      case NAMESPACE -> NamespaceNotations.add(option, value, '=');
      case OLD_NAMESPACE -> NamespaceNotations.add(option, value, ':');
      case NAMESPACE_REMOVE -> NamespaceNotations.remove(option, value);
      case NAMESPACE_CLEAR -> NamespaceNotations.clear();
      case NETWORK -> NamespaceNotations.share("network", option, value);
      case PID -> NamespaceNotations.share("pid", option, value);
      case IPC -> NamespaceNotations.share("ipc", option, value);
      case UTS -> NamespaceNotations.share("uts", option, value);
      case CGROUP -> NamespaceNotations.share("cgroup", option, value);
      case TIME -> NamespaceNotations.share("time", option, value);
      case UID_MAP -> NamespaceNotations.map(ListProperty.UID_MAPPINGS, option, value, false);
      case GID_MAP -> NamespaceNotations.map(ListProperty.GID_MAPPINGS, option, value, false);
      case OLD_UID_MAP -> NamespaceNotations.map(ListProperty.UID_MAPPINGS, option, value, true);
      case OLD_GID_MAP -> NamespaceNotations.map(ListProperty.GID_MAPPINGS, option, value, true);
      case MAP_CLEAR -> ListProperty.UID_MAPPINGS.clear().then(ListProperty.GID_MAPPINGS.clear());
      case TIME_OFFSET_BOOTTIME -> NamespaceNotations.timeOffset("boottime", option, value);
      case TIME_OFFSET_MONOTONIC -> NamespaceNotations.timeOffset("monotonic", option, value);
      case NET_DEVICE -> NamespaceNotations.netDevice(option, value);
      case DEVICE -> DeviceNotations.device(option, value, context, false);
      case OLD_DEVICE -> DeviceNotations.device(option, value, context, true);
      case DEVICE_RULE -> DeviceNotations.rule(option, value);
      case DEVICE_RULE_REMOVE -> DeviceNotations.removeRule(option, value);
      case CPUS -> ResourceNotations.cpus(option, value);
      case HUGEPAGE -> ResourceNotations.hugepage(option, value);
      case WEIGHT_DEVICE -> ResourceNotations.weight(option, value, false);
      case LEAF_WEIGHT_DEVICE -> ResourceNotations.weight(option, value, true);
      case READ_BPS -> ResourceNotations.rate(ListProperty.READ_BPS_DEVICES, option, value, true);
      case WRITE_BPS -> ResourceNotations.rate(ListProperty.WRITE_BPS_DEVICES, option, value, true);
      case READ_IOPS ->
          ResourceNotations.rate(ListProperty.READ_IOPS_DEVICES, option, value, false);
      case WRITE_IOPS ->
          ResourceNotations.rate(ListProperty.WRITE_IOPS_DEVICES, option, value, false);
      case NET_PRIORITY -> ResourceNotations.netPriority(option, value);
      case RDMA -> ResourceNotations.rdma(option, value);
      case MEMORY_POLICY -> ResourceNotations.memoryPolicy(option, value);
      case HOOK -> HookNotations.add(option, value);
      case HOOK_REMOVE -> HookNotations.remove(option, value);
      case HOOK_CLEAR -> HookNotations.clear(option, value);
      case OLD_PRESTART -> HookNotations.old(ListProperty.PRESTART, option, value);
      case OLD_POSTSTART -> HookNotations.old(ListProperty.POSTSTART, option, value);
      case OLD_POSTSTOP -> HookNotations.old(ListProperty.POSTSTOP, option, value);
      case OLD_PRESTART_CLEAR -> ListProperty.PRESTART.clear();
      case OLD_POSTSTART_CLEAR -> ListProperty.POSTSTART.clear();
      case OLD_POSTSTOP_CLEAR -> ListProperty.POSTSTOP.clear();
      case PRIVILEGED -> SeccompNotations.unconfined();
      case SECCOMP -> SeccompNotations.profile(option, value, context);
      case SECCOMP_DEFAULT -> SeccompNotations.defaultAction(option, value, true);
      case SECCOMP_DEFAULT_FORCE -> SeccompNotations.defaultAction(option, value, false);
      case SECCOMP_ARCH -> SeccompNotations.architectures(option, value);
      case SECCOMP_ALLOW -> SeccompNotations.rules("SCMP_ACT_ALLOW", option, value, context);
      case SECCOMP_ERRNO -> SeccompNotations.rules("SCMP_ACT_ERRNO", option, value, context);
      case SECCOMP_KILL -> SeccompNotations.rules("SCMP_ACT_KILL", option, value, context);
      case SECCOMP_TRACE -> SeccompNotations.rules("SCMP_ACT_TRACE", option, value, context);
      case SECCOMP_TRAP -> SeccompNotations.rules("SCMP_ACT_TRAP", option, value, context);
      case SECCOMP_REMOVE -> SeccompNotations.remove(option, value);
      case SECCOMP_CLEAR -> SeccompNotations.clear();
      case SET -> DocumentNotations.set(option, value);
      case UNSET -> DocumentNotations.unset(option, value);
      case MERGE -> DocumentNotations.merge(option, value, context);
      case PATCH -> DocumentNotations.patch(option, value, context);
      case OS -> DocumentNotations.platform(option, value);
      case WINDOWS_DEVICE -> DeviceNotations.windows(option, value);
      case IGNORED -> SpecEdit.nothing();
    };
  }
}
