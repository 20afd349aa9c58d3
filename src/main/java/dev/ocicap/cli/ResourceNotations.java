package dev.ocicap.cli;

import dev.ocicap.docker.HostFiles;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.ResourceEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The notations of limits.
final class ResourceNotations {
  /// The period that a number of processors is a quota of, in microseconds.
  static final long PERIOD = 100_000;

  private static final List<String> POLICIES =
      List.of(
          "MPOL_DEFAULT",
          "MPOL_BIND",
          "MPOL_INTERLEAVE",
          "MPOL_WEIGHTED_INTERLEAVE",
          "MPOL_PREFERRED",
          "MPOL_PREFERRED_MANY",
          "MPOL_LOCAL");

  private static final List<String> POLICY_FLAGS =
      List.of("MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES");

  private ResourceNotations() {}

  /// A number of processors with at most five decimals, as a quota of a tenth of a second.
  static SpecEdit cpus(String option, String value) {
    return ResourceEdits.cpuPeriod(PERIOD).then(ResourceEdits.cpuQuota(quota(option, value)));
  }

  /// The quota of a tenth of a second, in microseconds.
  static long quota(String option, String value) {
    int dot = value.indexOf('.');
    String whole = dot < 0 ? value : value.substring(0, dot);
    String fraction = dot < 0 ? "" : value.substring(dot + 1);
    String digits = whole + fraction;
    boolean number = !digits.isEmpty() && digits.length() <= 12 && fraction.length() <= 5;
    long quota = 0;
    for (int i = 0; i < digits.length(); i++) {
      number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
      quota = quota * 10 + (digits.charAt(i) - '0');
    }
    for (int i = fraction.length(); i < 5; i++) {
      quota *= 10;
    }
    if (!number || quota == 0) {
      throw Text.bad(option, value, "a number of processors with at most five decimals", "1.5");
    }
    return quota;
  }

  /// `SIZE=LIMIT` or `SIZE:LIMIT`, the size such as `2MB`.
  static SpecEdit hugepage(String option, String value) {
    int at = Math.max(value.indexOf('='), value.indexOf(':'));
    String size = at < 0 ? value : value.substring(0, at);
    if (at < 0 || !isPageSize(size)) {
      throw Text.bad(option, value, "SIZE=LIMIT with a size such as 64KB, 2MB or 1GB", "2MB=512m");
    }
    String limit = value.substring(at + 1);
    long bytes = Text.bytes(option, limit);
    return ResourceEdits.hugepageLimit(
        size, bytes < 0 ? Text.unsigned(option, "unlimited", true) : BigInteger.valueOf(bytes));
  }

  private static boolean isPageSize(String size) {
    int length = size.length();
    if (length < 3
        || size.charAt(length - 1) != 'B'
        || "KMG".indexOf(size.charAt(length - 2)) < 0
        || size.charAt(0) == '0') {
      return false;
    }
    for (int i = 0; i < length - 2; i++) {
      if (size.charAt(i) < '0' || size.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /// `DEVICE:WEIGHT`; -1 removes.
  static SpecEdit weight(String option, String value, boolean leaf) {
    Target target = target(option, value);
    if (target.value().equals("-1")) {
      return ListProperty.WEIGHT_DEVICES.remove(target.name());
    }
    long weight = Text.integer(option, target.value(), 10, 1000);
    return ResourceEdits.blockDevice(
        ListProperty.WEIGHT_DEVICES,
        target.major(),
        target.minor(),
        BigInteger.valueOf(weight),
        leaf);
  }

  /// `DEVICE:RATE`; -1 removes.
  ///
  /// @param bytes whether the rate may have a unit
  static SpecEdit rate(ListProperty list, String option, String value, boolean bytes) {
    Target target = target(option, value);
    if (target.value().equals("-1") || target.value().equals("unlimited")) {
      return list.remove(target.name());
    }
    BigInteger rate =
        bytes
            ? BigInteger.valueOf(Text.bytes(option, target.value()))
            : Text.unsigned(option, target.value(), false);
    return ResourceEdits.blockDevice(list, target.major(), target.minor(), rate, false);
  }

  /// A block device and what is said about it.
  private record Target(long major, long minor, String value) {
    String name() {
      return major + ":" + minor;
    }
  }

  /// `/dev/NAME:VALUE` or `MAJOR:MINOR:VALUE`.
  private static Target target(String option, String value) {
    int last = value.lastIndexOf(':');
    String device = last < 0 ? value : value.substring(0, last);
    String rest = value.substring(last + 1);
    if (last > 0 && device.startsWith("/")) {
      Optional<HostFiles.Node> node = HostFiles.local().node(device);
      if (node.isEmpty()) {
        throw OcicapException.usage(
            option + ": '" + device + "' is not a device of this host", option + " 8:0:" + rest);
      }
      return new Target(node.get().major(), node.get().minor(), rest);
    }
    int colon = device.indexOf(':');
    if (last <= 0 || colon <= 0) {
      throw Text.bad(option, value, "/dev/NAME:VALUE or MAJOR:MINOR:VALUE", "8:0:100");
    }
    return new Target(
        Text.integer(option, device.substring(0, colon), 0, Integer.MAX_VALUE),
        Text.integer(option, device.substring(colon + 1), 0, Integer.MAX_VALUE),
        rest);
  }

  /// `INTERFACE:PRIORITY`; -1 removes.
  static SpecEdit netPriority(String option, String value) {
    int colon = Math.max(value.lastIndexOf(':'), value.lastIndexOf('='));
    if (colon <= 0) {
      throw Text.bad(option, value, "INTERFACE:PRIORITY", "eth0:5");
    }
    String name = value.substring(0, colon);
    String priority = value.substring(colon + 1);
    return priority.equals("-1")
        ? ListProperty.NET_PRIORITIES.remove(name)
        : ResourceEdits.networkPriority(name, Text.integer(option, priority, 0, 0xffffffffL));
  }

  /// `DEVICE=handles=N,objects=N`, at least one of the two.
  static SpecEdit rdma(String option, String value) {
    Text.Pair pair = Text.pair(option, value);
    Long handles = null;
    Long objects = null;
    for (String field : Text.split(pair.value(), ',')) {
      Text.Pair limit = Text.pair(option, field);
      long number = Text.integer(option, limit.value(), 0, 0xffffffffL);
      switch (limit.key()) {
        case "handles" -> handles = number;
        case "objects" -> objects = number;
        default -> throw Text.bad(option, field, "handles=N or objects=N", "mlx5_0=handles=3");
      }
    }
    return ResourceEdits.rdma(pair.key(), handles, objects);
  }

  /// `MODE[:NODES][,FLAG…]`; nothing removes it.
  static SpecEdit memoryPolicy(String option, String value) {
    if (value.isEmpty()) {
      return ResourceEdits.removeMemoryPolicy();
    }
    int colon = value.indexOf(':');
    String mode = colon < 0 ? value : value.substring(0, colon);
    String rest = colon < 0 ? "" : value.substring(colon + 1);
    List<String> parts = Text.split(colon < 0 ? mode : rest, ',');
    List<String> nodes = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    for (String part : parts.subList(colon < 0 ? 1 : 0, parts.size())) {
      if (!part.isEmpty() && Character.isDigit(part.charAt(0))) {
        nodes.add(part);
      } else {
        flags.add(Text.word(option, part, POLICY_FLAGS, "MPOL_F_"));
      }
    }
    String word = Text.word(option, colon < 0 ? parts.getFirst() : mode, POLICIES, "MPOL_");
    boolean withoutNodes = word.equals("MPOL_DEFAULT") || word.equals("MPOL_LOCAL");
    boolean needsNodes = !withoutNodes && !word.equals("MPOL_PREFERRED");
    if ((withoutNodes && !nodes.isEmpty()) || (needsNodes && nodes.isEmpty())) {
      throw OcicapException.usage(
          option + ": '" + value + "': " + word + (needsNodes ? " needs nodes" : " takes no nodes"),
          option + " " + (needsNodes ? mode + ":0-1" : mode));
    }
    return ResourceEdits.memoryPolicy(word, String.join(",", nodes), flags);
  }
}
