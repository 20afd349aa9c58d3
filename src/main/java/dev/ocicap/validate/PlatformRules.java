package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.List;

/// Rules about Windows, virtual machines, FreeBSD and Solaris.
final class PlatformRules {
  private static final String CPU = "config-windows.md#cpu";
  private static final String JAIL = "config-freebsd.md#jail-configuration";

  static final List<Rule> ALL =
      List.of(
          Rule.of("windows-cpu-exclusive", Level.MUST, CPU, PlatformRules::cpuExclusive),
          Rule.of("windows-cpu-affinity", Level.MUST, CPU, PlatformRules::cpuAffinity),
          Rule.of("windows-cpu-range", Level.MUST, CPU, PlatformRules::cpuRange),
          Rule.of(
              "windows-network-namespace",
              Level.MUST,
              "config-windows.md#network",
              PlatformRules::network),
          Rule.of("vm-path-absolute", Level.MUST, "config-vm.md", PlatformRules::vmPath),
          Rule.of(
              "freebsd-device-path",
              Level.MUST,
              "config-freebsd.md#devices",
              PlatformRules::device),
          Rule.of("jail-vnet-address", Level.SHOULD, JAIL, PlatformRules::vnet),
          Rule.of("jail-network-shared", Level.SHOULD, JAIL, PlatformRules::sharedNetwork),
          Rule.of("jail-host-name", Level.SHOULD, JAIL, PlatformRules::jailHost),
          Rule.of("jail-address-form", Level.SHOULD, JAIL, PlatformRules::address),
          Rule.of("solaris-value-form", Level.SHOULD, "config-solaris.md", PlatformRules::solaris));

  private PlatformRules() {}

  private static void cpuExclusive(Document document, Findings findings) {
    Value cpu = document.get("windows", "resources", "cpu");
    int set = 0;
    for (String key : List.of("count", "shares", "maximum")) {
      set += cpu.get(key).isPositive() ? 1 : 0;
    }
    if (set > 1) {
      findings.add(cpu, cpu.path() + " has more than one of count, shares and maximum", null);
    }
  }

  private static void cpuAffinity(Document document, Findings findings) {
    for (Value group : document.get("windows", "resources", "cpu", "affinity").items()) {
      for (String key : List.of("mask", "group")) {
        if (group.isObject() && !group.get(key).exists()) {
          findings.add(group, group.path() + " lacks '" + key + "'", "\"" + key + "\": 0");
        }
      }
    }
  }

  private static void cpuRange(Document document, Findings findings) {
    for (String key : List.of("shares", "maximum")) {
      Value value = document.get("windows", "resources", "cpu", key);
      if (value.isOutside(0, 10_000)) {
        findings.add(value, value.shown() + " is above 10000", "10000");
      }
    }
  }

  private static void network(Document document, Findings findings) {
    Value network = document.get("windows", "network");
    if (!network.get("networkNamespace").text().isEmpty() && network.members().size() > 1) {
      findings.add(
          network.get("networkNamespace"),
          "windows.network.networkNamespace excludes every other property of windows.network",
          "remove the others");
    }
  }

  private static void vmPath(Document document, Findings findings) {
    Value vm = document.get("vm");
    for (Value path :
        List.of(
            vm.get("hypervisor", "path"),
            vm.get("kernel", "path"),
            vm.get("kernel", "initrd"),
            vm.get("image", "path"))) {
      if (path.isText() && !path.text().startsWith("/")) {
        findings.add(path, path.shown() + " is not an absolute path", null);
      }
    }
  }

  private static void device(Document document, Findings findings) {
    for (Value device : document.get("freebsd", "devices").items()) {
      if (device.isObject() && !device.get("path").exists()) {
        findings.add(device, device.path() + " lacks 'path'", null);
      }
    }
  }

  private static void vnet(Document document, Findings findings) {
    Value jail = document.get("freebsd", "jail");
    if (!jail.get("vnet").is("new")) {
      return;
    }
    for (String key : List.of("ip4", "ip6", "ip4Addr", "ip6Addr")) {
      if (jail.get(key).exists()) {
        findings.add(
            jail.get(key),
            jail.get(key).path() + " has no place in a jail with a network stack of its own",
            "remove it");
      }
    }
  }

  /// A jail without a network stack of its own has its addresses from the parent or from a list.
  private static void sharedNetwork(Document document, Findings findings) {
    Value jail = document.get("freebsd", "jail");
    if (!jail.isObject() || jail.get("vnet").is("new")) {
      return;
    }
    for (String family : List.of("ip4", "ip6")) {
      if (!jail.get(family).exists() && jail.get(family + "Addr").items().isEmpty()) {
        findings.add(
            jail,
            "the jail shares the parent's network, and " + jail.get(family).path() + " is missing",
            "\"" + family + "\": \"inherit\"");
      }
    }
  }

  private static void jailHost(Document document, Findings findings) {
    Value jail = document.get("freebsd", "jail");
    if (jail.exists()
        && !document.get("hostname").text().isEmpty()
        && !jail.get("host").is("new")) {
      findings.add(
          document.get("hostname"), "hostname needs freebsd.jail.host 'new'", "\"host\": \"new\"");
    }
  }

  private static void address(Document document, Findings findings) {
    for (String key : List.of("ip4Addr", "ip6Addr")) {
      String characters = key.equals("ip4Addr") ? "0123456789./" : "0123456789abcdefABCDEF:./%";
      for (Value address : document.get("freebsd", "jail", key).items()) {
        if (address.isText() && !consistsOf(address.text(), characters)) {
          findings.add(address, address.shown() + " is not a numeric address", null);
        }
      }
    }
  }

  private static boolean consistsOf(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Amounts have a scale of K, M, G or T behind them, shares of a CPU a fraction.
  private static void solaris(Document document, Findings findings) {
    Value solaris = document.get("solaris");
    for (Value amount :
        List.of(
            solaris.get("maxShmMemory"),
            solaris.get("cappedMemory", "physical"),
            solaris.get("cappedMemory", "swap"))) {
      String text = amount.text();
      boolean scaled = !text.isEmpty() && "kmgtKMGT".indexOf(text.charAt(text.length() - 1)) >= 0;
      String number = scaled ? text.substring(0, text.length() - 1) : text;
      if (amount.isText() && !consistsOf(number, "0123456789")) {
        findings.add(amount, amount.shown() + " is not a number with K, M, G or T", "\"512m\"");
      }
    }
    Value cpus = solaris.get("cappedCPU", "ncpus");
    int dot = cpus.text().indexOf('.');
    String digits =
        dot < 0 ? cpus.text() : cpus.text().substring(0, dot) + cpus.text().substring(dot + 1);
    if (cpus.isText() && !consistsOf(digits, "0123456789")) {
      findings.add(cpus, cpus.shown() + " is not a number such as 8, 1.25 or .75", "\"1.25\"");
    }
  }
}
