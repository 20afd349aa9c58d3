package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// A file of the Compose specification with one service.
final class ComposeExporter implements Exporter {

  @Override
  public String name() {
    return "compose";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    ObjectNode service = JsonValues.object();
    service.set("image", JsonValues.string(escaped(names.image())));
    List<String> args = new ArrayList<>();
    for (String arg : source.args()) {
      args.add(escaped(arg));
    }
    if (!args.isEmpty()) {
      service.set("entrypoint", JsonValues.strings(args.subList(0, 1)));
      service.set("command", JsonValues.strings(args.subList(1, args.size())));
    }
    ObjectNode volumes = JsonValues.object();
    for (Option option : RunOptions.of(source, Engine.DOCKER, names)) {
      set(service, option, source);
      if (option.name().equals("--volume") && !option.value().startsWith("/")) {
        ObjectNode volume = JsonValues.object();
        // Without this Compose makes another one, with the project's name before it.
        volume.set("external", JsonValues.bool(true));
        volumes.set(option.value().substring(0, option.value().indexOf(':')), volume);
      }
    }
    ObjectNode services = JsonValues.object();
    services.set(names.container(), service);
    ObjectNode root = JsonValues.object();
    root.set("services", services);
    if (!volumes.isEmpty()) {
      root.set("volumes", volumes);
    }
    return new Exported(Yaml.print(root), source.losses());
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    ObjectNode service = JsonValues.object();
    for (Option option : RunOptions.capabilities(source, Engine.DOCKER)) {
      set(service, option, source);
    }
    return Exported.ofCapabilities(Yaml.print(service), source.losses());
  }

  /// A dollar sign begins a variable in Compose.
  private static String escaped(String text) {
    return text.replace("$", "$$");
  }

  private static void set(ObjectNode service, Option option, Source source) {
    String value = escaped(option.value());
    switch (option.name()) {
      case "--privileged", "--tty", "--read-only", "--oom-kill-disable", "--init" ->
          service.set(
              option.name().equals("--oom-kill-disable")
                  ? "oom_kill_disable"
                  : option.name().substring(2).replace('-', '_'),
              JsonValues.bool(true));
      case "--user" -> service.set("user", JsonValues.string(value));
      case "--hostname" -> service.set("hostname", JsonValues.string(value));
      case "--domainname" -> service.set("domainname", JsonValues.string(value));
      case "--workdir" -> service.set("working_dir", JsonValues.string(value));
      case "--group-add" -> list(service, "group_add", value);
      case "--cap-add" -> list(service, "cap_add", value);
      case "--cap-drop" -> list(service, "cap_drop", value);
      case "--security-opt" ->
          list(
              service,
              "security_opt",
              value.equals("no-new-privileges") ? "no-new-privileges:true" : value);
      case "--env" -> list(service, "environment", value);
      case "--volume" -> list(service, "volumes", value);
      case "--mount" -> volume(service, option.value());
      case "--tmpfs" -> list(service, "tmpfs", value);
      case "--device" ->
          list(service, "devices", value.indexOf(':') < 0 ? value + ":" + value : value);
      case "--device-cgroup-rule" -> list(service, "device_cgroup_rules", value);
      case "--pid" -> service.set("pid", JsonValues.string(value));
      case "--ipc" -> service.set("ipc", JsonValues.string(value));
      case "--uts" -> service.set("uts", JsonValues.string(value));
      case "--network" -> service.set("network_mode", JsonValues.string(value));
      case "--cgroup-parent" -> service.set("cgroup_parent", JsonValues.string(value));
      case "--cgroupns" -> service.set("cgroup", JsonValues.string(value));
      case "--shm-size" -> service.set("shm_size", JsonValues.string(value));
      case "--memory" -> service.set("mem_limit", number(value));
      case "--memory-reservation" -> service.set("mem_reservation", number(value));
      case "--memory-swap" -> service.set("memswap_limit", number(value));
      case "--memory-swappiness" -> service.set("mem_swappiness", number(value));
      case "--cpu-shares" -> service.set("cpu_shares", number(value));
      case "--cpu-quota" -> service.set("cpu_quota", number(value));
      case "--cpu-period" -> service.set("cpu_period", number(value));
      case "--cpuset-cpus" -> service.set("cpuset", JsonValues.string(value));
      case "--pids-limit" -> service.set("pids_limit", number(value));
      case "--oom-score-adj" -> service.set("oom_score_adj", number(value));
      case "--ulimit" -> ulimit(service, value);
      case "--sysctl" -> map(service, "sysctls", value);
      case "--annotation" -> map(service, "annotations", value);
      case "--cpu-rt-period" -> service.set("cpu_rt_period", number(value));
      case "--cpu-rt-runtime" -> service.set("cpu_rt_runtime", number(value));
      case "--blkio-weight" -> object(service, "blkio_config").set("weight", number(value));
      case "--blkio-weight-device" -> disk(service, "weight_device", "weight", value);
      case "--device-read-bps", "--device-write-bps", "--device-read-iops", "--device-write-iops" ->
          disk(service, option.name().substring(2).replace('-', '_'), "rate", value);
      default -> source.lose(option.name(), "Compose has no word for " + option.name());
    }
  }

  private static JsonNode number(String value) {
    return JsonValues.number(Long.parseLong(value));
  }

  private static void list(ObjectNode service, String key, String value) {
    if (service.get(key) instanceof ArrayNode array) {
      array.add(JsonValues.string(value));
    } else {
      service.set(key, JsonValues.array().add(JsonValues.string(value)));
    }
  }

  private static ObjectNode object(ObjectNode service, String key) {
    if (service.get(key) instanceof ObjectNode object) {
      return object;
    }
    ObjectNode object = JsonValues.object();
    service.set(key, object);
    return object;
  }

  private static void map(ObjectNode service, String key, String value) {
    int equals = value.indexOf('=');
    object(service, key)
        .set(value.substring(0, equals), JsonValues.string(value.substring(equals + 1)));
  }

  /// `PATH:NUMBER`.
  private static void disk(ObjectNode service, String key, String number, String value) {
    int colon = value.indexOf(':');
    ObjectNode disk = JsonValues.object();
    disk.set("path", JsonValues.string(value.substring(0, colon)));
    disk.set(number, JsonValues.string(value.substring(colon + 1)));
    ObjectNode config = object(service, "blkio_config");
    if (config.get(key) instanceof ArrayNode array) {
      array.add(disk);
    } else {
      config.set(key, JsonValues.array().add(disk));
    }
  }

  private static void ulimit(ObjectNode service, String value) {
    int equals = value.indexOf('=');
    int colon = value.indexOf(':', equals);
    ObjectNode limit = JsonValues.object();
    limit.set("soft", number(value.substring(equals + 1, colon)));
    limit.set("hard", number(value.substring(colon + 1)));
    object(service, "ulimits").set(value.substring(0, equals), limit);
  }

  /// Paths with a colon, which the short form has no room for.
  private static void volume(ObjectNode service, String mount) {
    ObjectNode volume = JsonValues.object();
    for (String field : mount.split(",", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        volume.set(
            field.substring(0, equals), JsonValues.string(escaped(field.substring(equals + 1))));
      } else {
        volume.set("read_only", JsonValues.bool(true));
      }
    }
    if (service.get("volumes") instanceof ArrayNode array) {
      array.add(volume);
    } else {
      service.set("volumes", JsonValues.array().add(volume));
    }
  }
}
