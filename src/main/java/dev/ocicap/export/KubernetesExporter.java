package dev.ocicap.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.Mount;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A Pod of Kubernetes (API version v1) with one container and its securityContext.
final class KubernetesExporter implements Exporter {
  private static final Set<String> OWN_MOUNTS =
      Set.of(
          "/proc",
          "/dev",
          "/dev/pts",
          "/dev/shm",
          "/dev/mqueue",
          "/sys",
          "/sys/fs/cgroup",
          "/etc/resolv.conf",
          "/etc/hostname",
          "/etc/hosts");

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    ObjectNode container = JsonValues.object();
    container.set("name", JsonValues.string(names.container()));
    container.set("image", JsonValues.string(names.image()));
    process(container, source);
    resources(container, source);
    container.set("securityContext", securityContext(source));
    ObjectNode spec = JsonValues.object();
    spec.set("automountServiceAccountToken", JsonValues.bool(false));
    namespaces(spec, source);
    ObjectNode pod = podContext(source);
    if (!pod.isEmpty()) {
      spec.set("securityContext", pod);
    }
    volumes(spec, container, source, names.directory());
    spec.set("containers", JsonValues.array().add(container));
    spec.set("restartPolicy", JsonValues.string("Never"));
    ObjectNode metadata = JsonValues.object();
    metadata.set("name", JsonValues.string(names.container()));
    annotations(metadata, source);
    ObjectNode root = JsonValues.object();
    root.set("apiVersion", JsonValues.string("v1"));
    root.set("kind", JsonValues.string("Pod"));
    root.set("metadata", metadata);
    root.set("spec", spec);
    source.take("linux.cgroupsPath");
    source.take("linux.rootfsPropagation");
    source.take("process.oomScoreAdj");
    return new Exported(Yaml.print(root), source.losses());
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    ObjectNode whole = securityContext(source);
    ObjectNode context = JsonValues.object();
    for (String key : new String[] {"privileged", "capabilities"}) {
      if (whole.has(key)) {
        context.set(key, whole.get(key));
      }
    }
    ObjectNode root = JsonValues.object();
    root.set("securityContext", context);
    return Exported.ofCapabilities(Yaml.print(root), source.losses());
  }

  private static void process(ObjectNode container, Source source) {
    source.take("process.args");
    if (!source.config().args().isEmpty()) {
      // $(NAME) would be expanded.
      ArrayNode command = JsonValues.array();
      for (String arg : source.config().args()) {
        command.add(JsonValues.string(arg.replace("$(", "$$(")));
      }
      container.set("command", command);
    }
    String cwd = source.text("process.cwd");
    if (!cwd.isEmpty()) {
      container.set("workingDir", JsonValues.string(cwd));
    }
    ArrayNode env = JsonValues.array();
    String hostname = source.config().find("hostname").map(JsonNode::asText).orElse("");
    for (String variable : source.strings("process.env")) {
      int equals = variable.indexOf('=');
      if (equals > 0 && !variable.equals("HOSTNAME=" + hostname)) {
        ObjectNode one = JsonValues.object();
        one.set("name", JsonValues.string(variable.substring(0, equals)));
        one.set("value", JsonValues.string(variable.substring(equals + 1).replace("$(", "$$(")));
        env.add(one);
      }
    }
    if (!env.isEmpty()) {
      container.set("env", env);
    }
    if (source.flag("process.terminal")) {
      container.set("stdin", JsonValues.bool(true));
      container.set("tty", JsonValues.bool(true));
    }
    if (!source.elements("process.rlimits").isEmpty()) {
      source.lose("process.rlimits", "the node's limits are used");
    }
  }

  private static void resources(ObjectNode container, Source source) {
    ObjectNode limits = JsonValues.object();
    source
        .number("linux.resources.memory.limit")
        .filter(limit -> limit > 0)
        .ifPresent(limit -> limits.set("memory", JsonValues.string(Long.toString(limit))));
    source.take("linux.resources.memory.swap");
    Optional<Long> quota = source.number("linux.resources.cpu.quota");
    long period = source.number("linux.resources.cpu.period").orElse(100_000L);
    if (quota.isPresent() && quota.get() > 0 && period > 0) {
      limits.set("cpu", JsonValues.string(Math.max(1, quota.get() * 1000 / period) + "m"));
    }
    if (source.number("linux.resources.pids.limit").orElse(-1L) > 0) {
      source.lose("linux.resources.pids.limit", "the node's limit of processes is used");
    }
    if (!limits.isEmpty()) {
      ObjectNode resources = JsonValues.object();
      resources.set("limits", limits);
      container.set("resources", resources);
    }
  }

  private static ObjectNode securityContext(Source source) {
    ObjectNode context = JsonValues.object();
    User user = source.config().user();
    boolean privileged = source.isPrivileged();
    ProcessCapabilities sets = source.config().capabilities().orElse(ProcessCapabilities.NONE);
    CapabilitySet granted =
        source.config().noNewPrivileges()
            ? sets.bounding().intersect(sets.permitted())
            : sets.bounding();
    CapabilitySet beyond =
        sets.bounding().plus(sets.permitted()).plus(sets.effective()).minus(granted);
    if (!beyond.isEmpty()) {
      source.lose(
          "process.capabilities",
          "not in both bounding and permitted, so they are not granted: " + beyond);
    }
    if (!sets.ambient().isEmpty()) {
      source.lose(
          "process.capabilities.ambient",
          "Kubernetes has no ambient capabilities"
              + (user.isRoot()
                  ? ""
                  : ": the process, which is not root, has none of "
                      + sets.ambient()
                      + " unless its program has file capabilities"));
    } else if (!sets.inheritable().isEmpty()) {
      source.lose("process.capabilities.inheritable", "the inheritable set stays empty");
    }
    context.set("runAsUser", JsonValues.number(user.uid()));
    context.set("runAsGroup", JsonValues.number(user.gid()));
    context.set("runAsNonRoot", JsonValues.bool(!user.isRoot()));
    boolean escalates = privileged || granted.contains(Capability.CAP_SYS_ADMIN);
    if (source.config().noNewPrivileges() && escalates) {
      source.lose(
          "process.noNewPrivileges",
          "Kubernetes refuses allowPrivilegeEscalation: false together with SYS_ADMIN");
    } else {
      context.set("allowPrivilegeEscalation", JsonValues.bool(!source.config().noNewPrivileges()));
    }
    if (privileged) {
      context.set("privileged", JsonValues.bool(true));
    } else {
      ObjectNode capabilities = JsonValues.object();
      capabilities.set("drop", JsonValues.strings(List.of("ALL")));
      ArrayNode adds = JsonValues.array();
      for (Capability capability : granted.members()) {
        adds.add(JsonValues.string(capability.name().substring("CAP_".length())));
      }
      if (!adds.isEmpty()) {
        capabilities.set("add", adds);
      }
      context.set("capabilities", capabilities);
    }
    context.set("readOnlyRootFilesystem", JsonValues.bool(source.flag("root.readonly")));
    seccomp(context, source, privileged);
    String profile = source.text("process.apparmorProfile");
    if (!profile.isEmpty()) {
      ObjectNode apparmor = JsonValues.object();
      switch (profile) {
        case "unconfined" -> apparmor.set("type", JsonValues.string("Unconfined"));
        case "docker-default", "cri-containerd.apparmor.d" ->
            apparmor.set("type", JsonValues.string("RuntimeDefault"));
        default -> {
          apparmor.set("type", JsonValues.string("Localhost"));
          apparmor.set("localhostProfile", JsonValues.string(profile));
        }
      }
      context.set("appArmorProfile", apparmor);
    }
    String label = source.text("process.selinuxLabel");
    if (!label.isEmpty()) {
      ObjectNode selinux = JsonValues.object();
      String[] keys = {"user", "role", "type", "level"};
      String[] parts = label.split(":", 4);
      for (int i = 0; i < parts.length; i++) {
        selinux.set(keys[i], JsonValues.string(parts[i]));
      }
      context.set("seLinuxOptions", selinux);
    }
    source.take("linux.mountLabel");
    boolean masked = !source.strings("linux.maskedPaths").isEmpty();
    boolean readonly = !source.strings("linux.readonlyPaths").isEmpty();
    boolean unmasked = !masked && !readonly;
    if (unmasked && !privileged) {
      source.lose(
          "linux.maskedPaths",
          "the usual paths of /proc are masked; Kubernetes unmasks them (procMount: Unmasked) only"
              + " in a user namespace");
    }
    return context;
  }

  private static void seccomp(ObjectNode context, Source source, boolean privileged) {
    Optional<JsonNode> filter = source.get("linux.seccomp");
    ObjectNode profile = JsonValues.object();
    if (filter.isEmpty()) {
      if (privileged) {
        return;
      }
      profile.set("type", JsonValues.string("Unconfined"));
    } else {
      profile.set("type", JsonValues.string("RuntimeDefault"));
      if (!Filters.isDockers(source)) {
        source.lose(
            "linux.seccomp",
            "the runtime's default profile takes its place; to keep this one, put it on the nodes"
                + " and use type: Localhost");
      }
    }
    context.set("seccompProfile", profile);
  }

  private static void namespaces(ObjectNode spec, Source source) {
    Set<String> own = new HashSet<>();
    for (JsonNode namespace : source.elements("linux.namespaces")) {
      own.add(namespace.path("type").asText());
      String path = namespace.path("path").asText();
      if (!path.isEmpty()) {
        source.lose("linux.namespaces", "'" + path + "' cannot be joined");
      }
    }
    String[][] shared = {{"network", "hostNetwork"}, {"pid", "hostPID"}, {"ipc", "hostIPC"}};
    for (String[] one : shared) {
      if (!own.contains(one[0])) {
        spec.set(one[1], JsonValues.bool(true));
      }
    }
    if (!own.contains("uts") && own.contains("network")) {
      source.lose("linux.namespaces", "the pod gets a uts namespace of its own");
    }
    if (own.contains("user")) {
      spec.set("hostUsers", JsonValues.bool(false));
      if (source.get("linux.uidMappings").isPresent()) {
        source.lose("linux.uidMappings", "the kubelet chooses the ids");
      }
      source.take("linux.gidMappings");
    }
    String hostname = source.text("hostname");
    if (!hostname.isEmpty() && isDnsLabel(hostname)) {
      spec.set("hostname", JsonValues.string(hostname));
    } else if (!hostname.isEmpty()) {
      source.lose("hostname", "'" + hostname + "' is not a DNS label");
    }
  }

  private static boolean isDnsLabel(String name) {
    boolean good = name.length() <= 63 && !name.startsWith("-") && !name.endsWith("-");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      good &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    return good;
  }

  private static ObjectNode podContext(Source source) {
    ObjectNode context = JsonValues.object();
    ArrayNode groups = JsonValues.array();
    for (long gid : source.config().user().additionalGids()) {
      if (gid != source.config().user().gid()) {
        groups.add(JsonValues.number(gid));
      }
    }
    if (!groups.isEmpty()) {
      context.set("supplementalGroups", groups);
    }
    Optional<JsonNode> values = source.get("linux.sysctl");
    if (values.isPresent() && !values.get().isEmpty()) {
      ArrayNode sysctls = JsonValues.array();
      for (Map.Entry<String, JsonNode> value : values.get().properties()) {
        ObjectNode one = JsonValues.object();
        one.set("name", JsonValues.string(value.getKey()));
        one.set("value", JsonValues.string(value.getValue().asText()));
        sysctls.add(one);
      }
      context.set("sysctls", sysctls);
    }
    return context;
  }

  private static void volumes(
      ObjectNode spec, ObjectNode container, Source source, String directory) {
    ArrayNode volumes = JsonValues.array();
    ArrayNode mounts = JsonValues.array();
    for (Mount mount : source.mounts(directory)) {
      String destination = mount.destination();
      if (Source.isEnginesOwn(mount) || (OWN_MOUNTS.contains(destination) && !mount.isBind())) {
        continue;
      }
      ObjectNode volume = JsonValues.object();
      volume.set("name", JsonValues.string("volume-" + volumes.size()));
      if (mount.isBind()) {
        ObjectNode path = JsonValues.object();
        path.set("path", JsonValues.string(mount.source()));
        volume.set("hostPath", path);
      } else if (mount.type().equals("tmpfs")) {
        ObjectNode empty = JsonValues.object();
        empty.set("medium", JsonValues.string("Memory"));
        volume.set("emptyDir", empty);
      } else {
        source.lose("mounts", "a mount of type " + mount.type() + " at " + destination);
        continue;
      }
      ObjectNode at = JsonValues.object();
      at.set("name", JsonValues.string("volume-" + volumes.size()));
      at.set("mountPath", JsonValues.string(destination));
      if (mount.isReadOnly()) {
        at.set("readOnly", JsonValues.bool(true));
      }
      volumes.add(volume);
      mounts.add(at);
    }
    for (JsonNode device : source.elements("linux.devices")) {
      source.lose(
          "linux.devices",
          device.path("path").asText() + ": pods get devices from device plugins only");
    }
    if (!mounts.isEmpty()) {
      container.set("volumeMounts", mounts);
      spec.set("volumes", volumes);
    }
  }

  private static void annotations(ObjectNode metadata, Source source) {
    Optional<JsonNode> values = source.get("annotations");
    ObjectNode kept = JsonValues.object();
    if (values.isPresent()) {
      for (Map.Entry<String, JsonNode> value : values.get().properties()) {
        if (!value.getKey().startsWith("dev.ocicap.")) {
          kept.set(value.getKey(), JsonValues.string(value.getValue().asText()));
        }
      }
    }
    if (!kept.isEmpty()) {
      metadata.set("annotations", kept);
    }
  }
}
