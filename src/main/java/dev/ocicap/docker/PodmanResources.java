package dev.ocicap.docker;

import dev.ocicap.edit.Property;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.ResourceEdits.BlockDevice;
import dev.ocicap.edit.ResourceEdits.Throttle;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// `linux.resources` without the device rules, and the limits of the process, as podman writes
/// them.
final class PodmanResources {
  /// How many processes a container may have that asks for nothing.
  static final long PIDS_LIMIT = 2048;

  private static final long CPU_PERIOD = 100_000;
  private static final long OPEN_FILES = 1_048_576;

  private final Conversion c;
  private final List<SpecEdit> edits = new ArrayList<>();

  private PodmanResources(Conversion c) {
    this.c = c;
  }

  static SpecEdit of(Conversion c) {
    PodmanResources resources = new PodmanResources(c);
    resources.memory();
    resources.cpu();
    resources.blockDevices();
    if (c.command.has("pids-limit")) {
      resources.edits.add(ResourceEdits.pidsLimit(c.integer("pids-limit", 0)));
    } else if (!c.command.text("cgroups").equals("disabled")) {
      resources.edits.add(ResourceEdits.pidsLimit(PIDS_LIMIT));
    }
    resources.edits.add(unified(c));
    return SpecEdit.all(resources.edits);
  }

  private boolean isV2() {
    return c.host.cgroup() == TargetHost.CgroupVersion.V2;
  }

  private void memory() {
    long limit = c.command.text("memory").isEmpty() ? 0 : c.bytes("memory");
    String swap = c.command.text("memory-swap");
    if (limit > 0) {
      edits.add(ResourceEdits.memoryLimit(limit));
    }
    if (c.command.has("memory-reservation")) {
      edits.add(ResourceEdits.memoryReservation(c.bytes("memory-reservation")));
    }
    if (!swap.isEmpty() && !swap.equals("-1")) {
      long total = c.bytes("memory-swap");
      edits.add(ResourceEdits.memorySwap(total));
      if (limit == 0 && total > 0) {
        c.problem("--memory-swap needs '--memory'", null);
      } else if (total > 0 && total < limit) {
        c.problem("--memory-swap: less than '--memory', which it includes", null);
      }
    } else if (swap.isEmpty() && limit > 0) {
      edits.add(ResourceEdits.memorySwap(2 * limit));
    }
    long swappiness = c.integer("memory-swappiness", -1);
    if (swappiness >= 0 && isV2()) {
      c.problem("--memory-swappiness: control groups of version 2 have no swappiness", null);
    } else if (swappiness > 100) {
      c.problem("--memory-swappiness: '" + swappiness + "' is not 0 … 100", null);
    } else if (swappiness >= 0) {
      edits.add(ResourceEdits.memorySwappiness(swappiness));
    }
    if (c.command.isOn("oom-kill-disable")) {
      if (isV2()) {
        c.problem(
            "--oom-kill-disable: control groups of version 2 cannot keep the OOM killer off", null);
      }
      edits.add(ResourceEdits.disableOomKiller(true));
    }
  }

  private void cpu() {
    double cpus = c.last("cpus", 0.0, PodmanResources::decimal);
    if (cpus > 0) {
      if (c.command.has("cpu-period")) {
        c.conflict("--cpus", "--cpu-period");
      }
      if (c.command.has("cpu-quota")) {
        c.conflict("--cpus", "--cpu-quota");
      }
      edits.add(ResourceEdits.cpuPeriod(CPU_PERIOD));
      edits.add(ResourceEdits.cpuQuota((long) (cpus * CPU_PERIOD)));
    }
    positive("cpu-shares", ResourceEdits::cpuShares);
    positive("cpu-period", ResourceEdits::cpuPeriod);
    positive("cpu-quota", ResourceEdits::cpuQuota);
    for (String flag : List.of("cpu-rt-period", "cpu-rt-runtime")) {
      if (c.integer(flag, 0) > 0 && isV2()) {
        String reason = "control groups of version 2 have no real-time scheduler";
        c.report(flag, new FlagMeaning.Unsupported(reason, null));
        c.warning("'--" + flag + "' is discarded: " + reason, null);
      }
    }
    if (!isV2()) {
      positive("cpu-rt-period", ResourceEdits::cpuRealtimePeriod);
      positive("cpu-rt-runtime", ResourceEdits::cpuRealtimeRuntime);
    }
    cpuset("cpuset-cpus", true);
    cpuset("cpuset-mems", false);
  }

  private void cpuset(String flag, boolean cpus) {
    String text = c.command.text(flag);
    if (text.isEmpty()) {
      return;
    }
    try {
      NumberList.parse(text);
    } catch (BadValue e) {
      c.badValue(flag, e);
    }
    edits.add(cpus ? ResourceEdits.cpus(text) : ResourceEdits.mems(text));
  }

  private void positive(String flag, LongFunction<SpecEdit> edit) {
    long value = c.integer(flag, 0);
    if (value > 0) {
      edits.add(edit.apply(value));
    }
  }

  static double decimal(String text) {
    if (text.isEmpty() || text.length() > 32 || !isDecimal(text)) {
      throw new BadValue("'" + text + "' is not a number such as '1.5'");
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new BadValue("'" + text + "' is not a number such as '1.5'");
    }
  }

  private static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789.+-eE".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private void blockDevices() {
    String weight = c.command.text("blkio-weight");
    if (!weight.isEmpty()) {
      try {
        long number = GoSyntax.parseUnsigned(weight);
        if (number < 10 || number > 1000) {
          throw new BadValue("'" + weight + "' is not 10 … 1000");
        }
        edits.add(ResourceEdits.blockWeight(number));
      } catch (BadValue e) {
        c.badValue("blkio-weight", e);
      }
    }
    devices("blkio-weight-device", BlockDeviceNotation.Kind.WEIGHT, Throttle.WEIGHT);
    devices("device-read-bps", BlockDeviceNotation.Kind.BYTES, Throttle.READ_BPS);
    devices("device-write-bps", BlockDeviceNotation.Kind.BYTES, Throttle.WRITE_BPS);
    devices("device-read-iops", BlockDeviceNotation.Kind.OPERATIONS, Throttle.READ_IOPS);
    devices("device-write-iops", BlockDeviceNotation.Kind.OPERATIONS, Throttle.WRITE_IOPS);
  }

  private void devices(String flag, BlockDeviceNotation.Kind kind, Throttle throttle) {
    List<BlockDevice> devices = new ArrayList<>();
    for (BlockDeviceNotation one : c.all(flag, text -> BlockDeviceNotation.parse(text, kind))) {
      Optional<HostFiles.Node> node = c.client.files().node(one.path());
      if (node.isEmpty()) {
        c.problem("--" + flag + ": no device '" + one.path() + "'", null);
      } else {
        devices.add(new BlockDevice(node.get().major(), node.get().minor(), one.value()));
      }
    }
    edits.add(ResourceEdits.blockDevices(throttle, devices));
  }

  /// `--cgroup-conf`: files of control groups of version 2.
  static SpecEdit unified(Conversion c) {
    List<SpecEdit> edits = new ArrayList<>();
    for (String text : c.command.all("cgroup-conf")) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        c.problem("--cgroup-conf: '" + text + "' is not KEY=VALUE", null);
        continue;
      }
      String key = text.substring(0, equals);
      String value = text.substring(equals + 1);
      edits.add(draft -> draft.set(JsonValues.string(value), "linux", "resources", "unified", key));
    }
    if (!edits.isEmpty() && c.host.cgroup() != TargetHost.CgroupVersion.V2) {
      c.problem("--cgroup-conf needs control groups of version 2", null);
    }
    return SpecEdit.all(edits);
  }

  /// `process.user.umask` of an octal number.
  static SpecEdit umask(Conversion c, String text) {
    boolean octal = text.length() <= 4;
    for (int i = 0; i < text.length(); i++) {
      octal &= text.charAt(i) >= '0' && text.charAt(i) <= '7';
    }
    if (!octal) {
      c.problem("--umask: '" + text + "' is not one to four octal digits", "--umask 0022");
      return SpecEdit.nothing();
    }
    return Property.UMASK.set(JsonValues.number(Long.parseLong(text, 8)));
  }

  /// `process.rlimits`: in the order given; open files and processes have podman's limits where
  /// nobody named others. Those are cut to the caller's where he may not raise them; a bundle,
  /// which anybody may start, leaves the caller's as they are.
  static List<Rlimit> rlimits(Conversion c) {
    List<Rlimit> rlimits = new ArrayList<>();
    for (String text : c.command.all("ulimit")) {
      if (text.equals("host")) {
        rlimits.clear();
        break;
      }
      String lower = text.toLowerCase(java.util.Locale.ROOT);
      String plain = lower.startsWith("rlimit_") ? lower.substring("rlimit_".length()) : lower;
      try {
        Rlimit rlimit = UlimitNotation.parse(plain).rlimit();
        rlimits.removeIf(other -> other.type().equals(rlimit.type()));
        rlimits.add(rlimit);
      } catch (BadValue e) {
        c.badValue("ulimit", e);
      }
    }
    for (String type : List.of("RLIMIT_NOFILE", "RLIMIT_NPROC")) {
      boolean given = false;
      for (Rlimit rlimit : rlimits) {
        given |= rlimit.type().equals(type);
      }
      if (!given && !c.isBundle()) {
        rlimits.add(new Rlimit(type, OPEN_FILES, OPEN_FILES));
      }
    }
    return rlimits;
  }

  /// `process.oomScoreAdj`.
  static long oomScoreAdj(Conversion c) {
    return ResourceSettings.oomScoreAdj(c);
  }

  /// `linux.cgroupsPath`, or "" when the runtime is to choose.
  static String cgroupsPath(Conversion c) {
    String parent = c.command.text("cgroup-parent");
    boolean systemd = c.host.cgroupDriver() == TargetHost.CgroupDriver.SYSTEMD;
    if (systemd && !parent.isEmpty() && !parent.endsWith(".slice")) {
      c.problem("--cgroup-parent: '" + parent + "' is not a slice of systemd: NAME.slice", null);
    }
    String mode = c.command.text("cgroups");
    switch (mode) {
      case "disabled" -> {
        c.report(
            "cgroups",
            new FlagMeaning.Unsupported(
                "a runtime puts every container into a control group",
                "crun --cgroup-manager=disabled"));
        return "";
      }
      case "", "enabled", "no-conmon", "split" -> {
        // as it should be
      }
      default ->
          c.problem(
              "--cgroups: '" + mode + "' is not 'enabled', 'disabled', 'no-conmon' or 'split'",
              null);
    }
    if (mode.equals("split")) {
      c.report(
          "cgroups",
          new FlagMeaning.Unsupported(
              "the control group is not split from the one of the caller", "--cgroup-parent"));
    }
    if (parent.isEmpty() && !c.options.places().dockerCgroup()) {
      return "";
    }
    if (systemd) {
      String slice = parent.isEmpty() ? "machine.slice" : parent;
      return slice.substring(slice.lastIndexOf('/') + 1) + ":libpod:" + c.options.id();
    }
    return Texts.cleanPath(
        (parent.isEmpty() ? "/libpod_parent" : parent) + "/libpod-" + c.options.id());
  }
}
