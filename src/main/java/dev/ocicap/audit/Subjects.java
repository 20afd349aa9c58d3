package dev.ocicap.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.Program;
import dev.ocicap.predict.Prediction;
import dev.ocicap.report.Place;
import dev.ocicap.spec.DeviceRule;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.Namespace;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes subjects from what there is.
public final class Subjects {
  private Subjects() {}

  /// A configuration, with what its process will really have.
  ///
  /// @param directory the bundle, from which relative paths count; null when there is none
  public static Subject of(
      String name, RuntimeConfig config, Prediction prediction, @Nullable Path directory) {
    ProcessCapabilities result = prediction.configured();
    if (prediction.result() instanceof Prediction.Started started) {
      result = started.running().capabilities();
    }
    Set<String> shared = new HashSet<>(Subject.NAMESPACES);
    for (Namespace namespace : config.namespaces()) {
      shared.remove(namespace.type());
    }
    List<Subject.Bind> binds = new ArrayList<>();
    for (Mount mount : config.mounts()) {
      if (mount.isBind() && !isEnginesOwn(mount)) {
        boolean propagates =
            mount.options().contains("shared") || mount.options().contains("rshared");
        binds.add(
            new Subject.Bind(
                inBundle(directory, mount.source()),
                mount.destination(),
                !mount.isReadOnly(),
                propagates));
      }
    }
    List<String> sysctls = new ArrayList<>();
    config
        .find("linux", "sysctl")
        .ifPresent(values -> values.properties().forEach(value -> sysctls.add(value.getKey())));
    String apparmor = config.apparmorProfile();
    return new Subject(
        name,
        config.place(""),
        result.permitted(),
        result.bounding(),
        config.user().isRoot(),
        config.noNewPrivileges(),
        config
            .find("linux", "seccomp")
            .filter(filter -> filter.isObject() && !isEmptyFilter(filter))
            .isPresent(),
        (!apparmor.isEmpty() && !apparmor.equals("unconfined")) || !config.selinuxLabel().isEmpty(),
        shared,
        config.hasUserNamespace(),
        binds,
        devices(config),
        !config.maskedPaths().isEmpty(),
        config.isRootReadOnly(),
        isPositive(config.find("linux", "resources", "memory", "limit")),
        isPositive(config.find("linux", "resources", "pids", "limit")),
        sysctls,
        config.capabilities().isEmpty(),
        List.of());
  }

  /// The files that an engine writes for each container, named from the bundle.
  private static boolean isEnginesOwn(Mount mount) {
    return !mount.source().startsWith("/") && mount.destination().startsWith("/etc/");
  }

  /// The path on the host; where a link leads to something that decides over the host, that.
  private static String inBundle(@Nullable Path directory, String source) {
    try {
      Path path = directory == null ? Path.of(source) : directory.resolve(source).normalize();
      if (path.isAbsolute() && !Audit.isRisky(source) && Files.exists(path)) {
        String real = path.toRealPath().toString();
        return Audit.isRisky(real) ? real : path.toString();
      }
      return source.startsWith("/") ? source : path.toString();
    } catch (InvalidPathException | IOException e) {
      return source;
    }
  }

  /// The nodes, and what rules open besides: every device, or a device of blocks.
  private static List<String> devices(RuntimeConfig config) {
    List<String> devices = new ArrayList<>();
    for (JsonNode device : config.elements("linux", "devices")) {
      devices.add(device.path("path").asText());
    }
    List<DeviceRule> rules = config.deviceRules();
    if (DeviceRule.allowEveryDevice(rules)) {
      devices.add("*");
    }
    for (DeviceRule rule : rules) {
      boolean opens = rule.access().indexOf('r') >= 0 || rule.access().indexOf('w') >= 0;
      boolean many = rule.device().startsWith("b") || rule.device().indexOf('*') == 2;
      if (rule.allow() && opens && many && !rule.isForAll()) {
        devices.add(rule.device());
      }
    }
    return devices;
  }

  private static boolean isEmptyFilter(JsonNode filter) {
    return filter.path("defaultAction").asText().equals("SCMP_ACT_ALLOW")
        && filter.path("syscalls").isEmpty();
  }

  private static boolean isPositive(Optional<JsonNode> number) {
    return number.isPresent() && number.get().isNumber() && number.get().asLong() > 0;
  }

  /// A running process, as `/proc` shows it.
  ///
  /// @throws IOException when there is no such process
  public static Subject of(String name, long pid) throws IOException {
    return new ProcessSubject(name, pid).subject();
  }

  /// Whether a document is what `docker inspect` prints: an array of containers.
  public static boolean isInspect(JsonNode root) {
    return root.isArray() && (root.isEmpty() || root.get(0).has("HostConfig"));
  }

  /// The containers in `docker inspect`'s output, with the sets that Docker really gave them.
  public static List<Subject> ofInspect(String file, JsonNode root) {
    List<Subject> subjects = new ArrayList<>();
    for (JsonNode container : root) {
      subjects.add(inspected(file, container));
    }
    return subjects;
  }

  private static Subject inspected(String file, JsonNode container) {
    JsonNode host = container.path("HostConfig");
    boolean privileged = host.path("Privileged").asBoolean();
    CapabilitySet granted = granted(container, host, privileged);
    String user = container.path("Config").path("User").asText("");
    String uid = user.indexOf(':') < 0 ? user : user.substring(0, user.indexOf(':'));
    boolean root = uid.isEmpty() || uid.equals("0") || uid.equals("root");
    boolean noNewPrivileges = false;
    boolean seccomp = !privileged;
    boolean confined = !privileged;
    for (JsonNode option : host.path("SecurityOpt")) {
      String word = option.asText().replaceFirst(":", "=");
      noNewPrivileges |= word.equals("no-new-privileges") || word.equals("no-new-privileges=true");
      seccomp &= !word.equals("seccomp=unconfined");
      confined &= !word.equals("apparmor=unconfined") && !word.equals("label=disable");
    }
    // Docker says which profile and label a container has; neither where the host has no module.
    if (container.has("AppArmorProfile") && container.has("ProcessLabel")) {
      String profile = container.path("AppArmorProfile").asText();
      boolean none = profile.isEmpty() || profile.equals("unconfined");
      confined &= !none || !container.path("ProcessLabel").asText().isEmpty();
    }
    // A program without set-id bits: what a user who is not root has after execve.
    CapabilitySet inForce = granted;
    ExecTransformation.Outcome outcome =
        ExecTransformation.apply(
            ProcessCapabilities.forRoot(granted),
            new ExecTransformation.Identity(root ? 0 : 1000, 0, List.of()),
            noNewPrivileges,
            Program.PLAIN,
            ExecTransformation.Host.FULL);
    if (outcome instanceof ExecTransformation.Running running) {
      inForce = running.capabilities().permitted();
    }
    List<Subject.Bind> binds = new ArrayList<>();
    for (JsonNode mount : container.path("Mounts")) {
      if (mount.path("Type").asText("bind").equals("bind")) {
        binds.add(
            new Subject.Bind(
                mount.path("Source").asText(),
                mount.path("Destination").asText(),
                mount.path("RW").asBoolean(true),
                mount.path("Propagation").asText().endsWith("shared")));
      }
    }
    List<String> devices = new ArrayList<>();
    for (JsonNode device : host.path("Devices")) {
      devices.add(device.path("PathOnHost").asText());
    }
    for (JsonNode rule : host.path("DeviceCgroupRules")) {
      if (rule.asText().startsWith("a ") || rule.asText().startsWith("b ")) {
        devices.add(rule.asText().startsWith("a *:* ") ? "*" : rule.asText());
      }
    }
    if (privileged) {
      devices.add("*");
    }
    Set<String> shared = new HashSet<>();
    String[][] modes = {
      {"pid", "PidMode"}, {"network", "NetworkMode"}, {"ipc", "IpcMode"}, {"uts", "UTSMode"}
    };
    for (String[] mode : modes) {
      if (host.path(mode[1]).asText().equals("host")) {
        shared.add(mode[0]);
      }
    }
    List<String> sysctls = new ArrayList<>();
    host.path("Sysctls").properties().forEach(value -> sysctls.add(value.getKey()));
    JsonNode masked = host.path("MaskedPaths");
    String name = container.path("Name").asText("");
    return new Subject(
        name.startsWith("/") ? name.substring(1) : name,
        Place.file(file),
        inForce,
        granted,
        root,
        noNewPrivileges,
        seccomp,
        confined,
        shared,
        false,
        binds,
        devices,
        !privileged && !(masked.isArray() && masked.isEmpty()),
        host.path("ReadonlyRootfs").asBoolean(),
        host.path("Memory").asLong() > 0,
        host.path("PidsLimit").asLong() > 0,
        sysctls,
        false,
        List.of());
  }

  /// What Docker gave: its default as the options change it. Podman says itself what it gave.
  private static CapabilitySet granted(JsonNode container, JsonNode host, boolean privileged) {
    JsonNode said = container.path("BoundingCaps");
    if (said.isArray() && !said.isEmpty()) {
      return named(said);
    }
    return privileged
        ? CapabilitySet.ALL
        : request(host).apply(CapabilitySet.DOCKER_DEFAULT, CapabilitySet.ALL);
  }

  private static CapabilityRequest request(JsonNode host) {
    return new CapabilityRequest(
        hasAll(host.path("CapAdd")),
        named(host.path("CapAdd")),
        hasAll(host.path("CapDrop")),
        named(host.path("CapDrop")));
  }

  private static boolean hasAll(JsonNode names) {
    for (JsonNode name : names) {
      String word = name.asText().toUpperCase(Locale.ROOT);
      if (word.equals("ALL") || word.equals("CAP_ALL")) {
        return true;
      }
    }
    return false;
  }

  private static CapabilitySet named(JsonNode names) {
    CapabilitySet set = CapabilitySet.NONE;
    for (JsonNode name : names) {
      Optional<Capability> capability = Capability.find(name.asText());
      set = capability.isPresent() ? set.plus(capability.get()) : set;
    }
    return set;
  }
}
