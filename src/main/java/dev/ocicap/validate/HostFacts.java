package dev.ocicap.validate;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.spec.RuntimeConfig;
import java.io.FileInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a machine offers to a container, as values.
///
/// @param uid the caller's effective user id
/// @param permitted the caller's permitted set
/// @param bounding the caller's bounding set
/// @param namespaces the types of namespace that the kernel has, as in `/proc/self/ns`
/// @param filesystems the types of file system that the kernel has now
/// @param securityModules the active Linux security modules
/// @param apparmorProfiles the loaded profiles
/// @param cgroupUnified whether cgroup v2 is all there is
/// @param controllers the cgroup controllers that can be used
/// @param hardLimits the caller's hard limits by the name of config.json; absent is unlimited
/// @param interfaces the network interfaces
/// @param hugePages the sizes of huge pages, such as `2MB`
/// @param subUids the ranges of `/etc/subuid` for the caller, first and count
/// @param subGids the same of `/etc/subgid`
/// @param kernel its release
/// @param cgroupHybrid whether cgroup v1 has controllers of v2 beside it
/// @param cpus the CPUs that are online
/// @param memoryNodes the NUMA nodes that have memory
/// @param resctrl the groups in the resctrl file system; empty when it is not mounted
public record HostFacts(
    long uid,
    CapabilitySet permitted,
    CapabilitySet bounding,
    Set<String> namespaces,
    Set<String> filesystems,
    Set<String> securityModules,
    Set<String> apparmorProfiles,
    boolean cgroupUnified,
    Set<String> controllers,
    Map<String, BigInteger> hardLimits,
    Set<String> interfaces,
    Set<String> hugePages,
    List<IdRange> subUids,
    List<IdRange> subGids,
    KernelVersion kernel,
    boolean cgroupHybrid,
    Set<Integer> cpus,
    Set<Integer> memoryNodes,
    Set<String> resctrl) {

  /// Where cgroup v2 is all there is.
  private static final String UNIFIED = "fs/cgroup/cgroup.controllers";

  /// A range of ids that the caller may map.
  public record IdRange(long first, long count) {
    boolean holds(BigInteger id, BigInteger size) {
      return id.compareTo(BigInteger.valueOf(first)) >= 0
          && id.add(size).compareTo(BigInteger.valueOf(first + count)) <= 0;
    }
  }

  /// A machine without anything.
  static final HostFacts NONE =
      new HostFacts(
          0,
          CapabilitySet.NONE,
          CapabilitySet.NONE,
          Set.of(),
          Set.of(),
          Set.of(),
          Set.of(),
          true,
          Set.of(),
          Map.of(),
          Set.of(),
          Set.of(),
          List.of(),
          List.of(),
          new KernelVersion(0, 0),
          false,
          Set.of(),
          Set.of(),
          Set.of());

  /// Copies the collections.
  public HostFacts {
    namespaces = Set.copyOf(namespaces);
    filesystems = Set.copyOf(filesystems);
    securityModules = Set.copyOf(securityModules);
    apparmorProfiles = Set.copyOf(apparmorProfiles);
    controllers = Set.copyOf(controllers);
    hardLimits = Map.copyOf(hardLimits);
    interfaces = Set.copyOf(interfaces);
    hugePages = Set.copyOf(hugePages);
    subUids = List.copyOf(subUids);
    subGids = List.copyOf(subGids);
    cpus = Set.copyOf(cpus);
    memoryNodes = Set.copyOf(memoryNodes);
    resctrl = Set.copyOf(resctrl);
  }

  /// Reads this machine.
  ///
  /// @param root where `/proc`, `/sys` and `/etc` are: `/`
  /// @param uid the caller's effective user id
  /// @param permitted the caller's permitted set
  /// @param bounding the caller's bounding set
  public static HostFacts read(
      Path root, long uid, CapabilitySet permitted, CapabilitySet bounding) {
    Path proc = root.resolve("proc");
    Path sys = root.resolve("sys");
    Path unified = sys.resolve(UNIFIED);
    Set<String> filesystems = new HashSet<>();
    for (String line : lines(proc.resolve("filesystems"))) {
      filesystems.add(line.substring(line.indexOf('\t') + 1).strip());
    }
    return new HostFacts(
        uid,
        permitted,
        bounding,
        namespaces(proc.resolve("self/ns")),
        filesystems,
        modules(sys),
        profiles(sys.resolve("kernel/security/apparmor/profiles")),
        Files.exists(unified),
        Files.exists(unified) ? words(unified, ' ') : controllers(proc.resolve("cgroups")),
        limits(proc.resolve("self/limits")),
        names(sys.resolve("class/net")),
        hugePages(sys.resolve("kernel/mm/hugepages")),
        ranges(root.resolve("etc/subuid"), user(root, uid)),
        ranges(root.resolve("etc/subgid"), user(root, uid)),
        KernelVersion.find(first(proc.resolve("sys/kernel/osrelease")))
            .orElse(new KernelVersion(0, 0)),
        !first(sys.resolve("fs/cgroup/unified/cgroup.controllers")).isBlank(),
        cpuList(first(sys.resolve("devices/system/cpu/online"))),
        cpuList(first(sys.resolve("devices/system/node/has_memory"))),
        names(sys.resolve("fs/resctrl")));
  }

  /// Reads of this machine what [Preflight] asks for a configuration, and no more: it stands before
  /// each start.
  ///
  /// @param uid the caller's effective user id
  /// @param permitted the caller's permitted set
  /// @param bounding the caller's bounding set
  /// @param controllers those that the caller was given, for an ordinary user
  public static HostFacts forStart(
      RuntimeConfig config,
      long uid,
      CapabilitySet permitted,
      CapabilitySet bounding,
      Set<String> controllers) {
    Document document = Document.of(config);
    Value process = document.get("process");
    Path root = Path.of("/");
    boolean modules =
        !process.get("apparmorProfile").text().isEmpty()
            || !process.get("selinuxLabel").text().isEmpty()
            || !document.get("linux", "mountLabel").text().isEmpty();
    Path sys = root.resolve("sys");
    Value resources = document.get("linux", "resources");
    Value cpu = resources.get("cpu");
    boolean asked = resources.exists() || document.get("linux", "cgroupsPath").exists();
    boolean unified = !asked || Files.exists(sys.resolve(UNIFIED));
    // Version 2 takes what may come later, too.
    String present = unified ? "possible" : "online";
    String withMemory = unified ? "possible" : "has_memory";
    return new HostFacts(
        uid,
        permitted,
        bounding,
        Set.of(),
        Set.of(),
        modules ? modules(sys) : Set.of(),
        modules ? profiles(sys.resolve("kernel/security/apparmor/profiles")) : Set.of(),
        unified,
        controllers,
        process.get("rlimits").items().isEmpty()
            ? Map.of()
            : limits(root.resolve("proc/self/limits")),
        Set.of(),
        resources.get("hugepageLimits").exists()
            ? hugePages(sys.resolve("kernel/mm/hugepages"))
            : Set.of(),
        uid == 0 ? List.of() : ranges(root.resolve("etc/subuid"), user(root, uid)),
        uid == 0 ? List.of() : ranges(root.resolve("etc/subgid"), user(root, uid)),
        new KernelVersion(0, 0),
        false,
        cpu.get("cpus").exists()
            ? cpuList(first(sys.resolve("devices/system/cpu").resolve(present)))
            : Set.of(),
        cpu.get("mems").exists()
            ? cpuList(first(sys.resolve("devices/system/node").resolve(withMemory)))
            : Set.of(),
        Set.of());
  }

  private static List<String> lines(Path file) {
    try {
      // Neither a stream, which links lambdas, nor a channel: this stands before each start.
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
          int end = text.indexOf('\n', start);
          end = end < 0 ? text.length() : end;
          lines.add(text.substring(start, end));
          start = end + 1;
        }
        return lines;
      }
    } catch (IOException e) {
      return List.of();
    }
  }

  /// The first line of a file; "" when there is none.
  private static String first(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static Set<Integer> cpuList(String list) {
    return Forms.isCpuList(list) ? Forms.members(list) : Set.of();
  }

  private static Set<String> words(Path file, char separator) {
    Set<String> words = new HashSet<>();
    for (String line : lines(file)) {
      int start = 0;
      for (int end = 0; end <= line.length(); end++) {
        if (end == line.length() || line.charAt(end) == separator) {
          words.add(line.substring(start, end));
          start = end + 1;
        }
      }
    }
    words.remove("");
    return words;
  }

  private static Set<String> names(Path folder) {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException e) {
      return names;
    }
    return names;
  }

  /// The kernel's names as the specification's.
  private static Set<String> namespaces(Path folder) {
    Set<String> types = names(folder);
    if (types.remove("mnt")) {
      types.add("mount");
    }
    if (types.remove("net")) {
      types.add("network");
    }
    return types;
  }

  /// securityfs lists them, where it is mounted; the two that concern containers leave traces
  /// elsewhere.
  private static Set<String> modules(Path sys) {
    Set<String> modules = words(sys.resolve("kernel/security/lsm"), ',');
    if (modules.isEmpty()) {
      if (lines(sys.resolve("module/apparmor/parameters/enabled")).contains("Y")) {
        modules.add("apparmor");
      }
      if (Files.isDirectory(sys.resolve("fs/selinux/booleans"))) {
        modules.add("selinux");
      }
    }
    return modules;
  }

  private static Set<String> profiles(Path file) {
    Set<String> profiles = new HashSet<>();
    for (String line : lines(file)) {
      int mode = line.lastIndexOf(" (");
      profiles.add(mode < 0 ? line : line.substring(0, mode));
    }
    return profiles;
  }

  /// The controllers of cgroup v1 that are on.
  private static Set<String> controllers(Path file) {
    Set<String> controllers = new HashSet<>();
    for (String line : lines(file)) {
      int tab = line.indexOf('\t');
      if (tab > 0 && line.charAt(0) != '#' && line.endsWith("1")) {
        controllers.add(line.substring(0, tab));
      }
    }
    return controllers;
  }

  /// The rows of `/proc/PID/limits` and the names of config.json.
  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("Max cpu time", "RLIMIT_CPU"),
          Map.entry("Max file size", "RLIMIT_FSIZE"),
          Map.entry("Max data size", "RLIMIT_DATA"),
          Map.entry("Max stack size", "RLIMIT_STACK"),
          Map.entry("Max core file size", "RLIMIT_CORE"),
          Map.entry("Max resident set", "RLIMIT_RSS"),
          Map.entry("Max processes", "RLIMIT_NPROC"),
          Map.entry("Max open files", "RLIMIT_NOFILE"),
          Map.entry("Max locked memory", "RLIMIT_MEMLOCK"),
          Map.entry("Max address space", "RLIMIT_AS"),
          Map.entry("Max file locks", "RLIMIT_LOCKS"),
          Map.entry("Max pending signals", "RLIMIT_SIGPENDING"),
          Map.entry("Max msgqueue size", "RLIMIT_MSGQUEUE"),
          Map.entry("Max nice priority", "RLIMIT_NICE"),
          Map.entry("Max realtime priority", "RLIMIT_RTPRIO"),
          Map.entry("Max realtime timeout", "RLIMIT_RTTIME"));

  private static Map<String, BigInteger> limits(Path file) {
    Map<String, BigInteger> limits = new HashMap<>();
    for (String line : lines(file)) {
      // Three columns of fixed width: name 26, soft 21, hard 21 characters.
      if (line.length() > 47) {
        String type = LIMITS.get(line.substring(0, 26).strip());
        String hard = line.substring(47, Math.min(line.length(), 68)).strip();
        if (type != null && !hard.equals("unlimited")) {
          limits.put(type, new BigInteger(hard));
        }
      }
    }
    return limits;
  }

  /// `hugepages-2048kB` as `2MB`.
  private static Set<String> hugePages(Path folder) {
    Set<String> sizes = new HashSet<>();
    for (String name : names(folder)) {
      String digits = name.substring(name.indexOf('-') + 1).replace("kB", "");
      long size = digits.isEmpty() ? 0 : Long.parseLong(digits);
      String unit = "KB";
      if (size % 1024 == 0) {
        size /= 1024;
        unit = "MB";
      }
      if (unit.equals("MB") && size % 1024 == 0) {
        size /= 1024;
        unit = "GB";
      }
      sizes.add(size + unit);
    }
    return sizes;
  }

  /// The names under which `/etc/subuid` may list a user: its name, its number.
  private static Set<String> user(Path root, long uid) {
    Set<String> names = new HashSet<>(Set.of(Long.toString(uid)));
    for (String line : lines(root.resolve("etc/passwd"))) {
      String[] fields = line.split(":", 4);
      if (fields.length == 4 && fields[2].equals(Long.toString(uid))) {
        names.add(fields[0]);
      }
    }
    return names;
  }

  private static List<IdRange> ranges(Path file, Set<String> users) {
    List<IdRange> ranges = new ArrayList<>();
    for (String line : lines(file)) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && users.contains(fields[0])) {
        range(fields[1], fields[2].strip()).ifPresent(ranges::add);
      }
    }
    return ranges;
  }

  /// Empty for a line that newuidmap(1) would not take either.
  private static Optional<IdRange> range(String first, String count) {
    try {
      return Optional.of(new IdRange(Long.parseLong(first), Long.parseLong(count)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
