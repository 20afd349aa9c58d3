package dev.ocicap.docker;

import dev.ocicap.docker.BlockDeviceNotation.Kind;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.ResourceEdits.BlockDevice;
import dev.ocicap.edit.ResourceEdits.Throttle;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Limits: memory, processors, block devices, processes, and those of setrlimit(2).
final class ResourceSettings {
  private static final long MIN_MEMORY = 6L << 20;
  private static final long CPU_PERIOD = 100_000;

  private final Conversion c;
  private final List<SpecEdit> edits = new ArrayList<>();

  private ResourceSettings(Conversion c) {
    this.c = c;
  }

  /// Writes `linux.resources` without the device rules.
  static SpecEdit of(Conversion c) {
    ResourceSettings settings = new ResourceSettings(c);
    settings.memory();
    settings.cpu();
    settings.cpusets();
    settings.blockDevices();
    settings.pids();
    return SpecEdit.all(settings.edits);
  }

  private boolean isV2() {
    return c.host.cgroup() == TargetHost.CgroupVersion.V2;
  }

  private void memory() {
    long memory = c.bytes("memory");
    long reservation = c.bytes("memory-reservation");
    long swap = c.last("memory-swap", 0L, text -> ByteSize.parseOrUnlimited(text).bytes());
    c.bytes("kernel-memory");
    if (memory != 0 && memory < MIN_MEMORY) {
      c.problem("--memory: less than 6m", null);
    }
    if (memory > 0 && swap > 0 && swap < memory) {
      c.problem("--memory-swap: less than '--memory', which it includes", null);
    }
    if (memory == 0 && swap > 0) {
      c.problem("--memory-swap needs '--memory'", null);
    }
    if (reservation > 0 && reservation < MIN_MEMORY) {
      c.problem("--memory-reservation: less than 6m", null);
    }
    if (memory > 0 && reservation > memory) {
      c.problem("--memory-reservation: more than '--memory'", null);
    }
    if (memory > 0) {
      edits.add(ResourceEdits.memoryLimit(memory));
    }
    if (reservation > 0) {
      edits.add(ResourceEdits.memoryReservation(reservation));
    }
    long total = memory > 0 && swap == 0 ? 2 * memory : swap;
    if (total > 0) {
      edits.add(ResourceEdits.memorySwap(total));
    }
    swappiness();
    oomKiller(memory);
  }

  private void swappiness() {
    long swappiness = c.integer("memory-swappiness", -1);
    if (swappiness < -1 || swappiness > 100) {
      c.problem("--memory-swappiness: '" + swappiness + "' is not -1 or 0 … 100", null);
    } else if (swappiness >= 0 && isV2()) {
      discarded("memory-swappiness", "control groups of version 2 have no swappiness");
    } else if (swappiness >= 0) {
      edits.add(ResourceEdits.memorySwappiness(swappiness));
    }
  }

  private void oomKiller(long memory) {
    if (!c.command.isOn("oom-kill-disable")) {
      return;
    }
    if (isV2()) {
      discarded("oom-kill-disable", "control groups of version 2 cannot keep the OOM killer off");
      return;
    }
    if (memory == 0) {
      c.warning("'--oom-kill-disable' without '--memory' can take all of the host's memory", null);
    }
    edits.add(ResourceEdits.disableOomKiller(true));
  }

  private void discarded(String flag, String reason) {
    c.report(flag, new FlagMeaning.Kept(false, reason, null));
    c.warning("'--" + flag + "' is discarded: " + reason, null);
  }

  private void cpu() {
    long shares = c.integer("cpu-shares", 0);
    long period = c.integer("cpu-period", 0);
    long quota = c.integer("cpu-quota", 0);
    long nanos = c.last("cpus", 0L, CpuNotation::nanos);
    if (shares < 0) {
      c.problem("--cpu-shares: '" + shares + "' is negative", null);
    }
    if (nanos > 0 && period > 0) {
      c.conflict("--cpus", "--cpu-period");
    }
    if (nanos > 0 && quota > 0) {
      c.conflict("--cpus", "--cpu-quota");
    }
    if (nanos < 0 || (c.host.cpus() > 0 && nanos > c.host.cpus() * 1_000_000_000L)) {
      c.problem("--cpus: not in the range 0.01 … " + c.host.cpus() + ", which the host has", null);
    }
    if (period != 0 && (period < 1000 || period > 1_000_000)) {
      c.problem("--cpu-period: '" + period + "' is not in the range 1000 … 1000000", null);
    }
    if (quota > 0 && quota < 1000) {
      c.problem("--cpu-quota: '" + quota + "' is less than 1000", null);
    }
    add(shares > 0, ResourceEdits.cpuShares(shares));
    add(nanos > 0, ResourceEdits.cpuQuota(nanos / 10_000));
    add(nanos > 0, ResourceEdits.cpuPeriod(CPU_PERIOD));
    add(quota != 0, ResourceEdits.cpuQuota(quota));
    add(period != 0, ResourceEdits.cpuPeriod(period));
    realtime();
  }

  private void realtime() {
    long period = c.integer("cpu-rt-period", 0);
    long runtime = c.integer("cpu-rt-runtime", 0);
    if ((period != 0 || runtime != 0) && isV2()) {
      c.problem(
          (period != 0 ? "--cpu-rt-period" : "--cpu-rt-runtime")
              + ": control groups of version 2 have no real-time scheduler",
          null);
    } else if (period != 0 && runtime > period) {
      c.problem("--cpu-rt-runtime: more than '--cpu-rt-period'", null);
    }
    add(runtime != 0, ResourceEdits.cpuRealtimeRuntime(runtime));
    add(period != 0, ResourceEdits.cpuRealtimePeriod(period));
  }

  private void add(boolean wanted, SpecEdit edit) {
    if (wanted) {
      edits.add(edit);
    }
  }

  private void cpusets() {
    String cpus = cpuset("cpuset-cpus", c.host.cpusetCpus());
    String mems = cpuset("cpuset-mems", c.host.cpusetMems());
    add(!cpus.isEmpty(), ResourceEdits.cpus(cpus));
    add(!mems.isEmpty(), ResourceEdits.mems(mems));
  }

  private String cpuset(String flag, @Nullable String available) {
    String text = c.command.text(flag);
    if (text.isEmpty()) {
      return "";
    }
    try {
      if (available != null && !NumberList.parse(available).containsAll(NumberList.parse(text))) {
        c.problem(
            "--" + flag + ": '" + text + "' is not available; the host has '" + available + "'",
            null);
      } else {
        NumberList.parse(text);
      }
    } catch (BadValue e) {
      c.badValue(flag, e);
    }
    return text;
  }

  private void pids() {
    long limit = c.integer("pids-limit", 0);
    add(limit > 0, ResourceEdits.pidsLimit(limit));
  }

  private void blockDevices() {
    String typed = c.command.text("blkio-weight");
    boolean signed = typed.startsWith("+") || typed.startsWith("-");
    long weight = c.integer("blkio-weight", 0);
    if (signed || weight < 0 || weight > 65535) {
      c.problem("--blkio-weight: '" + typed + "' is not 0 or 10 … 1000", null);
    } else if (weight > 0 && !hasBlockWeight()) {
      discarded("blkio-weight", "the host's kernel has no weights for block devices");
    } else if (weight > 0 && (weight < 10 || weight > 1000)) {
      c.problem("--blkio-weight: '" + weight + "' is not 0 or 10 … 1000", null);
    } else if (weight > 0) {
      edits.add(ResourceEdits.blockWeight(weight));
    }
    if (hasBlockWeight()) {
      devices("blkio-weight-device", Kind.WEIGHT, Throttle.WEIGHT);
    } else if (!c.all("blkio-weight-device", text -> BlockDeviceNotation.parse(text, Kind.WEIGHT))
        .isEmpty()) {
      discarded("blkio-weight-device", "the host's kernel has no weights for block devices");
    }
    devices("device-read-bps", Kind.BYTES, Throttle.READ_BPS);
    devices("device-write-bps", Kind.BYTES, Throttle.WRITE_BPS);
    devices("device-read-iops", Kind.OPERATIONS, Throttle.READ_IOPS);
    devices("device-write-iops", Kind.OPERATIONS, Throttle.WRITE_IOPS);
  }

  /// The scheduler with weights left version 1 in Linux 5.0.
  private boolean hasBlockWeight() {
    return isV2() || !c.host.kernel().isAtLeast(new KernelVersion(5, 0));
  }

  private void devices(String flag, Kind kind, Throttle throttle) {
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

  /// `process.rlimits`, by name; the last value of a name counts.
  static List<Rlimit> rlimits(Conversion c) {
    TreeMap<String, Rlimit> rlimits = new TreeMap<>();
    for (UlimitNotation ulimit : c.all("ulimit", UlimitNotation::parse)) {
      rlimits.put(ulimit.name(), ulimit.rlimit());
    }
    return List.copyOf(rlimits.values());
  }

  /// `process.oomScoreAdj`.
  static long oomScoreAdj(Conversion c) {
    long score = c.integer("oom-score-adj", 0);
    if (score < -1000 || score > 1000) {
      c.problem("--oom-score-adj: '" + score + "' is not in the range -1000 … 1000", null);
    }
    return score;
  }

  /// `linux.cgroupsPath`, or "" when the runtime is to choose.
  static String cgroupsPath(Conversion c) {
    String parent = c.command.text("cgroup-parent");
    boolean systemd = c.host.cgroupDriver() == TargetHost.CgroupDriver.SYSTEMD;
    if (systemd && !parent.isEmpty() && (parent.length() <= 6 || !parent.endsWith(".slice"))) {
      c.problem("--cgroup-parent: '" + parent + "' is not a slice of systemd: NAME.slice", null);
    }
    if (parent.isEmpty() && !c.options.places().dockerCgroup()) {
      return "";
    }
    if (systemd) {
      return (parent.isEmpty() ? "system.slice" : parent) + ":docker:" + c.options.id();
    }
    return Texts.cleanPath((parent.isEmpty() ? "/docker" : parent) + "/" + c.options.id());
  }
}
