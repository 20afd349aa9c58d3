package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A container as `docker inspect` or `podman inspect` prints it, told again as the command that
/// makes one like it. What the image said is in it already: the image's own configuration must not
/// be merged a second time.
public final class ContainerInspection {
  private static final String PROFILE = "/proc/self/inspected-seccomp-";
  private static final long DEFAULT_SHM = 64L << 20;
  private static final List<String> PROPAGATIONS =
      List.of("private", "rprivate", "slave", "rslave", "shared", "rshared");
  private static final List<String> PODMAN_BIND_WORDS =
      List.of(
          "ro",
          "rw",
          "z",
          "Z",
          "nocopy",
          "private",
          "rprivate",
          "slave",
          "rslave",
          "shared",
          "rshared");

  /// One container.
  ///
  /// @param place where it stands
  /// @param words the command that makes one like it
  /// @param profiles the system call filters that stand in the text itself, by the name that the
  ///   command calls them
  public record Container(Place place, List<String> words, Map<String, String> profiles) {
    /// Copies the words and the profiles.
    public Container {
      words = List.copyOf(words);
      profiles = Map.copyOf(profiles);
    }

    /// The client with the profiles among its files.
    public ClientEnvironment client(ClientEnvironment client) {
      return new ClientEnvironment(
          client.variables(),
          client.workingDirectory(),
          client.stdin(),
          client.consoleSize(),
          profiles.isEmpty() ? client.files() : new WithProfiles(client.files(), profiles));
    }
  }

  private final JsonText text;
  private final String pointer;
  private final boolean podman;
  private final Fields container;
  private final Fields config;
  private final Fields host;
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> profiles = new HashMap<>();

  private ContainerInspection(JsonText text, String pointer, JsonNode node) {
    this.text = text;
    this.pointer = pointer;
    this.podman = node.has("ImageName") || node.has("OCIConfigPath");
    this.container = new Fields(text, pointer, node);
    this.config = container.child("Config");
    this.host = container.child("HostConfig");
  }

  /// The containers in a text: an array of them, or one.
  ///
  /// @throws OcicapException when it is no inspection of a container
  public static List<Container> parse(JsonText text) {
    JsonNode root = text.root();
    List<Container> containers = new ArrayList<>();
    if (!root.isArray()) {
      return List.of(new ContainerInspection(text, "", checked(text, "", root)).read());
    }
    for (int i = 0; i < root.size(); i++) {
      String pointer = "/" + i;
      containers.add(
          new ContainerInspection(text, pointer, checked(text, pointer, root.get(i))).read());
    }
    if (containers.isEmpty()) {
      throw OcicapException.input(text.place(""), "no container in it", null);
    }
    return containers;
  }

  /// Whether a path names a system call filter that stands in an inspection.
  static boolean isProfile(String path) {
    return path.startsWith(PROFILE);
  }

  private static JsonNode checked(JsonText text, String pointer, JsonNode node) {
    if (!node.path("Config").isObject() || !node.path("HostConfig").isObject()) {
      throw OcicapException.input(
          text.place(pointer),
          "is not what docker inspect or podman inspect prints of a container: Config and"
              + " HostConfig are expected",
          "docker container inspect NAME");
    }
    return node;
  }

  private Container read() {
    words.add(podman ? "podman" : "docker");
    words.add("create");
    identity();
    process();
    security();
    namespaces();
    resources();
    devices();
    mounts();
    network();
    lifecycle();
    List<String> command = command();
    words.add("--");
    words.add(image());
    words.addAll(command);
    return new Container(text.place(pointer), words, profiles);
  }

  /// The name under which the image can be had again; its digest where there is no name.
  private String image() {
    String name = podman ? container.string("ImageName") : config.string("Image");
    if (name.isEmpty()) {
      name = config.string("Image");
    }
    if (name.isEmpty()) {
      throw OcicapException.input(text.place(pointer), "Config.Image is missing", null);
    }
    return name;
  }

  private void identity() {
    String name = container.string("Name");
    flag("name", name.startsWith("/") ? name.substring(1) : name);
    String id = container.string("Id");
    String hostname = config.string("Hostname");
    boolean own = !isJoined(host.string("NetworkMode")) && !host.string("UTSMode").equals("host");
    if (own && (id.isEmpty() || !id.startsWith(hostname))) {
      flag("hostname", hostname);
    }
    if (own) {
      flag("domainname", config.string("Domainname"));
    }
    if (podman) {
      Fields annotations = config.child("Annotations");
      for (String key : annotations.keys()) {
        if (!key.startsWith("io.podman.") && !key.startsWith("io.kubernetes.cri-o.")) {
          words.add("--annotation=" + key + "=" + annotations.string(key));
        }
      }
    } else {
      map("annotation", host.child("Annotations"));
    }
    map("label", config.child("Labels"));
  }

  private static boolean isJoined(String mode) {
    return mode.equals("host") || mode.startsWith("container:");
  }

  private void process() {
    on("tty", config.bool("Tty"));
    on("interactive", config.bool("OpenStdin"));
    flag("user", config.string("User"));
    flag("workdir", config.string("WorkingDir"));
    for (String variable : config.strings("Env")) {
      // Docker writes both before what was asked for, and so does the conversion.
      boolean own =
          podman && (variable.startsWith("HOSTNAME=") || variable.equals("container=podman"));
      if (variable.indexOf('=') > 0 && !own) {
        flag("env", variable);
      }
    }
    all("group-add", host.strings("GroupAdd"));
    on("init", host.bool("Init"));
    number("oom-score-adj", host.number("OomScoreAdj"));
    for (Fields limit : host.objects("Ulimits")) {
      String name = limit.string("Name").toLowerCase(Locale.ROOT);
      flag(
          "ulimit",
          (name.startsWith("rlimit_") ? name.substring("rlimit_".length()) : name)
              + "="
              + limit.number("Soft")
              + ":"
              + limit.number("Hard"));
    }
  }

  /// The words behind the image. The first word of the entry point has a flag of its own, which
  /// takes no more than one.
  private List<String> command() {
    List<String> entrypoint = entrypoint();
    List<String> command = new ArrayList<>();
    if (!entrypoint.isEmpty()) {
      words.add("--entrypoint=" + entrypoint.getFirst());
      command.addAll(entrypoint.subList(1, entrypoint.size()));
    }
    command.addAll(config.strings("Cmd"));
    return command;
  }

  /// The words of the entry point, which some releases of podman print as one text: there they are
  /// what the whole command line has before the command.
  private List<String> entrypoint() {
    List<String> entrypoint = config.strings("Entrypoint");
    List<String> all = new ArrayList<>();
    all.add(container.string("Path"));
    all.addAll(container.strings("Args"));
    int before = all.size() - config.strings("Cmd").size();
    boolean joined = podman && entrypoint.size() == 1 && before > 1;
    return joined && String.join(" ", all.subList(0, before)).equals(entrypoint.getFirst())
        ? all.subList(0, before)
        : entrypoint;
  }

  private void security() {
    on("privileged", host.bool("Privileged"));
    on("read-only", host.bool("ReadonlyRootfs"));
    // What podman gives to a user that is not root stands there whole, and in CapAdd not always.
    all(
        "cap-add",
        podman && !isRoot() ? container.strings("EffectiveCaps") : host.strings("CapAdd"));
    if (!podman || !host.bool("Privileged")) {
      // Podman says there what this machine lacks; a privileged container has the rest.
      all("cap-drop", host.strings("CapDrop"));
    }
    for (String option : host.strings("SecurityOpt")) {
      String value = option.startsWith("seccomp=") ? option.substring("seccomp=".length()) : "";
      if (value.startsWith("{")) {
        String name = PROFILE + profiles.size() + ".json";
        profiles.put(name, value);
        flag("security-opt", "seccomp=" + name);
      } else {
        flag("security-opt", option);
      }
    }
    boolean open =
        host.isEmptyArray("MaskedPaths")
            && host.isEmptyArray("ReadonlyPaths")
            && !host.bool("Privileged");
    if (open && !podman) {
      flag("security-opt", "systempaths=unconfined");
    }
    flag("userns", host.string("UsernsMode"));
  }

  private boolean isRoot() {
    String user = config.string("User");
    int colon = user.indexOf(':');
    String name = colon < 0 ? user : user.substring(0, colon);
    return name.isEmpty() || name.equals("0") || name.equals("root");
  }

  private void namespaces() {
    String ipc = host.string("IpcMode");
    // Podman's own default, whose /dev/shm is like any other.
    flag("ipc", podman && ipc.equals("shareable") ? "" : ipc);
    String pid = host.string("PidMode");
    flag("pid", pid.equals("private") ? "" : pid);
    String uts = host.string("UTSMode");
    flag("uts", uts.equals("private") ? "" : uts);
    String cgroup = host.string("CgroupnsMode");
    flag("cgroupns", cgroup.isEmpty() && podman ? host.string("CgroupMode") : cgroup);
    map("sysctl", host.child("Sysctls"));
  }

  private void resources() {
    number("cpu-shares", host.number("CpuShares"));
    number("memory", host.number("Memory"));
    number("memory-reservation", host.number("MemoryReservation"));
    number("memory-swap", host.number("MemorySwap"));
    long swappiness = host.number("MemorySwappiness");
    if (swappiness > 0) {
      number("memory-swappiness", swappiness);
    }
    long nano = host.number("NanoCpus");
    if (nano != 0) {
      flag("cpus", BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString());
    } else {
      number("cpu-period", host.number("CpuPeriod"));
      number("cpu-quota", host.number("CpuQuota"));
    }
    number("cpu-rt-period", host.number("CpuRealtimePeriod"));
    number("cpu-rt-runtime", host.number("CpuRealtimeRuntime"));
    flag("cpuset-cpus", host.string("CpusetCpus"));
    flag("cpuset-mems", host.string("CpusetMems"));
    long processes = host.number("PidsLimit");
    if (processes > 0 && !(podman && processes == PodmanResources.PIDS_LIMIT)) {
      number("pids-limit", processes);
    }
    on("oom-kill-disable", host.bool("OomKillDisable"));
    flag("cgroup-parent", podman ? "" : host.string("CgroupParent"));
    long shm = host.number("ShmSize");
    String ipc = host.string("IpcMode");
    // Podman says a size where it makes no '/dev/shm', and takes none there.
    boolean made = !podman || !(ipc.equals("host") || ipc.equals("none"));
    if (made && shm != DEFAULT_SHM) {
      number("shm-size", shm);
    }
    number("blkio-weight", host.number("BlkioWeight"));
    rates("blkio-weight-device", "BlkioWeightDevice", "Weight");
    rates("device-read-bps", "BlkioDeviceReadBps", "Rate");
    rates("device-write-bps", "BlkioDeviceWriteBps", "Rate");
    rates("device-read-iops", "BlkioDeviceReadIOps", "Rate");
    rates("device-write-iops", "BlkioDeviceWriteIOps", "Rate");
    map("storage-opt", host.child("StorageOpt"));
  }

  private void rates(String flag, String key, String value) {
    for (Fields device : host.objects(key)) {
      flag(flag, device.string("Path") + ":" + device.number(value));
    }
  }

  private void devices() {
    if (!podman || !host.bool("Privileged")) {
      for (Fields device : host.objects("Devices")) {
        String access = device.string("CgroupPermissions");
        flag(
            "device",
            device.string("PathOnHost")
                + ":"
                + device.string("PathInContainer")
                + (access.isEmpty() ? "" : ":" + access));
      }
    }
    all("device-cgroup-rule", host.strings("DeviceCgroupRules"));
    if (!host.objects("DeviceRequests").isEmpty()) {
      flag("gpus", "all");
    }
  }

  private void mounts() {
    Set<String> destinations = new HashSet<>();
    for (String bind : host.strings("Binds")) {
      List<String> parts = Texts.split(bind, ':');
      destinations.add(parts.get(Math.min(1, parts.size() - 1)));
      flag("volume", podman && parts.size() > 2 ? plain(parts) : bind);
    }
    for (Fields mount : host.objects("Mounts")) {
      destinations.add(mount.string("Target"));
      flag("mount", mount(mount));
    }
    Fields tmpfs = host.child("Tmpfs");
    for (String path : tmpfs.keys()) {
      destinations.add(path);
      String options = podman ? exactly(tmpfs.string(path)) : tmpfs.string(path);
      flag("tmpfs", options.isEmpty() ? path : path + ":" + options);
    }
    // Anonymous volumes keep the name that they got.
    for (Fields mount : container.objects("Mounts")) {
      if (mount.string("Type").equals("volume") && destinations.add(mount.string("Destination"))) {
        flag("volume", mount.string("Name") + ":" + mount.string("Destination"));
      }
    }
    for (String path : config.child("Volumes").keys()) {
      if (destinations.add(path)) {
        flag("volume", path);
      }
    }
    all("volumes-from", host.strings("VolumesFrom"));
    flag("volume-driver", host.string("VolumeDriver"));
  }

  /// A bind without the words that only podman knows; they are its defaults.
  private static String plain(List<String> parts) {
    List<String> kept = new ArrayList<>();
    boolean path = parts.get(0).startsWith("/");
    for (String word : Texts.split(parts.get(2), ',')) {
      if (PODMAN_BIND_WORDS.contains(word) && (path || !PROPAGATIONS.contains(word))) {
        kept.add(word);
      }
    }
    String both = parts.get(0) + ":" + parts.get(1);
    return kept.isEmpty() ? both : both + ":" + String.join(",", kept);
  }

  /// The options of a tmpfs that podman made, with those that it would otherwise be given the
  /// contrary of.
  private static String exactly(String options) {
    List<String> words = new ArrayList<>(Texts.split(options, ','));
    words.removeIf(String::isEmpty);
    if (!words.contains("tmpcopyup") && !words.contains("notmpcopyup")) {
      words.add("notmpcopyup");
    }
    for (String word : List.of("suid", "dev")) {
      if (!words.contains("no" + word) && !words.contains(word)) {
        words.add(word);
      }
    }
    return String.join(",", words);
  }

  private static String mount(Fields mount) {
    List<String> fields = new ArrayList<>();
    csv(fields, "type", mount.string("Type"));
    csv(fields, "source", mount.string("Source"));
    csv(fields, "target", mount.string("Target"));
    if (mount.bool("ReadOnly")) {
      fields.add("readonly");
    }
    csv(fields, "consistency", mount.string("Consistency"));
    Fields bind = mount.child("BindOptions");
    csv(fields, "bind-propagation", bind.string("Propagation"));
    if (bind.bool("NonRecursive")) {
      fields.add("bind-recursive=disabled");
    } else if (bind.bool("ReadOnlyNonRecursive")) {
      fields.add("bind-recursive=writable");
    } else if (bind.bool("ReadOnlyForceRecursive")) {
      fields.add("bind-recursive=readonly");
    }
    Fields volume = mount.child("VolumeOptions");
    if (volume.bool("NoCopy")) {
      fields.add("volume-nocopy");
    }
    csv(fields, "volume-subpath", volume.string("Subpath"));
    Fields tmpfs = mount.child("TmpfsOptions");
    if (tmpfs.number("SizeBytes") != 0) {
      fields.add("tmpfs-size=" + tmpfs.number("SizeBytes"));
    }
    if (tmpfs.number("Mode") != 0) {
      fields.add("tmpfs-mode=" + Long.toOctalString(tmpfs.number("Mode")));
    }
    return String.join(",", fields);
  }

  /// One field of a line of comma-separated values, in quotes where it needs them.
  private static void csv(List<String> fields, String key, String value) {
    if (value.isEmpty()) {
      return;
    }
    String field = key + "=" + value;
    boolean quoted = value.indexOf(',') >= 0 || value.indexOf('"') >= 0 || value.indexOf('\n') >= 0;
    fields.add(quoted ? "\"" + field.replace("\"", "\"\"") + "\"" : field);
  }

  private void network() {
    String mode = host.string("NetworkMode");
    boolean usual = mode.equals("default") || mode.equals("bridge");
    flag("network", usual ? "" : mode);
    Fields ports = host.child("PortBindings");
    for (String port : ports.keys()) {
      for (Fields binding : ports.objects(port)) {
        String ip = binding.string("HostIp");
        String address = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
        String number = binding.string("HostPort");
        flag(
            "publish",
            address.isEmpty()
                ? number.isEmpty() ? port : number + ":" + port
                : address + ":" + number + ":" + port);
      }
    }
    on("publish-all", host.bool("PublishAllPorts"));
    all("dns", host.strings("Dns"));
    all("dns-option", host.strings("DnsOptions"));
    all("dns-search", host.strings("DnsSearch"));
    all("add-host", host.strings("ExtraHosts"));
    all("link", host.strings("Links"));
  }

  private void lifecycle() {
    Fields restart = host.child("RestartPolicy");
    String policy = restart.string("Name");
    if (!policy.equals("no") && !policy.isEmpty()) {
      long most = restart.number("MaximumRetryCount");
      flag("restart", most > 0 ? policy + ":" + most : policy);
    }
    on("rm", host.bool("AutoRemove") && (policy.isEmpty() || policy.equals("no")));
    Fields log = host.child("LogConfig");
    boolean usual = log.string("Type").equals("json-file") && log.child("Config").keys().isEmpty();
    if (!podman && !usual) {
      flag("log-driver", log.string("Type"));
      map("log-opt", log.child("Config"));
    }
    if (!podman) {
      flag("stop-signal", config.string("StopSignal"));
      number("stop-timeout", config.number("StopTimeout"));
      String runtime = host.string("Runtime");
      flag("runtime", runtime.equals("runc") ? "" : runtime);
    }
    Fields health = config.child("Healthcheck");
    List<String> test = health.strings("Test");
    if (test.equals(List.of("NONE"))) {
      on("no-healthcheck", true);
    } else if (test.size() > 1) {
      flag("health-cmd", String.join(" ", test.subList(1, test.size())));
    }
  }

  private void flag(String name, String value) {
    if (!value.isEmpty()) {
      words.add("--" + name + "=" + value);
    }
  }

  private void on(String name, boolean value) {
    if (value) {
      words.add("--" + name);
    }
  }

  private void number(String name, long value) {
    if (value != 0) {
      words.add("--" + name + "=" + value);
    }
  }

  private void all(String name, List<String> values) {
    for (String value : values) {
      words.add("--" + name + "=" + value);
    }
  }

  private void map(String name, Fields values) {
    for (String key : values.keys()) {
      words.add("--" + name + "=" + key + "=" + values.string(key));
    }
  }

  /// The members of one object; what is absent or null is empty.
  private record Fields(JsonText text, String pointer, JsonNode node) {

    Fields child(String key) {
      JsonNode child = node.path(key);
      if (node.hasNonNull(key) && !child.isObject()) {
        throw wrong(key, "an object");
      }
      return new Fields(text, at(key), child);
    }

    String string(String key) {
      if (!node.hasNonNull(key)) {
        return "";
      }
      if (!node.get(key).isTextual()) {
        throw wrong(key, "a string");
      }
      return node.get(key).textValue();
    }

    boolean bool(String key) {
      if (node.hasNonNull(key) && !node.get(key).isBoolean()) {
        throw wrong(key, "true or false");
      }
      return node.path(key).asBoolean(false);
    }

    long number(String key) {
      if (!node.hasNonNull(key)) {
        return 0;
      }
      if (!node.get(key).isIntegralNumber() || !node.get(key).canConvertToLong()) {
        throw wrong(key, "an integer");
      }
      return node.get(key).longValue();
    }

    /// An array of strings, or one string.
    List<String> strings(String key) {
      List<String> strings = new ArrayList<>();
      if (!node.hasNonNull(key)) {
        return strings;
      }
      if (node.get(key).isTextual()) {
        return node.get(key).textValue().isEmpty() ? strings : List.of(node.get(key).textValue());
      }
      if (!node.get(key).isArray()) {
        throw wrong(key, "an array of strings");
      }
      for (JsonNode item : node.get(key)) {
        if (!item.isTextual()) {
          throw wrong(key, "an array of strings");
        }
        strings.add(item.textValue());
      }
      return strings;
    }

    List<Fields> objects(String key) {
      List<Fields> objects = new ArrayList<>();
      if (!node.hasNonNull(key)) {
        return objects;
      }
      if (!node.get(key).isArray()) {
        throw wrong(key, "an array of objects");
      }
      for (int i = 0; i < node.get(key).size(); i++) {
        JsonNode item = node.get(key).get(i);
        if (!item.isObject()) {
          throw wrong(key, "an array of objects");
        }
        objects.add(new Fields(text, at(key) + "/" + i, item));
      }
      return objects;
    }

    boolean isEmptyArray(String key) {
      return node.path(key).isArray() && node.path(key).isEmpty();
    }

    List<String> keys() {
      List<String> keys = new ArrayList<>();
      node.fieldNames().forEachRemaining(keys::add);
      return keys;
    }

    private String at(String key) {
      return pointer + JsonText.pointer(List.of(key));
    }

    private OcicapException wrong(String key, String expected) {
      return OcicapException.input(text.place(at(key)), key + " is not " + expected, null);
    }
  }

  /// The files of a machine, and some that stand in an inspection.
  private record WithProfiles(HostFiles files, Map<String, String> profiles) implements HostFiles {
    @Override
    public byte[] read(String path) throws IOException {
      String profile = profiles.get(path);
      return profile == null ? files.read(path) : profile.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean exists(String path) {
      return profiles.containsKey(path) || files.exists(path);
    }

    @Override
    public boolean isDirectory(String path) {
      return !profiles.containsKey(path) && files.isDirectory(path);
    }

    @Override
    public boolean isSymbolicLink(String path) {
      return !profiles.containsKey(path) && files.isSymbolicLink(path);
    }

    @Override
    public Optional<Node> node(String path) {
      return profiles.containsKey(path) ? Optional.empty() : files.node(path);
    }

    @Override
    public List<String> list(String path) {
      return files.list(path);
    }
  }
}
