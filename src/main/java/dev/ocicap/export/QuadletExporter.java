package dev.ocicap.export;

import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// A `.container` unit of Podman's Quadlet (podman-systemd.unit(5)).
final class QuadletExporter implements Exporter {

  @Override
  public String name() {
    return "quadlet";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    StringBuilder out = new StringBuilder("[Unit]\nDescription=").append(names.container());
    out.append("\n\n[Container]\n");
    line(out, "Image", names.image());
    List<String> args = config.args();
    if (!args.isEmpty()) {
      line(out, "Entrypoint", UnitWords.quoted(args.getFirst()));
      if (args.size() > 1) {
        line(out, "Exec", UnitWords.command(args.subList(1, args.size())));
      }
    }
    List<String> others = new ArrayList<>();
    for (Option option : RunOptions.of(source, Engine.PODMAN)) {
      if (!set(out, option)) {
        others.add(option.value().isEmpty() ? option.name() : option.name() + "=" + option.value());
      }
    }
    for (String other : others) {
      line(out, "PodmanArgs", UnitWords.quoted(other));
    }
    out.append("\n[Service]\nRestart=no\n\n[Install]\nWantedBy=default.target\n");
    return new Exported(out.toString(), source.losses());
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    StringBuilder out = new StringBuilder();
    for (Option option : RunOptions.of(source, Engine.PODMAN)) {
      if (option.isCapability() && !set(out, option)) {
        line(out, "PodmanArgs", UnitWords.quoted(option.name()));
      }
    }
    return Exported.ofCapabilities(out.toString(), source.losses());
  }

  private static boolean set(StringBuilder out, Option option) {
    String value = option.value();
    switch (option.name()) {
      case "--user" -> {
        int colon = value.indexOf(':');
        line(out, "User", colon < 0 ? value : value.substring(0, colon));
        if (colon >= 0) {
          line(out, "Group", value.substring(colon + 1));
        }
      }
      case "--group-add" -> line(out, "GroupAdd", value);
      case "--cap-add" -> line(out, "AddCapability", value.equals("ALL") ? "all" : "CAP_" + value);
      case "--cap-drop" ->
          line(out, "DropCapability", value.equals("ALL") ? "all" : "CAP_" + value);
      case "--read-only" -> line(out, "ReadOnly", "true");
      case "--hostname" -> line(out, "HostName", UnitWords.escaped(value));
      case "--workdir" -> line(out, "WorkingDir", UnitWords.escaped(value));
      case "--env" -> line(out, "Environment", UnitWords.quoted(value));
      case "--volume" -> line(out, "Volume", UnitWords.escaped(value));
      case "--tmpfs" -> line(out, "Tmpfs", UnitWords.escaped(value));
      case "--mount" -> line(out, "Mount", UnitWords.escaped(value));
      case "--device" -> line(out, "AddDevice", UnitWords.escaped(value));
      case "--network" -> line(out, "Network", value);
      case "--shm-size" -> line(out, "ShmSize", value);
      case "--sysctl" -> line(out, "Sysctl", UnitWords.quoted(value));
      case "--ulimit" -> line(out, "Ulimit", value);
      case "--pids-limit" -> line(out, "PidsLimit", value);
      case "--uidmap" -> line(out, "UIDMap", value);
      case "--gidmap" -> line(out, "GIDMap", value);
      case "--annotation" -> line(out, "Annotation", UnitWords.quoted(value));
      case "--security-opt" -> {
        if (value.equals("no-new-privileges")) {
          line(out, "NoNewPrivileges", "true");
        } else if (value.startsWith("seccomp=")) {
          line(out, "SeccompProfile", UnitWords.escaped(value.substring("seccomp=".length())));
        } else if (value.startsWith("mask=")) {
          line(out, "Mask", UnitWords.escaped(value.substring("mask=".length())));
        } else if (value.startsWith("unmask=")) {
          line(out, "Unmask", UnitWords.escaped(value.substring("unmask=".length())));
        } else if (value.startsWith("label=type:")) {
          line(out, "SecurityLabelType", value.substring("label=type:".length()));
        } else if (value.startsWith("label=level:")) {
          line(out, "SecurityLabelLevel", value.substring("label=level:".length()));
        } else {
          return false;
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append('=').append(value).append('\n');
  }
}
