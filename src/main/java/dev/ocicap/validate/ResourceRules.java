package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/// Rules about `linux.resources` without its devices (config-linux.md#control-groups).
final class ResourceRules {
  private static final String MEMORY = "config-linux.md#memory";
  private static final String CPU = "config-linux.md#cpu";
  private static final String BLOCK_IO = "config-linux.md#block-io";
  private static final String UNIFIED = "config-linux.md#unified";

  /// What only cgroup v1 has.
  private static final List<List<String>> V1_ONLY =
      List.of(
          List.of("memory", "kernel"),
          List.of("memory", "kernelTCP"),
          List.of("memory", "swappiness"),
          List.of("memory", "disableOOMKiller"),
          List.of("memory", "useHierarchy"),
          List.of("cpu", "realtimePeriod"),
          List.of("cpu", "realtimeRuntime"),
          List.of("blockIO", "leafWeight"),
          List.of("network", "classID"),
          List.of("network", "priorities"));

  /// The files of cgroup v2 that another property is written to.
  private static final Map<String, List<String>> WRITTEN_BY =
      Map.ofEntries(
          Map.entry("memory.max", List.of("memory", "limit")),
          Map.entry("memory.low", List.of("memory", "reservation")),
          Map.entry("memory.swap.max", List.of("memory", "swap")),
          Map.entry("cpu.weight", List.of("cpu", "shares")),
          Map.entry("cpu.max", List.of("cpu", "quota")),
          Map.entry("cpu.max.burst", List.of("cpu", "burst")),
          Map.entry("cpu.idle", List.of("cpu", "idle")),
          Map.entry("cpuset.cpus", List.of("cpu", "cpus")),
          Map.entry("cpuset.mems", List.of("cpu", "mems")),
          Map.entry("pids.max", List.of("pids", "limit")),
          Map.entry("io.bfq.weight", List.of("blockIO", "weight")),
          Map.entry("io.weight", List.of("blockIO", "weight")));

  static final List<Rule> ALL =
      List.of(
          Rule.of("memory-limit-range", Level.MUST, MEMORY, ResourceRules::memoryRange),
          Rule.of("memory-swap-below-limit", Level.MUST, MEMORY, ResourceRules::swap),
          Rule.of("memory-swap-alone", Level.MUST, MEMORY, ResourceRules::swapAlone),
          Rule.of("memory-reservation-above-limit", Level.SHOULD, MEMORY, ResourceRules::reserve),
          Rule.of("memory-swappiness-range", Level.MUST, MEMORY, ResourceRules::swappiness),
          Rule.of("memory-kernel-deprecated", Level.SHOULD, MEMORY, ResourceRules::kernel),
          Rule.of("cpu-burst-above-quota", Level.MUST, CPU, ResourceRules::burst),
          Rule.of("cpu-period-range", Level.MUST, "cgroups(7)", ResourceRules::period),
          Rule.of("cpu-quota-range", Level.MUST, "cgroups(7)", ResourceRules::quota),
          Rule.of("cpu-shares-range", Level.SHOULD, CPU, ResourceRules::shares),
          Rule.of("cpu-idle-range", Level.MUST, CPU, ResourceRules::idle),
          Rule.of("cpu-list-form", Level.MUST, "cpuset(7)", ResourceRules::lists),
          Rule.of("block-io-weight-range", Level.MUST, BLOCK_IO, ResourceRules::weights),
          Rule.of("block-io-weight-required", Level.MUST, BLOCK_IO, ResourceRules::weightDevice),
          Rule.of("block-io-rate-required", Level.MUST, BLOCK_IO, ResourceRules::rate),
          Rule.of("pids-limit-range", Level.MUST, "config-linux.md#pids", ResourceRules::pids),
          Rule.of("pids-limit-zero", Level.ADVICE, "config-linux.md#pids", ResourceRules::noPids),
          Rule.of("rdma-limit-required", Level.MUST, "config-linux.md#rdma", ResourceRules::rdma),
          Rule.of("unified-key-form", Level.MUST, UNIFIED, ResourceRules::unifiedKey),
          Rule.of("unified-written-twice", Level.ADVICE, UNIFIED, ResourceRules::writtenTwice),
          Rule.of(
              "resource-v1-only",
              Level.ADVICE,
              "config-linux.md#control-groups",
              ResourceRules::v1Only));

  private ResourceRules() {}

  private static Value resources(Document document) {
    return document.get("linux", "resources");
  }

  private static Value memory(Document document, String key) {
    return document.get("linux", "resources", "memory", key);
  }

  private static Value cpu(Document document, String key) {
    return document.get("linux", "resources", "cpu", key);
  }

  private static void memoryRange(Document document, Findings findings) {
    for (String key : List.of("limit", "reservation", "swap", "kernel", "kernelTCP")) {
      Value bytes = memory(document, key);
      if (bytes.isOutside(-1, Long.MAX_VALUE)) {
        findings.add(bytes, bytes.shown() + " is less than -1, which means no limit", "-1");
      }
    }
  }

  static void swap(Document document, Findings findings) {
    Value limit = memory(document, "limit");
    Value swap = memory(document, "swap");
    if (limit.isPositive() && swap.isPositive() && swap.integer().compareTo(limit.integer()) < 0) {
      findings.add(
          swap,
          swap.shown() + " is memory and swap together, and less than the limit " + limit.quoted(),
          limit.quoted());
    }
  }

  private static void swapAlone(Document document, Findings findings) {
    Value swap = memory(document, "swap");
    if (swap.isPositive() && !memory(document, "limit").isPositive()) {
      findings.add(
          swap,
          swap.shown() + " needs linux.resources.memory.limit",
          "\"limit\": " + swap.quoted());
    }
  }

  private static void reserve(Document document, Findings findings) {
    Value limit = memory(document, "limit");
    Value reservation = memory(document, "reservation");
    if (limit.isPositive() && reservation.integer().compareTo(limit.integer()) > 0) {
      findings.add(
          reservation,
          reservation.shown() + " is above the limit " + limit.quoted(),
          limit.quoted());
    }
  }

  private static void swappiness(Document document, Findings findings) {
    Value swappiness = memory(document, "swappiness");
    if (swappiness.isOutside(0, 100)) {
      findings.add(swappiness, swappiness.shown() + " is not in 0 … 100", null);
    }
  }

  private static void kernel(Document document, Findings findings) {
    for (String key : List.of("kernel", "kernelTCP")) {
      Value limit = memory(document, key);
      if (limit.isPositive()) {
        findings.add(
            limit, limit.path() + " is not recommended: newer kernels ignore it", "remove it");
      }
    }
  }

  private static void burst(Document document, Findings findings) {
    Value burst = cpu(document, "burst");
    Value quota = cpu(document, "quota");
    if (quota.isPositive() && burst.integer().compareTo(quota.integer()) > 0) {
      findings.add(burst, burst.shown() + " is above the quota " + quota.quoted(), quota.quoted());
    }
  }

  static void period(Document document, Findings findings) {
    Value period = cpu(document, "period");
    if (period.isPositive() && period.isOutside(1000, 1_000_000)) {
      findings.add(
          period, period.shown() + " is not in 1000 … 1000000 microseconds", "\"period\": 100000");
    }
  }

  static void quota(Document document, Findings findings) {
    Value quota = cpu(document, "quota");
    if (quota.isPositive() && quota.integer().compareTo(BigInteger.valueOf(1000)) < 0) {
      findings.add(
          quota, quota.shown() + " is less than the kernel's 1000 microseconds", "\"quota\": 1000");
    }
  }

  private static void shares(Document document, Findings findings) {
    Value shares = cpu(document, "shares");
    if (shares.isPositive() && shares.isOutside(2, 262_144)) {
      findings.add(
          shares,
          shares.shown() + " is not in 2 … 262144: it is refused or cut",
          "\"shares\": 1024");
    }
  }

  private static void idle(Document document, Findings findings) {
    Value idle = cpu(document, "idle");
    if (idle.isOutside(0, 1)) {
      findings.add(idle, idle.shown() + " is neither 0 nor 1", null);
    }
  }

  private static void lists(Document document, Findings findings) {
    for (String key : List.of("cpus", "mems")) {
      Value list = cpu(document, key);
      if (!list.text().isEmpty() && !Forms.isCpuList(list.text())) {
        findings.add(list, list.shown() + " is not a list of numbers and ranges", "\"0-3,7\"");
      }
    }
  }

  private static void weights(Document document, Findings findings) {
    Value blockIo = resources(document).get("blockIO");
    weights(blockIo, findings);
    for (Value device : blockIo.get("weightDevice").items()) {
      weights(device, findings);
    }
  }

  private static void weights(Value around, Findings findings) {
    for (String key : List.of("weight", "leafWeight")) {
      Value weight = around.get(key);
      if (weight.isPositive() && weight.isOutside(10, 1000)) {
        findings.add(weight, weight.shown() + " is not in 10 … 1000", null);
      }
    }
  }

  private static void weightDevice(Document document, Findings findings) {
    for (Value device : resources(document).get("blockIO", "weightDevice").items()) {
      if (device.isObject()
          && !device.get("weight").exists()
          && !device.get("leafWeight").exists()) {
        findings.add(device, device.path() + " has neither weight nor leafWeight", null);
      }
    }
  }

  private static void rate(Document document, Findings findings) {
    for (String key :
        List.of(
            "throttleReadBpsDevice",
            "throttleWriteBpsDevice",
            "throttleReadIOPSDevice",
            "throttleWriteIOPSDevice")) {
      for (Value device : resources(document).get("blockIO", key).items()) {
        if (device.isObject() && !device.get("rate").exists()) {
          findings.add(device, device.path() + " lacks 'rate'", null);
        }
      }
    }
  }

  static void pids(Document document, Findings findings) {
    Value limit = resources(document).get("pids", "limit");
    if (limit.isOutside(-1, Long.MAX_VALUE)) {
      findings.add(limit, limit.shown() + " is less than -1, which means no limit", "-1");
    }
  }

  private static void noPids(Document document, Findings findings) {
    Value limit = resources(document).get("pids", "limit");
    if (limit.isInteger() && limit.integer().signum() == 0) {
      findings.add(
          limit, "linux.resources.pids.limit 0: older runtimes set no limit, newer ones 0", "-1");
    }
  }

  private static void rdma(Document document, Findings findings) {
    for (Value device : resources(document).get("rdma").members()) {
      if (device.isObject()
          && !device.get("hcaHandles").exists()
          && !device.get("hcaObjects").exists()) {
        findings.add(device, device.path() + " has neither hcaHandles nor hcaObjects", null);
      }
    }
  }

  private static void unifiedKey(Document document, Findings findings) {
    for (Value file : resources(document).get("unified").members()) {
      if (file.key().isEmpty() || file.key().indexOf('/') >= 0 || file.key().equals("..")) {
        findings.addKey(file, file.path() + " is not the name of a file in a cgroup", null);
      }
    }
  }

  private static void writtenTwice(Document document, Findings findings) {
    for (Value file : resources(document).get("unified").members()) {
      List<String> path = WRITTEN_BY.get(file.key());
      if (path != null) {
        Value other = resources(document).get(path.getFirst(), path.getLast());
        if (other.exists()) {
          findings.addKey(
              file, file.path() + " is also written by " + other.path(), "remove one of the two");
        }
      }
    }
  }

  private static void v1Only(Document document, Findings findings) {
    for (List<String> path : V1_ONLY) {
      Value value = resources(document).get(path.getFirst(), path.getLast());
      boolean set =
          value.isTrue() || value.isPositive() || (value.isArray() && !value.items().isEmpty());
      if (set) {
        findings.add(value, value.path() + " has no effect with cgroup v2", null);
      }
    }
  }
}
