package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Rlimit;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Edits of limits: `linux.resources` (config-linux.md#control-groups) and `process.rlimits`.
public final class ResourceEdits {
  private ResourceEdits() {}

  /// What a block device is limited in.
  public enum Throttle {
    /// Bytes read in a second.
    READ_BPS("throttleReadBpsDevice"),
    /// Bytes written in a second.
    WRITE_BPS("throttleWriteBpsDevice"),
    /// Reads in a second.
    READ_IOPS("throttleReadIOPSDevice"),
    /// Writes in a second.
    WRITE_IOPS("throttleWriteIOPSDevice"),
    /// The share of the device's time, 10 … 1000.
    WEIGHT("weightDevice");

    private final String key;

    Throttle(String key) {
      this.key = key;
    }
  }

  /// A number for one block device.
  ///
  /// @param major the kernel's major number
  /// @param minor the kernel's minor number
  /// @param value the weight or the rate, an unsigned number
  public record BlockDevice(long major, long minor, long value) {}

  /// Replaces `linux.resources.memory.limit`, in bytes.
  public static SpecEdit memoryLimit(long bytes) {
    return Property.MEMORY_LIMIT.set(JsonValues.number(bytes));
  }

  /// Replaces `linux.resources.memory.reservation`, in bytes.
  public static SpecEdit memoryReservation(long bytes) {
    return Property.MEMORY_RESERVATION.set(JsonValues.number(bytes));
  }

  /// Replaces `linux.resources.memory.swap`: memory and swap together, in bytes.
  public static SpecEdit memorySwap(long bytes) {
    return Property.MEMORY_SWAP.set(JsonValues.number(bytes));
  }

  /// Replaces `linux.resources.memory.swappiness`, 0 … 100.
  public static SpecEdit memorySwappiness(long percent) {
    return Property.MEMORY_SWAPPINESS.set(JsonValues.number(percent));
  }

  /// Replaces `linux.resources.memory.disableOOMKiller`.
  public static SpecEdit disableOomKiller(boolean disable) {
    return Property.OOM_KILL_DISABLE.set(JsonValues.bool(disable));
  }

  /// Replaces `linux.resources.cpu.shares`.
  public static SpecEdit cpuShares(long shares) {
    return Property.CPU_SHARES.set(JsonValues.number(shares));
  }

  /// Replaces `linux.resources.cpu.quota`, in microseconds a period.
  public static SpecEdit cpuQuota(long microseconds) {
    return Property.CPU_QUOTA.set(JsonValues.number(microseconds));
  }

  /// Replaces `linux.resources.cpu.period`, in microseconds.
  public static SpecEdit cpuPeriod(long microseconds) {
    return Property.CPU_PERIOD.set(JsonValues.number(microseconds));
  }

  /// Replaces `linux.resources.cpu.realtimeRuntime`, in microseconds.
  public static SpecEdit cpuRealtimeRuntime(long microseconds) {
    return Property.CPU_REALTIME_RUNTIME.set(JsonValues.number(microseconds));
  }

  /// Replaces `linux.resources.cpu.realtimePeriod`, in microseconds.
  public static SpecEdit cpuRealtimePeriod(long microseconds) {
    return Property.CPU_REALTIME_PERIOD.set(JsonValues.number(microseconds));
  }

  /// Replaces `linux.resources.cpu.cpus`: a list such as `0-2,7`.
  public static SpecEdit cpus(String list) {
    return Property.CPUSET_CPUS.set(JsonValues.string(list));
  }

  /// Replaces `linux.resources.cpu.mems`: a list such as `0-2,7`.
  public static SpecEdit mems(String list) {
    return Property.CPUSET_MEMS.set(JsonValues.string(list));
  }

  /// Replaces `linux.resources.pids.limit`.
  public static SpecEdit pidsLimit(long processes) {
    return Property.PIDS_LIMIT.set(JsonValues.number(processes));
  }

  /// Replaces `linux.resources.blockIO.weight`, 10 … 1000.
  public static SpecEdit blockWeight(long weight) {
    return Property.BLKIO_WEIGHT.set(JsonValues.number(weight));
  }

  /// Replaces one of the lists of `linux.resources.blockIO`.
  public static SpecEdit blockDevices(Throttle throttle, List<BlockDevice> devices) {
    if (devices.isEmpty()) {
      return SpecEdit.nothing();
    }
    List<BlockDevice> copy = List.copyOf(devices);
    String value = throttle == Throttle.WEIGHT ? "weight" : "rate";
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (BlockDevice device : copy) {
        ObjectNode node = JsonValues.object();
        node.set("major", JsonValues.number(device.major()));
        node.set("minor", JsonValues.number(device.minor()));
        node.set(value, JsonValues.number(unsigned(device.value())));
        array.add(node);
      }
      draft.set(array, "linux", "resources", "blockIO", throttle.key);
    };
  }

  /// Replaces `linux.cgroupsPath` (config-linux.md#cgroups-path).
  public static SpecEdit cgroupsPath(String path) {
    return Property.CGROUPS_PATH.set(JsonValues.string(path));
  }

  /// Replaces `process.rlimits` (config.md#posix-process); nothing is written when there are none.
  public static SpecEdit rlimits(List<Rlimit> rlimits) {
    if (rlimits.isEmpty()) {
      return draft -> draft.remove("process", "rlimits");
    }
    List<Rlimit> copy = List.copyOf(rlimits);
    return draft -> {
      ArrayNode array = JsonValues.array();
      for (Rlimit rlimit : copy) {
        ObjectNode node = JsonValues.object();
        node.set("type", JsonValues.string(rlimit.type()));
        node.set("hard", JsonValues.number(unsigned(rlimit.hard())));
        node.set("soft", JsonValues.number(unsigned(rlimit.soft())));
        array.add(node);
      }
      draft.set(array, "process", "rlimits");
    };
  }

  /// Adds a resource limit of the process, or replaces the one of that type.
  public static SpecEdit rlimit(String type, BigInteger soft, BigInteger hard) {
    ObjectNode node = JsonValues.object();
    node.set("type", JsonValues.string(type));
    node.set("hard", JsonValues.number(hard));
    node.set("soft", JsonValues.number(soft));
    return ListProperty.RLIMITS.add(node);
  }

  /// Adds a limit on pages of one size, or replaces it.
  ///
  /// @param pageSize such as `2MB`
  public static SpecEdit hugepageLimit(String pageSize, BigInteger bytes) {
    ObjectNode node = JsonValues.object();
    node.set("pageSize", JsonValues.string(pageSize));
    node.set("limit", JsonValues.number(bytes));
    return ListProperty.HUGEPAGE_LIMITS.add(node);
  }

  /// Adds a number for one block device to a list, or replaces it.
  ///
  /// @param list one of the `…_DEVICES`
  /// @param leaf whether a weight is meant for the processes of the group itself
  public static SpecEdit blockDevice(
      ListProperty list, long major, long minor, BigInteger value, boolean leaf) {
    String key = list != ListProperty.WEIGHT_DEVICES ? "rate" : leaf ? "leafWeight" : "weight";
    return draft -> {
      ObjectNode node = JsonValues.object();
      node.set("major", JsonValues.number(major));
      node.set("minor", JsonValues.number(minor));
      if (list == ListProperty.WEIGHT_DEVICES) {
        for (JsonNode other : draft.array("linux", "resources", "blockIO", "weightDevice")) {
          if (other.path("major").asLong(-1) == major && other.path("minor").asLong(-1) == minor) {
            node = other.deepCopy();
          }
        }
      }
      node.set(key, JsonValues.number(value));
      list.add(node).accept(draft);
    };
  }

  /// Adds the priority of a network interface's traffic, or replaces it.
  public static SpecEdit networkPriority(String networkInterface, long priority) {
    ObjectNode node = JsonValues.object();
    node.set("name", JsonValues.string(networkInterface));
    node.set("priority", JsonValues.number(priority));
    return ListProperty.NET_PRIORITIES.add(node);
  }

  /// Limits what may be held of an RDMA device; null is no limit.
  public static SpecEdit rdma(String device, @Nullable Long handles, @Nullable Long objects) {
    ObjectNode node = JsonValues.object();
    if (handles != null) {
      node.set("hcaHandles", JsonValues.number(handles));
    }
    if (objects != null) {
      node.set("hcaObjects", JsonValues.number(objects));
    }
    return MapProperty.RDMA.put(device, node);
  }

  /// Replaces `linux.memoryPolicy` (config-linux.md#memory-policy).
  ///
  /// @param mode such as `MPOL_BIND`
  /// @param nodes a list such as `0-1`, or ""
  /// @param flags such as `MPOL_F_STATIC_NODES`
  public static SpecEdit memoryPolicy(String mode, String nodes, List<String> flags) {
    List<String> copy = List.copyOf(flags);
    return draft -> {
      ObjectNode node = JsonValues.object();
      node.set("mode", JsonValues.string(mode));
      if (!nodes.isEmpty()) {
        node.set("nodes", JsonValues.string(nodes));
      }
      if (!copy.isEmpty()) {
        node.set("flags", JsonValues.strings(copy));
      }
      draft.set(node, "linux", "memoryPolicy");
    };
  }

  /// Removes `linux.memoryPolicy`.
  public static SpecEdit removeMemoryPolicy() {
    return draft -> draft.remove("linux", "memoryPolicy");
  }

  private static BigInteger unsigned(long value) {
    BigInteger signed = BigInteger.valueOf(value);
    return value < 0 ? signed.add(BigInteger.ONE.shiftLeft(64)) : signed;
  }
}
