package dev.ocicap.docker;

import java.util.List;

/// The values of podman's `--publish` and `--expose`: `[[IP:][HOST]:]CONTAINER[/PROTOCOL]` with
/// ranges of the same length.
final class PodmanPorts {
  private static final int MAX = 65_535;

  private PodmanPorts() {}

  static void check(String text) {
    String rest = withoutProtocol(text);
    if (rest.startsWith("[")) {
      int end = rest.indexOf("]:");
      if (end < 0 || !IpAddress.isAny(rest.substring(1, end))) {
        throw invalid(text);
      }
      rest = "127.0.0.1" + rest.substring(end + 1);
      if (Texts.split(rest, ':').size() != 3) {
        throw invalid(text);
      }
    }
    List<String> parts = Texts.split(rest, ':');
    if (parts.size() > 3 || (parts.size() == 3 && !IpAddress.isAny(parts.getFirst()))) {
      throw invalid(text);
    }
    int inside = length(parts.getLast(), text);
    String host = parts.size() > 1 ? parts.get(parts.size() - 2) : "";
    if (!host.isEmpty() && length(host, text) != inside) {
      throw new BadValue("'" + text + "': the two ranges have different lengths");
    }
  }

  static void checkExposed(String text) {
    length(withoutProtocol(text), text);
  }

  private static String withoutProtocol(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return text;
    }
    for (String protocol : Texts.split(text.substring(slash + 1), ',')) {
      if (!List.of("tcp", "udp", "sctp").contains(protocol.toLowerCase(java.util.Locale.ROOT))) {
        throw new BadValue("'" + text + "': '" + protocol + "' is not 'tcp', 'udp' or 'sctp'");
      }
    }
    return text.substring(0, slash);
  }

  private static int length(String range, String text) {
    int dash = range.indexOf('-');
    int start = port(dash < 0 ? range : range.substring(0, dash), text);
    if (dash < 0) {
      return 1;
    }
    int end = port(range.substring(dash + 1), text);
    if (end <= start) {
      throw invalid(text);
    }
    return end - start + 1;
  }

  private static int port(String digits, String text) {
    boolean fits = GoSyntax.isDigits(digits) && digits.length() <= 5;
    int port = fits ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > MAX) {
      throw invalid(text);
    }
    return port;
  }

  private static BadValue invalid(String text) {
    return new BadValue(
        "'" + text + "' is not [[IP:][HOST]:]CONTAINER[/PROTOCOL], ports 1 … 65535");
  }
}
