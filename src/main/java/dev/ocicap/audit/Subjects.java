package dev.ocicap.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.cap.Program;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.predict.Prediction;
import dev.ocicap.report.Place;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Makes subjects from what there is.
public final class Subjects {
  private Subjects() {}

  /// A configuration, with what its process will really have.
  public static Subject of(String name, RuntimeConfig config, Prediction prediction) {
    ProcessCapabilities result = prediction.configured();
    if (prediction.result() instanceof Prediction.Started started) {
      result = started.running().capabilities();
    }
    Set<String> shared = new HashSet<>(Set.of("pid", "network", "ipc", "uts"));
    boolean userNamespace = false;
    for (JsonNode namespace : elements(config, "linux", "namespaces")) {
      shared.remove(namespace.path("type").asText());
      userNamespace |= namespace.path("type").asText().equals("user");
    }
    List<Subject.Bind> binds = new ArrayList<>();
    for (JsonNode mount : elements(config, "mounts")) {
      boolean bind = mount.path("type").asText().equals("bind");
      boolean writable = true;
      for (JsonNode option : mount.path("options")) {
        String word = option.asText();
        bind |= word.equals("bind") || word.equals("rbind");
        writable &= !word.equals("ro") && !word.equals("rro");
      }
      if (bind && mount.path("source").asText().startsWith("/")) {
        binds.add(
            new Subject.Bind(
                mount.path("source").asText(), mount.path("destination").asText(), writable));
      }
    }
    List<String> devices = new ArrayList<>();
    for (JsonNode device : elements(config, "linux", "devices")) {
      devices.add(device.path("path").asText());
    }
    if (allowsEveryDevice(config)) {
      devices.add("*");
    }
    List<String> sysctls = new ArrayList<>();
    config
        .find("linux", "sysctl")
        .ifPresent(values -> values.properties().forEach(value -> sysctls.add(value.getKey())));
    String apparmor = config.find("process", "apparmorProfile").map(JsonNode::asText).orElse("");
    String selinux = config.find("process", "selinuxLabel").map(JsonNode::asText).orElse("");
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
        (!apparmor.isEmpty() && !apparmor.equals("unconfined")) || !selinux.isEmpty(),
        shared,
        userNamespace,
        binds,
        devices,
        !config.strings("linux", "maskedPaths").isEmpty(),
        config.find("root", "readonly").map(JsonNode::asBoolean).orElse(false),
        isPositive(config.find("linux", "resources", "memory", "limit")),
        isPositive(config.find("linux", "resources", "pids", "limit")),
        sysctls,
        config.capabilities().isEmpty());
  }

  private static boolean isEmptyFilter(JsonNode filter) {
    return filter.path("defaultAction").asText().equals("SCMP_ACT_ALLOW")
        && filter.path("syscalls").isEmpty();
  }

  private static boolean isPositive(Optional<JsonNode> number) {
    return number.isPresent() && number.get().isNumber() && number.get().asLong() > 0;
  }

  private static List<JsonNode> elements(RuntimeConfig config, String... path) {
    List<JsonNode> elements = new ArrayList<>();
    config.find(path).filter(JsonNode::isArray).ifPresent(array -> array.forEach(elements::add));
    return elements;
  }

  /// The last rule for all devices decides; without rules nothing is forbidden.
  private static boolean allowsEveryDevice(RuntimeConfig config) {
    boolean every = true;
    for (JsonNode rule : elements(config, "linux", "resources", "devices")) {
      String type = rule.path("type").asText("a");
      if ((type.isEmpty() || type.equals("a"))
          && rule.path("major").asLong(-1) < 0
          && rule.path("minor").asLong(-1) < 0) {
        every = rule.path("allow").asBoolean();
      }
    }
    return every;
  }

  /// A running process, as `/proc` shows it.
  ///
  /// @throws IOException when there is no such process
  public static Subject of(String name, long pid) throws IOException {
    ProcessStatus status = ProcessStatus.of(pid);
    Set<String> shared = new HashSet<>();
    String[][] namespaces = {{"pid", "pid"}, {"network", "net"}, {"ipc", "ipc"}, {"uts", "uts"}};
    for (String[] namespace : namespaces) {
      String own = link("/proc/" + pid + "/ns/" + namespace[1]);
      // This process is on the host, as far as anybody here can tell.
      if (!own.isEmpty() && own.equals(link("/proc/self/ns/" + namespace[1]))) {
        shared.add(namespace[0]);
      }
    }
    String user = link("/proc/" + pid + "/ns/user");
    String label = "";
    try {
      label = Files.readString(Path.of("/proc/" + pid + "/attr/current")).replace("\0", "").strip();
    } catch (IOException e) {
      // No security module tells.
    }
    return new Subject(
        name,
        Place.file("/proc/" + pid),
        status.capabilities().permitted().plus(status.capabilities().effective()),
        status.capabilities().bounding(),
        status.uid().effective() == 0,
        status.noNewPrivileges(),
        status.seccomp() != 0,
        label.isEmpty() || !label.startsWith("unconfined"),
        shared,
        !user.isEmpty() && !user.equals(link("/proc/self/ns/user")),
        List.of(),
        List.of(),
        true,
        true,
        true,
        true,
        List.of(),
        false);
  }

  private static String link(String path) {
    try {
      return Files.readSymbolicLink(Path.of(path)).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /// Whether a document is what `docker inspect` prints: an array of containers.
  public static boolean isInspect(JsonNode root) {
    return root.isArray() && !root.isEmpty() && root.get(0).has("HostConfig");
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
    CapabilityRequest request = request(host);
    CapabilitySet granted =
        privileged
            ? CapabilitySet.ALL
            : request.apply(CapabilitySet.DOCKER_DEFAULT, CapabilitySet.ALL);
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
                mount.path("RW").asBoolean(true)));
      }
    }
    List<String> devices = new ArrayList<>();
    for (JsonNode device : host.path("Devices")) {
      devices.add(device.path("PathOnHost").asText());
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
        false);
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
