package dev.ocicap.validate;

import dev.ocicap.report.Level;
import java.util.List;

/// Rules about Windows, virtual machines and FreeBSD.
final class PlatformRules {
  private static final String CPU = "config-windows.md#cpu";
  private static final String JAIL = "config-freebsd.md#jail-configuration";

  static final List<Rule> ALL =
      List.of(
          Rule.of("windows-cpu-exclusive", Level.MUST, CPU, PlatformRules::cpuExclusive),
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
          Rule.of("jail-host-name", Level.SHOULD, JAIL, PlatformRules::jailHost),
          Rule.of("jail-address-form", Level.SHOULD, JAIL, PlatformRules::address));

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
}
