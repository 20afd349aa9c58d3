package dev.ocicap.docker;

import dev.ocicap.docker.OtherContainers.Container;
import dev.ocicap.spec.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Namespaces, the host name in them, and the kernel's settings.
final class NamespaceSettings {
  private NamespaceSettings() {}

  /// The namespaces in Docker Engine's order.
  static List<Namespace> of(Conversion c, Modes modes) {
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(Namespace.fresh("mount"));
    if (!modes.isHostNetwork()) {
      namespaces.add(namespace(c, "network", "network", "net", modes.network()));
    }
    if (!modes.uts().equals("host")) {
      namespaces.add(Namespace.fresh("uts"));
    }
    if (!modes.pid().equals("host")) {
      namespaces.add(namespace(c, "pid", "pid", "pid", modes.pid()));
    }
    if (!modes.ipc().equals("host")) {
      namespaces.add(namespace(c, "ipc", "ipc", "ipc", modes.ipc()));
    }
    if (modes.cgroup().equals("private")) {
      namespaces.add(Namespace.fresh("cgroup"));
    }
    return namespaces;
  }

  private static Namespace namespace(
      Conversion c, String flag, String type, String file, String mode) {
    String name = Modes.joined(mode);
    if (name.isEmpty()) {
      return Namespace.fresh(type);
    }
    Optional<Container> container = c.options.known().containers().named(name);
    if (container.isEmpty()) {
      c.problem("--" + flag + ": no container '" + name + "' is known", OtherContainers.HINT);
    } else if (!container.get().isRunning()) {
      c.problem("--" + flag + ": the container '" + name + "' does not run", null);
    } else if (type.equals("ipc") && !container.get().sharesIpc()) {
      c.problem(
          "--ipc: the container '" + name + "' does not share its IPC namespace",
          "--ipc shareable");
    }
    return new Namespace(type, "/proc/" + container.map(Container::pid).orElse(0L) + "/ns/" + file);
  }

  /// The host name that the container's own name service begins with; HOSTNAME is the same.
  static String hostname(Conversion c, Modes modes) {
    String given = c.command.text("hostname");
    if (!given.isEmpty() && modes.joinsNetwork()) {
      c.conflict("--hostname", "--network " + modes.network());
    }
    if (!given.isEmpty() && modes.uts().equals("host")) {
      c.conflict("--hostname", "--uts host");
    }
    if (!given.isEmpty()) {
      return given;
    }
    if (modes.joinsNetwork()) {
      return c.options
          .known()
          .containers()
          .named(Modes.joined(modes.network()))
          .map(Container::hostname)
          .orElse("");
    }
    return modes.isHostNetwork() ? c.host.hostname() : c.options.shortId();
  }

  /// The kernel's settings: two that let the process do without capabilities on a network of its
  /// own, the domain name, and what was asked for.
  static Map<String, String> sysctls(Conversion c, Modes modes) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    String domain = c.command.text("domainname");
    if (!domain.isEmpty()) {
      sysctls.put("kernel.domainname", domain);
    }
    if (modes.hasOwnNetwork()) {
      sysctls.put("net.ipv4.ping_group_range", "0 2147483647");
      sysctls.put("net.ipv4.ip_unprivileged_port_start", "0");
    }
    for (String text : c.command.all("sysctl")) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      if (equals < 0 || !isAllowed(name)) {
        c.problem(
            "--sysctl: '"
                + text
                + "' is not NAME=VALUE with a name that belongs to a namespace: kernel.msg…,"
                + " kernel.sem, kernel.shm…, net.…, fs.mqueue.…",
            null);
      } else if (modes.hasOwnNetwork() && isInterface(name)) {
        c.problem(
            "--sysctl: '" + name + "' is for an interface, which the namespace does not have yet",
            null);
      } else {
        sysctls.put(name, text.substring(equals + 1));
      }
    }
    return sysctls;
  }

  /// Whether a name of a kernel's setting belongs to a namespace.
  static boolean isAllowed(String name) {
    return switch (name) {
      case "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced" ->
          true;
      default -> name.startsWith("net.") || name.startsWith("fs.mqueue.");
    };
  }

  /// `net.*.*.eth….*`
  private static boolean isInterface(String name) {
    List<String> parts = Texts.split(name, '.', 5);
    return parts.size() == 5 && parts.getFirst().equals("net") && parts.get(3).startsWith("eth");
  }
}
