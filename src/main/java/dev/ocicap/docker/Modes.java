package dev.ocicap.docker;

/// Which namespaces the container shares, and with whom: docker's words, empty ones replaced by
/// what Docker Engine takes for them.
///
/// @param network `default`, `bridge`, `none`, `host`, `container:NAME`, or a network's name
/// @param pid "", `host` or `container:NAME`
/// @param ipc `none`, `private`, `shareable`, `host` or `container:NAME`
/// @param uts "" or `host`
/// @param cgroup `private` or `host`
record Modes(String network, String pid, String ipc, String uts, String cgroup) {
  private static final String CONTAINER = "container:";

  static Modes of(Conversion c) {
    String pid = mode(c, "pid", "host", true);
    String ipc = c.command.text("ipc");
    boolean known =
        switch (ipc) {
          case "", "none", "private", "shareable", "host" -> true;
          default -> ipc.startsWith(CONTAINER) && ipc.length() > CONTAINER.length();
        };
    if (!known) {
      c.problem(
          "--ipc: '" + ipc + "' is not 'none', 'private', 'shareable', 'host' or 'container:NAME'",
          null);
    }
    mode(c, "userns", "host", false);
    return new Modes(
        network(c), pid, ipc.isEmpty() ? "private" : ipc, mode(c, "uts", "host", false), cgroup(c));
  }

  private static String mode(Conversion c, String flag, String word, boolean container) {
    String mode = c.command.text(flag);
    boolean joins = container && mode.startsWith(CONTAINER) && mode.length() > CONTAINER.length();
    if (!mode.isEmpty() && !mode.equals(word) && !joins) {
      c.problem(
          "--"
              + flag
              + ": '"
              + mode
              + "' is not '"
              + word
              + "'"
              + (container ? " or 'container:NAME'" : ""),
          null);
    }
    return mode;
  }

  private static String network(Conversion c) {
    String mode = NetworkSettings.mode(c);
    if (mode.equals("container") || mode.equals(CONTAINER)) {
      c.problem("--network: '" + mode + "' names no container", "--network container:NAME");
    }
    return mode;
  }

  private static String cgroup(Conversion c) {
    String mode = c.command.text("cgroupns");
    return switch (mode) {
      case "private", "host" -> mode;
      case "" -> c.host.cgroup() == TargetHost.CgroupVersion.V2 ? "private" : "host";
      default -> {
        c.problem("--cgroupns: '" + mode + "' is neither 'private' nor 'host'", null);
        yield "private";
      }
    };
  }

  /// Whether the container has a network namespace of its own.
  boolean hasOwnNetwork() {
    return !isHostNetwork() && !joinsNetwork();
  }

  boolean isHostNetwork() {
    return network.equals("host");
  }

  boolean joinsNetwork() {
    return network.startsWith(CONTAINER);
  }

  /// Whether the network was made by the user.
  boolean isUserDefinedNetwork() {
    return isUserDefined(network);
  }

  static boolean isUserDefined(String network) {
    return switch (network) {
      case "default", "bridge", "none", "host" -> false;
      default -> !network.startsWith(CONTAINER);
    };
  }

  /// The container that a mode joins, or "".
  static String joined(String mode) {
    return mode.startsWith(CONTAINER) ? mode.substring(CONTAINER.length()) : "";
  }
}
