package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Networks, ports and names of a container of podman: a bundle has a network namespace and three
/// files about names; the rest is checked as podman does and reported.
final class PodmanNetwork {
  private final Conversion c;
  private final PodmanModes modes;
  private final List<String> hostNames = new ArrayList<>();

  private PodmanNetwork(Conversion c, PodmanModes modes) {
    this.c = c;
    this.modes = modes;
  }

  /// Checks every flag about the network, and has the files made.
  static void apply(Conversion c, PodmanModes modes, String hostname) {
    PodmanNetwork network = new PodmanNetwork(c, modes);
    network.checkNames();
    network.checkAddresses();
    network.checkPorts();
    network.report();
    if (c.isBundle()) {
      network.prepareFiles(hostname);
    }
  }

  private void checkNames() {
    for (String text : c.command.all("add-host")) {
      addHost(text);
    }
    if (c.command.has("add-host")) {
      if (c.command.isOn("no-hosts")) {
        c.conflict("--add-host", "--no-hosts");
      }
      if (modes.network().is("container")) {
        c.conflict("--add-host", "--network container:…");
      }
    }
    if (c.command.isOn("no-hosts") && c.command.has("hosts-file")) {
      c.conflict("--hosts-file", "--no-hosts");
    }
    String base = c.command.text("hosts-file");
    if (base.startsWith("/") && !c.client.files().exists(base)) {
      c.problem("--hosts-file: '" + base + "' does not exist", null);
    }
    List<String> servers = c.command.all("dns");
    boolean none = servers.contains("none");
    for (String server : servers) {
      if (!server.equals("none") && !IpAddress.isAny(server)) {
        c.problem("--dns: '" + server + "' is not an IP address", null);
      }
    }
    List<String> search = c.command.all("dns-search");
    boolean others = c.command.has("dns-search") || c.command.has("dns-option");
    if (none && (servers.size() > 1 || others)) {
      c.problem("--dns: 'none' excludes every other word about name servers", null);
    }
    for (String domain : search) {
      if (!NetworkSettings.isDomain(domain)) {
        c.problem("--dns-search: '" + domain + "' is not a domain", null);
      }
    }
    if (search.contains(".") && search.size() > 1) {
      c.problem("--dns-search: '.' excludes every other domain", null);
    }
    boolean given = others || c.command.has("dns");
    if (given && (modes.network().is("none") || modes.network().is("container"))) {
      c.problem(
          "'--dns…' and '--network " + modes.network().kind() + "' contradict each other", null);
    }
  }

  private void addHost(String text) {
    int colon = text.indexOf(':');
    String names = colon < 0 ? "" : text.substring(0, colon);
    String address = text.substring(colon + 1);
    if (names.isEmpty()) {
      c.problem("--add-host: '" + text + "' is not NAME[;NAME…]:IP", null);
    } else if (address.equals("host-gateway")) {
      c.report(
          "add-host",
          new FlagMeaning.Partial(
              List.of("hosts"), "'host-gateway' is an address of podman's network", null));
    } else if (!IpAddress.isAny(address)) {
      c.problem("--add-host: '" + address + "' is not an IP address", null);
    } else {
      hostNames.add(address + "\t" + names.replace(';', ' '));
    }
  }

  private void checkAddresses() {
    boolean bridge = modes.network().is("private") || modes.network().is("bridge");
    for (String flag : List.of("ip", "ip6")) {
      String address = c.command.text(flag);
      if (!address.isEmpty() && !IpAddress.isAny(address)) {
        c.problem("--" + flag + ": '" + address + "' is not an IP address", null);
      }
    }
    String mac = c.command.text("mac-address");
    if (!mac.isEmpty() && !IpAddress.isMac(mac)) {
      c.problem("--mac-address: '" + mac + "' is not a hardware address", null);
    }
    for (String flag : List.of("ip", "ip6", "mac-address", "network-alias")) {
      if (c.command.has(flag) && !bridge) {
        c.problem("'--" + flag + "' is for a network of podman's", null);
      }
    }
  }

  private void checkPorts() {
    for (String text : c.command.all("publish")) {
      try {
        PodmanPorts.check(text);
      } catch (BadValue e) {
        c.badValue("publish", e);
      }
    }
    for (String text : c.command.all("expose")) {
      try {
        PodmanPorts.checkExposed(text);
      } catch (BadValue e) {
        c.badValue("expose", e);
      }
    }
  }

  private void report() {
    switch (modes.network().kind()) {
      case "host", "none", "ns", "container" ->
          c.report("network", FlagMeaning.applied("linux.namespaces"));
      default -> {
        if (!c.command.has("network")) {
          c.warning(
              "the container has only a loopback interface: nothing connects a bundle to podman's"
                  + " network",
              "--network host");
        }
      }
    }
    if (modes.network().is("host")) {
      FlagMeaning ports =
          new FlagMeaning.Ignored("with the host's network the container's ports are the host's");
      c.report("publish", ports);
      c.report("publish-all", ports);
    }
  }

  /// `linux.sysctl`: podman's default, and what was asked for.
  static Map<String, String> sysctls(Conversion c, PodmanModes modes) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    boolean shared =
        switch (modes.network().kind()) {
          case "host", "container", "pod" -> true;
          default -> false;
        };
    if (!shared) {
      sysctls.put("net.ipv4.ping_group_range", "0 0");
    }
    for (String text : c.command.all("sysctl")) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      boolean network = name.startsWith("net.") && modes.network().is("host");
      boolean ipc = !name.startsWith("net.") && modes.ipc().is("host");
      if (equals < 0 || !NamespaceSettings.isAllowed(name)) {
        c.problem(
            "--sysctl: '"
                + text
                + "' is not NAME=VALUE with a name that belongs to a namespace: kernel.msg…,"
                + " kernel.sem, kernel.shm…, net.…, fs.mqueue.…",
            null);
      } else if (network || ipc) {
        c.problem("--sysctl: '" + name + "' would be set for the whole machine", null);
      } else {
        sysctls.put(name, text.substring(equals + 1));
      }
    }
    return sysctls;
  }

  private void prepareFiles(String hostname) {
    c.prepare(new Preparation.WriteFile("hostname", hostname + "\n"));
    StringBuilder hosts = new StringBuilder();
    String base = c.command.text("hosts-file");
    if (base.startsWith("/")) {
      hosts.append(HostText.of(c, base));
    }
    for (String line : hostNames) {
      hosts.append(line).append('\n');
    }
    hosts.append("127.0.0.1\tlocalhost\n::1\tlocalhost\n");
    if (!hostname.isEmpty()) {
      hosts.append("127.0.1.1\t").append(hostname).append('\n');
    }
    c.prepare(new Preparation.WriteFile("hosts", hosts.toString()));
    String resolver = NetworkSettings.resolver(c);
    c.prepare(
        new Preparation.WriteFile(
            "resolv.conf", resolver == null ? c.client.files().resolver() : resolver));
  }
}
