package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Networks, ports and names. A bundle has a network namespace and three files about names; the
/// rest is checked as docker does and reported.
final class NetworkSettings {
  private final Conversion c;
  private final Modes modes;
  private final List<String> hostNames = new ArrayList<>();

  NetworkSettings(Conversion c, Modes modes) {
    this.c = c;
    this.modes = modes;
  }

  /// The container's network mode: the first network's name.
  static String mode(Conversion c) {
    List<String> networks = c.command.all("network");
    if (networks.isEmpty()) {
      return "default";
    }
    try {
      return NetworkNotation.parse(networks.getFirst()).name();
    } catch (BadValue e) {
      return networks.getFirst();
    }
  }

  /// Checks every flag about the network.
  ///
  /// @param hostname the container's host name
  void apply(String hostname) {
    checkNetworks();
    checkAddresses();
    checkNames();
    checkPorts();
    checkJoined();
    report();
    if (!modes.joinsNetwork() || peerFiles().isEmpty()) {
      prepareFiles(hostname);
    }
  }

  /// The directory with the files of the container whose network is joined, or "".
  private String peerFiles() {
    return c.options
        .known()
        .containers()
        .named(Modes.joined(modes.network()))
        .map(OtherContainers.Container::files)
        .orElse("");
  }

  private void checkNetworks() {
    List<NetworkNotation> networks = c.all("network", NetworkNotation::parse);
    List<String> names = new ArrayList<>();
    boolean userDefined = false;
    boolean others = false;
    for (NetworkNotation network : networks) {
      boolean own = Modes.isUserDefined(network.name());
      userDefined |= own;
      others |= !own;
      if (names.contains(network.name())) {
        c.problem("--network: '" + network.name() + "' is given twice", null);
      }
      names.add(network.name());
      if (!own && !network.aliases().isEmpty()) {
        c.problem("--network: aliases need a network that was made by the user", null);
      }
      checkMac("--network: mac-address", network.macAddress());
      checkEndpoint(network.name(), network.ip(), network.ip6());
    }
    if (userDefined && others) {
      c.problem(
          "--network: a network made by the user and '"
              + modes.network()
              + "' exclude each"
              + " other",
          null);
    }
    if (!networks.isEmpty()) {
      checkTwice(networks.getFirst());
    }
  }

  private void checkTwice(NetworkNotation first) {
    twice("network-alias", !first.aliases().isEmpty());
    twice("ip", !first.ip().isEmpty());
    twice("ip6", !first.ip6().isEmpty());
    twice("mac-address", !first.macAddress().isEmpty());
    twice("link-local-ip", !first.linkLocalIps().isEmpty());
  }

  private void twice(String flag, boolean given) {
    if (given && !c.command.text(flag).isEmpty()) {
      c.conflict("--" + flag, "--network " + c.command.all("network").getFirst());
    }
  }

  private void checkAddresses() {
    checkMac("--mac-address", c.command.text("mac-address"));
    checkEndpoint(modes.network(), c.command.text("ip"), c.command.text("ip6"));
    for (String address : c.command.all("link-local-ip")) {
      if (!IpAddress.isAny(address.strip())) {
        c.problem("--link-local-ip: '" + address + "' is not an IP address", null);
      }
    }
    if (!modes.isUserDefinedNetwork() && c.command.has("network-alias")) {
      c.problem("--network-alias needs a network that was made by the user", "--network NAME");
    }
  }

  private void checkMac(String flag, String address) {
    if (!address.isEmpty() && !IpAddress.isMac(address)) {
      c.problem(flag + ": '" + address + "' is not a hardware address", null);
    }
  }

  private void checkEndpoint(String network, String ip, String ip6) {
    if (!ip.isEmpty() && !IpAddress.isV4(ip)) {
      c.problem("--ip: '" + ip + "' is not an IPv4 address", null);
    }
    if (!ip6.isEmpty() && !IpAddress.isV6(ip6)) {
      c.problem("--ip6: '" + ip6 + "' is not an IPv6 address", null);
    }
    if (!(ip + ip6).isEmpty() && !Modes.isUserDefined(network)) {
      c.problem(
          "--ip: an address can be chosen only on a network that was made by the user",
          "--network NAME");
    }
  }

  private void checkNames() {
    for (String text : c.command.all("add-host")) {
      addHost(text);
    }
    for (String server : c.command.all("dns")) {
      if (!IpAddress.isAny(server.strip())) {
        c.problem("--dns: '" + server + "' is not an IP address", null);
      }
    }
    for (String domain : c.command.all("dns-search")) {
      if (!isDomain(domain.strip())) {
        c.problem("--dns-search: '" + domain + "' is not a domain", null);
      }
    }
    for (String link : c.command.all("link")) {
      List<String> parts = Texts.split(link, ':');
      if (link.isEmpty() || parts.size() > 2) {
        c.problem("--link: '" + link + "' is not CONTAINER[:ALIAS]", null);
      }
    }
  }

  private void addHost(String text) {
    int at = text.indexOf('=');
    at = at < 0 ? text.indexOf(':') : at;
    String name = at < 0 ? "" : text.substring(0, at);
    String address = text.substring(at + 1);
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      c.problem("--add-host: '" + text + "' is not NAME:IP", null);
      return;
    }
    if (address.length() > 2 && address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    if (address.equals("host-gateway")) {
      c.report(
          "add-host",
          new FlagMeaning.Partial(
              List.of("hosts"),
              "'host-gateway' is the address of Docker's bridge, which a bundle does not have",
              null));
    } else if (IpAddress.isAny(address)) {
      hostNames.add(address + "\t" + name);
    } else {
      c.problem("--add-host: '" + address + "' is not an IP address", null);
    }
  }

  /// Labels of letters, digits and inner `-`, with a letter somewhere; `.` for none.
  static boolean isDomain(String text) {
    if (text.equals(".")) {
      return true;
    }
    String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    boolean letter = false;
    for (String label : Texts.split(name, '.')) {
      for (int i = 0; i < label.length(); i++) {
        char c = label.charAt(i);
        boolean alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        letter |= alpha;
        boolean inner = c == '-' && i > 0 && i < label.length() - 1;
        if (!alpha && (c < '0' || c > '9') && !inner) {
          return false;
        }
      }
      if (label.isEmpty()) {
        return false;
      }
    }
    return letter && name.length() < 255;
  }

  private void checkPorts() {
    c.all("publish", PortNotation::parse);
    c.all("expose", PortNotation::checkExposed);
  }

  /// What a container with another's network, or with the host's, cannot have of its own.
  private void checkJoined() {
    String mode = "--network " + modes.network();
    if (modes.isHostNetwork() && c.command.has("link")) {
      c.conflict("--link", mode);
    }
    if (!modes.joinsNetwork()) {
      return;
    }
    for (String flag : List.of("link", "dns", "add-host", "publish", "expose")) {
      if (c.command.has(flag)) {
        c.conflict("--" + flag, mode);
      }
    }
    if (c.command.isOn("publish-all")) {
      c.conflict("--publish-all", mode);
    }
  }

  private void report() {
    if (!c.command.has("network")) {
      c.warning(
          "the container has only a loopback interface: nothing connects a bundle to Docker's"
              + " bridge",
          "--network host");
    }
    switch (modes.network()) {
      case "host", "none" -> c.report("network", FlagMeaning.applied("linux.namespaces"));
      default -> {
        if (modes.joinsNetwork()) {
          c.report("network", FlagMeaning.applied("linux.namespaces", "hostname", "mounts"));
        }
      }
    }
    if (modes.isHostNetwork()) {
      FlagMeaning ports =
          new FlagMeaning.Ignored("with the host's network the container's ports are the host's");
      c.report("publish", ports);
      c.report("publish-all", ports);
    }
  }

  /// Variables of `--link`, which docker makes on its default network only.
  List<String> linkVariables() {
    List<String> variables = new ArrayList<>();
    for (String link : c.command.all("link")) {
      int colon = link.indexOf(':');
      String peer = colon < 0 ? link : link.substring(0, colon);
      String alias =
          colon < 0 && peer.startsWith("/") ? peer.substring(1) : link.substring(colon + 1);
      if (modes.isUserDefinedNetwork()) {
        continue;
      }
      Optional<OtherContainers.Container> container = c.options.known().containers().named(peer);
      boolean bridged = modes.network().equals("default") || modes.network().equals("bridge");
      if (container.isEmpty()) {
        c.problem("--link: no container '" + peer + "' is known", OtherContainers.HINT);
      } else if (bridged && !container.get().isRunning()) {
        c.problem("--link: the container '" + peer + "' does not run", null);
      }
      if (bridged && !alias.isEmpty()) {
        String name = c.command.text("name");
        variables.add(
            alias.toUpperCase(Locale.ROOT).replace('-', '_')
                + "_NAME=/"
                + (name.isEmpty() ? c.options.shortId() : name)
                + "/"
                + alias);
      }
    }
    return variables;
  }

  private void prepareFiles(String hostname) {
    c.prepare(new Preparation.WriteFile("hostname", hostname + "\n"));
    c.prepare(new Preparation.WriteFile("hosts", hosts(hostname)));
    String resolver = resolver(c);
    c.prepare(
        new Preparation.WriteFile(
            "resolv.conf", resolver == null ? c.client.files().resolver() : resolver));
  }

  private String hosts(String hostname) {
    StringBuilder text = new StringBuilder();
    text.append("127.0.0.1\tlocalhost\n")
        .append("::1\tlocalhost ip6-localhost ip6-loopback\n")
        .append("fe00::\tip6-localnet\n")
        .append("ff00::\tip6-mcastprefix\n")
        .append("ff02::1\tip6-allnodes\n")
        .append("ff02::2\tip6-allrouters\n");
    for (String line : hostNames) {
      text.append(line).append('\n');
    }
    String domain = c.command.text("domainname");
    if (!hostname.isEmpty()) {
      text.append("127.0.1.1\t");
      if (!domain.isEmpty()) {
        text.append(hostname).append('.').append(domain).append(' ');
      }
      text.append(hostname).append('\n');
    }
    return text.toString();
  }

  /// The text of resolv.conf, or null when nothing was said about it.
  static @Nullable String resolver(Conversion c) {
    List<String> servers = c.command.all("dns");
    List<String> search = c.command.all("dns-search");
    List<String> options = c.command.all("dns-option");
    if (servers.isEmpty() && search.isEmpty() && options.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (String server : servers) {
      text.append("nameserver ").append(server.strip()).append('\n');
    }
    if (!search.isEmpty() && !search.contains(".")) {
      text.append("search ").append(String.join(" ", search)).append('\n');
    }
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
