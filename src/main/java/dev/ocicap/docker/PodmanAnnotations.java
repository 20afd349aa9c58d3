package dev.ocicap.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The annotations that podman writes, and in a bundle what is kept of the flags that no runtime
/// acts on.
final class PodmanAnnotations {
  private static final String PREFIX = "io.podman.annotations.";
  private static final int TERM = 15;

  /// Halts systemd: SIGRTMIN+3.
  private static final int HALT = 37;

  private PodmanAnnotations() {}

  /// @param systemd whether the command is systemd's
  /// @param mapped whether mappings were given, which make a private user namespace
  static Map<String, String> of(Conversion c, boolean systemd, boolean mapped) {
    Map<String, String> annotations = new LinkedHashMap<>();
    String userns = mapped ? "private" : c.command.text("userns");
    put(annotations, PREFIX + "userns", userns);
    put(annotations, PREFIX + "pids-limit", c.command.text("pids-limit"));
    put(annotations, PREFIX + "cpuset", c.command.text("cpuset-cpus"));
    put(annotations, PREFIX + "memory-nodes", c.command.text("cpuset-mems"));
    put(annotations, PREFIX + "cid-file", c.command.text("cidfile"));
    options(c, annotations);
    isOn(c, "rm", PREFIX + "autoremove", annotations);
    isOn(c, "rmi", PREFIX + "autoremove", annotations);
    put(annotations, PREFIX + "volumes-from", String.join(";", c.command.all("volumes-from")));
    isOn(c, "privileged", PREFIX + "privileged", annotations);
    isOn(c, "publish-all", PREFIX + "publish-all", annotations);
    isOn(c, "init", PREFIX + "init", annotations);
    if (c.command.all("group-add").contains("keep-groups")) {
      annotations.put("run.oci.keep_original_groups", "1");
    }
    int signal = signal(c, systemd);
    annotations.put("org.opencontainers.image.stopSignal", Integer.toString(signal));
    annotations.put("org.systemd.property.KillSignal", Integer.toString(signal));
    long timeout = c.command.has("stop-timeout") ? c.unsigned("stop-timeout") : 10;
    if (timeout > 0) {
      annotations.put("org.systemd.property.TimeoutStopUSec", "uint64 " + timeout * 1_000_000);
    }
    annotations.putIfAbsent("io.container.manager", "libpod");
    if (c.isBundle()) {
      Annotations.of(c).forEach(annotations::putIfAbsent);
    }
    return annotations;
  }

  private static void options(Conversion c, Map<String, String> annotations) {
    StringBuilder labels = new StringBuilder();
    for (String text : c.command.all("security-opt")) {
      int equals = text.indexOf('=');
      int at = equals < 0 ? text.indexOf(':') : equals;
      String value = text.substring(at + 1);
      switch (at < 0 ? "" : text.substring(0, at)) {
        case "apparmor" -> annotations.put(PREFIX + "apparmor", value);
        case "seccomp" -> annotations.put(PREFIX + "seccomp", value);
        case "label" -> labels.append(labels.isEmpty() ? "" : ",label=").append(value);
        default -> {
          // no annotation
        }
      }
    }
    put(annotations, PREFIX + "label", labels.toString());
    for (String text : c.command.all("annotation")) {
      int equals = text.indexOf('=');
      if (equals >= 0) {
        annotations.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
      }
    }
  }

  private static void put(Map<String, String> annotations, String key, String value) {
    if (!value.isEmpty()) {
      annotations.put(key, value);
    }
  }

  private static void isOn(Conversion c, String flag, String key, Map<String, String> annotations) {
    if (c.command.isOn(flag)) {
      annotations.put(key, "TRUE");
    }
  }

  private static int signal(Conversion c, boolean systemd) {
    String text = c.command.text("stop-signal");
    text = text.isEmpty() ? c.image.stopSignal() : text;
    if (text.isEmpty()) {
      return systemd ? HALT : TERM;
    }
    int number = SignalName.number(text);
    if (number == 0) {
      c.problem("--stop-signal: '" + text + "' is not a signal", "--stop-signal SIGTERM");
    }
    return number;
  }

  /// The value of a label of the command's or of the image's, or null.
  static @Nullable String label(Conversion c, String name) {
    String found = c.image.labels().get(name);
    for (String text : c.command.all("label")) {
      int equals = text.indexOf('=');
      if ((equals < 0 ? text : text.substring(0, equals)).equals(name)) {
        found = equals < 0 ? "" : text.substring(equals + 1);
      }
    }
    return found;
  }
}
