package dev.ocicap.docker;

import java.util.List;

/// The value of `--device`: `HOST[:CONTAINER][:ACCESS]`, the access some of `r`, `w` and `m`.
///
/// @param host the device's path, or that of a directory with devices, on the host
/// @param container the path in the container
/// @param access what the container may do with it
record DeviceNotation(String host, String container, String access) {

  static DeviceNotation parse(String text) {
    List<String> parts = Texts.split(text, ':');
    if (parts.size() > 3 || parts.getFirst().isEmpty()) {
      throw new BadValue("'" + text + "' is not HOST[:CONTAINER][:ACCESS]");
    }
    String host = parts.getFirst();
    String access = "rwm";
    String container = host;
    if (parts.size() == 3) {
      access = parts.get(2);
      if (!isAccess(access)) {
        throw new BadValue("'" + text + "': the access '" + access + "' is not some of 'rwm'");
      }
      container = parts.get(1);
    } else if (parts.size() == 2 && isAccess(parts.get(1))) {
      access = parts.get(1);
    } else if (parts.size() == 2) {
      container = Texts.cleanPath(parts.get(1));
    }
    if (parts.size() == 1 || (parts.size() == 2 && isAccess(parts.get(1)))) {
      host = Texts.cleanPath(host);
      container = host;
    }
    if (!container.startsWith("/")) {
      throw new BadValue("'" + text + "': '" + container + "' is not an absolute path");
    }
    return new DeviceNotation(host, container, access);
  }

  /// Whether the text names a device of the Container Device Interface: `VENDOR/CLASS=NAME`.
  static boolean isCdi(String text) {
    int slash = text.indexOf('/');
    int equals = text.indexOf('=');
    return slash > 0
        && equals > slash + 1
        && equals < text.length() - 1
        && Character.isLetter(text.charAt(0));
  }

  static boolean isAccess(String text) {
    boolean r = false;
    boolean w = false;
    boolean m = false;
    for (int i = 0; i < text.length(); i++) {
      boolean fresh;
      switch (text.charAt(i)) {
        case 'r' -> {
          fresh = !r;
          r = true;
        }
        case 'w' -> {
          fresh = !w;
          w = true;
        }
        case 'm' -> {
          fresh = !m;
          m = true;
        }
        default -> fresh = false;
      }
      if (!fresh) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  @Override
  public String toString() {
    return host
        + (container.equals(host) ? "" : ":" + container)
        + (access.equals("rwm") ? "" : ":" + access);
  }
}
