package dev.ocicap.docker;

import java.util.List;
import java.util.Locale;

/// The value of `--publish`: `[IP:][HOST[-END]]:CONTAINER[-END][/PROTOCOL]`, or `published=…,
/// target=…,protocol=…`.
///
/// @param ip the host's address, or "" for all
/// @param hostPorts a port or a range, or "" for any
/// @param containerPorts a port or a range
/// @param protocol `tcp`, `udp` or `sctp`
record PortNotation(String ip, String hostPorts, String containerPorts, String protocol) {

  static PortNotation parse(String text) {
    String plain = text.indexOf('=') >= 0 ? plain(text) : text;
    int last = plain.lastIndexOf(':');
    String container = plain.substring(last + 1);
    String front = last < 0 ? "" : plain.substring(0, last);
    int before = front.lastIndexOf(':');
    String host = front.substring(before + 1);
    String ip = before < 0 ? "" : front.substring(0, before);
    // Docker reads no further than a second slash.
    List<String> parts = Texts.split(container, '/');
    String protocol = parts.size() == 1 ? "tcp" : protocol(parts.get(1), text);
    container = parts.getFirst();
    if (ip.indexOf(':') >= 0 && !ip.startsWith("[")) {
      throw new BadValue(
          "'" + text + "': an IPv6 address stands in brackets",
          "[" + ip + "]:" + host + ":" + container);
    }
    if (ip.startsWith("[") && ip.endsWith("]")) {
      ip = ip.substring(1, ip.length() - 1);
    }
    if (!ip.isEmpty() && !IpAddress.isAny(ip)) {
      throw new BadValue("'" + text + "': '" + ip + "' is not an IP address");
    }
    int width = width(container, text);
    if (!host.isEmpty() && width(host, text) != width && width != 0) {
      throw new BadValue("'" + text + "': the ranges of ports have different lengths");
    }
    return new PortNotation(ip, host, container, protocol);
  }

  private static String plain(String text) {
    String published = "";
    String target = "";
    String protocol = "tcp";
    for (String field : Texts.split(text, ',')) {
      int equals = field.indexOf('=');
      if (equals < 1) {
        throw new BadValue("'" + text + "': '" + field + "' is not KEY=VALUE");
      }
      String value = field.substring(equals + 1);
      switch (field.substring(0, equals)) {
        case "published" -> published = value;
        case "target" -> target = value;
        case "protocol" -> protocol = value;
        default -> {
          // docker reads no other key, and says nothing
        }
      }
    }
    return published + ":" + target + "/" + protocol;
  }

  private static String protocol(String text, String whole) {
    String lower = text.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "" -> "tcp";
      case "tcp", "udp", "sctp" -> lower;
      default ->
          throw new BadValue("'" + whole + "': '" + text + "' is not 'tcp', 'udp' or 'sctp'");
    };
  }

  /// How many ports a range has beyond its first.
  static int width(String range, String text) {
    // Docker reads no further than a second dash.
    List<String> ends = Texts.split(range, '-');
    int first = port(ends.getFirst(), text);
    int last = ends.size() == 1 ? first : port(ends.get(1), text);
    if (last < first) {
      throw new BadValue("'" + text + "': the range '" + range + "' ends before it begins");
    }
    return last - first;
  }

  private static int port(String digits, String text) {
    if (!GoSyntax.isDigits(digits) || digits.length() > 9 || Integer.parseInt(digits) > 65535) {
      throw new BadValue("'" + text + "': '" + digits + "' is not a port");
    }
    return Integer.parseInt(digits);
  }

  /// Refuses what `--expose` does not take: `PORT[-END][/PROTOCOL]`.
  static String checkExposed(String text) {
    if (text.indexOf(':') >= 0) {
      throw new BadValue("'" + text + "' is not PORT[-END][/PROTOCOL]");
    }
    width(Texts.split(text, '/', 2).getFirst(), text);
    return text;
  }

  @Override
  public String toString() {
    String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
    return (host.isEmpty() ? "" : host + ":")
        + (host.isEmpty() && hostPorts.isEmpty() ? "" : hostPorts + ":")
        + containerPorts
        + (protocol.equals("tcp") ? "" : "/" + protocol);
  }
}
