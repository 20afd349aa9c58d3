package dev.ocicap.export;

import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A `.container` unit of Podman's Quadlet (podman-systemd.unit(5)).
final class QuadletExporter implements Exporter {
  private static final Map<String, String> SECURITY =
      Map.of(
          "seccomp=", "SeccompProfile",
          "mask=", "Mask",
          "unmask=", "Unmask",
          "label=type:", "SecurityLabelType",
          "label=level:", "SecurityLabelLevel");

  @Override
  public String name() {
    return "quadlet";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    UnitFile unit = UnitFile.ofQuadlet(source);
    unit.section("Unit");
    unit.text("Description", "", names.container());
    unit.section("Container");
    unit.text("Image", "", names.image());
    List<String> args = source.args();
    if (!args.isEmpty()) {
      unit.text("Entrypoint", "process.args", args.getFirst());
    }
    if (args.size() > 1) {
      unit.command("Exec", "process.args", args.subList(1, args.size()), false);
    }
    List<String> others = new ArrayList<>();
    for (Option option : RunOptions.of(source, Engine.PODMAN, names)) {
      if (!set(unit, option)) {
        others.add(option.value().isEmpty() ? option.name() : option.name() + "=" + option.value());
      }
    }
    for (String other : others) {
      unit.word("PodmanArgs", other.substring(0, Math.max(0, other.indexOf('='))), other);
    }
    unit.section("Service");
    unit.set("Restart", "no");
    unit.section("Install");
    unit.set("WantedBy", "default.target");
    return new Exported(unit.toString(), source.losses());
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    UnitFile unit = UnitFile.ofQuadlet(source);
    for (Option option : RunOptions.capabilities(source, Engine.PODMAN)) {
      if (!set(unit, option)) {
        unit.word("PodmanArgs", option.name(), option.name());
      }
    }
    return Exported.ofCapabilities(unit.toString(), source.losses());
  }

  private static boolean set(UnitFile unit, Option option) {
    String name = option.name();
    String value = option.value();
    switch (name) {
      case "--user" -> {
        int colon = value.indexOf(':');
        unit.set("User", colon < 0 ? value : value.substring(0, colon));
        if (colon >= 0) {
          unit.set("Group", value.substring(colon + 1));
        }
      }
      case "--group-add" -> unit.set("GroupAdd", value);
      case "--cap-add" -> unit.set("AddCapability", capability(value));
      case "--cap-drop" -> unit.set("DropCapability", capability(value));
      case "--read-only" -> unit.set("ReadOnly", "true");
      case "--hostname" -> unit.text("HostName", name, value);
      case "--workdir" -> unit.text("WorkingDir", name, value);
      case "--env" -> unit.word("Environment", name, value);
      case "--volume" -> unit.text("Volume", name, value);
      case "--tmpfs" -> unit.text("Tmpfs", name, value);
      case "--mount" -> unit.word("Mount", name, value);
      case "--device" -> unit.word("AddDevice", name, value);
      case "--network" -> unit.set("Network", value);
      case "--shm-size" -> unit.text("ShmSize", name, value);
      case "--sysctl" -> unit.word("Sysctl", name, value);
      case "--ulimit" -> unit.text("Ulimit", name, value);
      case "--pids-limit" -> unit.set("PidsLimit", value);
      case "--uidmap" -> unit.text("UIDMap", name, value);
      case "--gidmap" -> unit.text("GIDMap", name, value);
      case "--annotation" -> unit.word("Annotation", name, value);
      case "--security-opt" -> {
        return security(unit, value);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static String capability(String name) {
    return name.equals("ALL") ? "all" : "CAP_" + name;
  }

  /// A security option that has a key of its own.
  private static boolean security(UnitFile unit, String option) {
    if (option.equals("no-new-privileges")) {
      unit.set("NoNewPrivileges", "true");
      return true;
    }
    for (Map.Entry<String, String> key : SECURITY.entrySet()) {
      if (option.startsWith(key.getKey())) {
        unit.text(key.getValue(), "--security-opt", option.substring(key.getKey().length()));
        return true;
      }
    }
    return false;
  }
}
