package dev.ocicap.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The value of `--network`: a mode or a network's name, or one line of comma-separated
/// `KEY=VALUE`.
///
/// @param name the mode or the network
/// @param aliases further names of the container there
/// @param ip its IPv4 address there, or ""
/// @param ip6 its IPv6 address there, or ""
/// @param macAddress or ""
/// @param linkLocalIps addresses besides
/// @param driverOptions `KEY=VALUE`
record NetworkNotation(
    String name,
    List<String> aliases,
    String ip,
    String ip6,
    String macAddress,
    List<String> linkLocalIps,
    List<String> driverOptions) {

  static NetworkNotation parse(String text) {
    if (!isLong(text)) {
      if (text.isBlank()) {
        throw new BadValue("'" + text + "' names no network");
      }
      return new NetworkNotation(text, List.of(), "", "", "", List.of(), List.of());
    }
    String name = "";
    String ip = "";
    String ip6 = "";
    String macAddress = "";
    List<String> aliases = new ArrayList<>();
    List<String> linkLocalIps = new ArrayList<>();
    List<String> driverOptions = new ArrayList<>();
    for (String field : Csv.parse(text)) {
      String lower = field.toLowerCase(Locale.ROOT);
      int equals = lower.indexOf('=');
      if (equals < 1) {
        throw new BadValue("'" + field + "' is not KEY=VALUE");
      }
      String value = lower.substring(equals + 1).strip();
      switch (lower.substring(0, equals).strip()) {
        case "name" -> name = value;
        case "alias" -> aliases.add(value);
        case "ip" -> ip = value;
        case "ip6" -> ip6 = value;
        case "mac-address" -> macAddress = value;
        case "link-local-ip" -> {
          if (!IpAddress.isAny(value)) {
            throw new BadValue("'" + field + "': '" + value + "' is not an IP address");
          }
          linkLocalIps.add(value);
        }
        case "driver-opt" -> driverOptions.add(driverOption(value));
        case "gw-priority" -> GoSyntax.parseDecimal(value);
        default -> throw new BadValue("'" + field + "': unknown key");
      }
    }
    if (name.isEmpty()) {
      throw new BadValue("'" + text + "' names no network", "name=NETWORK");
    }
    return new NetworkNotation(name, aliases, ip, ip6, macAddress, linkLocalIps, driverOptions);
  }

  private static String driverOption(String value) {
    int equals = value.indexOf('=');
    if (equals < 1) {
      throw new BadValue("'driver-opt=" + value + "' is not KEY=VALUE");
    }
    return value;
  }

  /// Docker takes the long form as soon as a word, `=` and a word stand in the text.
  private static boolean isLong(String text) {
    for (int i = text.indexOf('='); i >= 0; i = text.indexOf('=', i + 1)) {
      if (i > 0
          && i + 1 < text.length()
          && isWord(text.charAt(i - 1))
          && isWord(text.charAt(i + 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  @Override
  public String toString() {
    List<String> fields = new ArrayList<>();
    fields.add("name=" + name);
    for (String alias : aliases) {
      fields.add("alias=" + alias);
    }
    add(fields, "ip", ip);
    add(fields, "ip6", ip6);
    add(fields, "mac-address", macAddress);
    for (String address : linkLocalIps) {
      fields.add("link-local-ip=" + address);
    }
    for (String option : driverOptions) {
      fields.add("driver-opt=" + option);
    }
    return fields.size() == 1 && !isLong(name) ? name : Csv.print(fields);
  }

  private static void add(List<String> fields, String key, String value) {
    if (!value.isEmpty()) {
      fields.add(key + "=" + value);
    }
  }
}
