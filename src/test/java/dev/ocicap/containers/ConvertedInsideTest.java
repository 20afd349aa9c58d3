package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cli.InProcess;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Converts docker commands, starts the bundles, and compares what the process has with what a
/// process had that Docker Engine 28.5.2 started with the same flags: the lines of
/// `cases/containers/effective.jsonl` were read from `/proc/PID/status` there. A capability that
/// this machine's root lacks is not expected.
class ConvertedInsideTest {
  private static final Path CASES = Path.of("src/test/resources/cases");

  /// What Docker Engine mounts into every container.
  private static final List<String> MOUNTED =
      List.of(
          "/proc",
          "/dev",
          "/dev/pts",
          "/sys",
          "/dev/mqueue",
          "/dev/shm",
          "/etc/resolv.conf",
          "/etc/hostname",
          "/etc/hosts");

  private static final String SCRIPT =
      "cat /proc/self/status; echo OomScoreAdj:$(cat /proc/self/oom_score_adj);"
          + " echo Nofile:$(ulimit -Sn) $(ulimit -Hn); echo Cwd:$(pwd);"
          + " env | while read -r v; do echo \"Env $v:\"; done;"
          + " while read -r a b c d; do echo \"Mount $b:$d\"; done < /proc/self/mounts";

  @TempDir static Path directory;

  @TestFactory
  List<DynamicTest> a_process_has_what_docker_gave_it() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    JsonNode images =
        JsonText.parse("images.json", Files.readAllBytes(CASES.resolve("docker/images.json")))
            .root();
    for (String line : Files.readAllLines(CASES.resolve("containers/effective.jsonl"))) {
      JsonNode one = JsonText.parse("effective.jsonl", line).root();
      for (String runtime : new String[] {"runc", "crun"}) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " " + one.get("id").textValue(), () -> check(runtime, one, images)));
      }
    }
    assertTrue(tests.size() > 40);
    return tests;
  }

  private static void check(String runtime, JsonNode one, JsonNode images) throws Exception {
    Containers.require(runtime);
    List<String> words = new ArrayList<>();
    // Files are named from where docker was called.
    String profile = "seccomp=" + CASES.resolve("docker/host").toAbsolutePath() + "/seccomp-";
    one.get("argv")
        .forEach(word -> words.add(word.textValue().replace("seccomp=seccomp-", profile)));
    // The recorded process slept; this one says what it has.
    assertEquals(List.of("sleep", "300"), words.subList(words.size() - 2, words.size()));
    words.subList(words.size() - 2, words.size()).clear();
    JsonNode image = images.get(words.getLast());
    words.addAll(List.of("sh", "-c", SCRIPT));
    Path bundle = converted(words, image);
    assertEquals(
        "", InProcess.PLAIN.output(List.of("validate", "--level", "should", bundle.toString())));
    Containers.Result result = Containers.run(runtime, bundle);
    assertEquals(0, result.status(), result.err());
    compare(one, image, words, result);
  }

  private static Path converted(List<String> words, JsonNode image) throws IOException {
    Path bundle = Files.createTempDirectory(directory, "converted");
    Path rootfs = rootfs(bundle.resolve("rootfs"), image);
    Path config = Files.writeString(bundle.resolve("image.json"), JsonText.lines(image));
    List<String> args =
        new ArrayList<>(List.of("convert", "-b", bundle.toString(), "--rootfs", rootfs.toString()));
    args.addAll(List.of("--image-config", config.toString()));
    args.addAll(List.of("--volume-root", bundle.resolve("volumes").toString(), "--"));
    args.addAll(words);
    InProcess.PLAIN.output(args);
    return bundle;
  }

  /// What a process sees that Docker Engine 28.5.2 started: its environment, its directory, its
  /// limits, the mounts outside of /proc and /sys with what they forbid and how large they are, and
  /// the names and limits of the kernel. `cases/containers/seen.jsonl` was read from `/proc/PID/…`
  /// of a process that slept.
  @TestFactory
  List<DynamicTest> a_process_sees_what_docker_showed_it() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    JsonNode images =
        JsonText.parse("images.json", Files.readAllBytes(CASES.resolve("docker/images.json")))
            .root();
    for (String line : Files.readAllLines(CASES.resolve("containers/seen.jsonl"))) {
      JsonNode one = JsonText.parse("seen.jsonl", line).root();
      for (String runtime : new String[] {"runc", "crun"}) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " " + one.get("id").textValue(), () -> look(runtime, one, images)));
      }
    }
    return tests;
  }

  private static final String LOOK =
      "cat /proc/1/environ | tr '\\0' '\\n' | while read -r e; do echo \"env $e\"; done;"
          + " echo cwd $(pwd); cat /proc/1/limits;"
          + " while read -r m; do echo \"mount $m\"; done < /proc/1/mountinfo;"
          + " for k in hostname domainname msgmax; do"
          + " echo kernel $(cat /proc/sys/kernel/$k); done";

  private static void look(String runtime, JsonNode one, JsonNode images) throws Exception {
    Containers.require(runtime);
    String data = CASES.resolve("docker/host/data").toAbsolutePath().toString();
    List<String> words = new ArrayList<>();
    one.get("argv").forEach(word -> words.add(word.textValue().replace("./data", data)));
    words.subList(words.size() - 2, words.size()).clear();
    JsonNode image = images.get(words.getLast());
    words.addAll(List.of("sh", "-c", LOOK));
    Containers.Result result = Containers.run(runtime, converted(words, image));
    assertEquals(0, result.status(), result.err());
    List<String> seen = result.out().lines().toList();
    String name = line(seen, "kernel ");
    String recorded = one.at("/kernel/0").textValue();
    List<String> env = new ArrayList<>();
    for (JsonNode variable : one.get("env")) {
      env.add(variable.textValue().replaceAll("^HOSTNAME=" + recorded + "$", "HOSTNAME=" + name));
    }
    Set<String> variables = all(seen, "env ");
    // The entry point of an image is a shell, which sets these.
    variables.removeIf(variable -> variable.startsWith("PWD=") || variable.startsWith("SHLVL="));
    assertEquals(new TreeSet<>(env), variables, "environment");
    assertEquals(one.get("cwd").textValue(), line(seen, "cwd "), "directory");
    // The host's own /dev/shm is as large as half of the host's memory.
    boolean host = Collections.indexOfSubList(words, List.of("--ipc", "host")) >= 0;
    String shared = host ? "(?<=/dev/shm tmpfs rw size=).*" : "$^";
    assertEquals(masked(texts(one.get("mounts")), shared), masked(mounts(seen), shared), "mounts");
    if (!words.contains("--uts") && !recorded.startsWith("<")) {
      assertEquals(recorded, name, "host name");
    }
    List<String> kernel = seen.stream().filter(line -> line.startsWith("kernel ")).toList();
    assertEquals("kernel " + one.at("/kernel/1").textValue(), kernel.get(1), "domain name");
    if (words.contains("--sysctl")) {
      assertEquals("kernel " + one.at("/kernel/2").textValue(), kernel.get(2), "sysctl");
    }
    for (Map.Entry<String, JsonNode> limit : one.get("limits").properties()) {
      assertEquals(
          List.of(limit.getValue().textValue().split(" ", -1)),
          List.of(line(seen, limit.getKey()).strip().split("\\s+", -1)).subList(0, 2),
          limit.getKey());
    }
  }

  /// The mounts in the form in which the recorded ones are kept. Where the bundle lies is this
  /// machine's matter: that may be a tmpfs, and have options that every bind of its files has too.
  private static Set<String> mounts(List<String> seen) {
    TreeSet<String> mounts = new TreeSet<>();
    String files = "";
    List<String> inherited = List.of();
    for (String line : all(seen, "mount ")) {
      List<String> words = List.of(line.split(" ", -1));
      int dash = words.indexOf("-");
      String at = words.get(4);
      if (at.startsWith("/proc/") || at.startsWith("/sys/")) {
        continue;
      }
      String type = words.get(dash + 1);
      List<String> options = List.of(words.get(5).split(",", -1));
      if (at.equals("/")) {
        files = words.get(2);
        inherited = options;
      }
      boolean isFiles = words.get(2).equals(files);
      boolean own =
          !isFiles && List.of("tmpfs", "proc", "sysfs", "devpts", "mqueue").contains(type);
      StringBuilder kept = new StringBuilder(at).append(' ').append(own ? type : "files");
      for (String option : new TreeSet<>(options)) {
        boolean place = isFiles && inherited.contains(option);
        boolean access = option.equals("ro") || option.equals("rw");
        if (access || (!place && List.of("nosuid", "nodev", "noexec").contains(option))) {
          kept.append(' ').append(option);
        }
      }
      if (own && type.equals("tmpfs")) {
        for (String option : new TreeSet<>(List.of(words.get(dash + 3).split(",", -1)))) {
          if (option.startsWith("size=") || option.startsWith("mode=")) {
            kept.append(' ').append(option);
          }
        }
      }
      mounts.add(kept.toString());
    }
    return mounts;
  }

  private static Set<String> masked(Set<String> texts, String changing) {
    TreeSet<String> masked = new TreeSet<>();
    texts.forEach(text -> masked.add(text.replaceAll(changing, "HOST")));
    return masked;
  }

  private static Set<String> texts(JsonNode array) {
    TreeSet<String> texts = new TreeSet<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private static Set<String> all(List<String> lines, String start) {
    TreeSet<String> all = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith(start)) {
        all.add(line.substring(start.length()));
      }
    }
    return all;
  }

  private static String line(List<String> lines, String start) {
    for (String line : lines) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    return "";
  }

  private static void compare(
      JsonNode one, JsonNode image, List<String> words, Containers.Result result)
      throws IOException {
    Map<String, String> inside = result.procStatus();
    Map<String, String> own =
        new Containers.Result(0, Files.readString(Path.of("/proc/self/status")), "").procStatus();
    long host = Long.parseUnsignedLong(own.getOrDefault("CapBnd", "0"), 16);
    JsonNode caps = one.get("caps");
    assertEquals(mask(caps, "bounding", host), inside.get("CapBnd"), "bounding");
    assertEquals(mask(caps, "permitted", host), inside.get("CapPrm"), "permitted");
    assertEquals(mask(caps, "effective", host), inside.get("CapEff"), "effective");
    assertEquals(mask(caps, "inheritable", host), inside.get("CapInh"), "inheritable");
    assertEquals(mask(caps, "ambient", host), inside.get("CapAmb"), "ambient");
    assertEquals(ids(one.get("uid")), numbers(inside.getOrDefault("Uid", "")), "uid");
    assertEquals(ids(one.get("gid")), numbers(inside.getOrDefault("Gid", "")), "gid");
    assertEquals(
        new TreeSet<>(ids(one.get("groups"))),
        new TreeSet<>(numbers(inside.getOrDefault("Groups", ""))),
        "groups");
    assertEquals(one.get("noNewPrivs").asText(), inside.get("NoNewPrivs"), "no_new_privs");
    assertEquals(one.get("seccomp").asText(), inside.get("Seccomp"), "seccomp");
    assertEquals(one.get("oomScoreAdj").asText(), inside.get("OomScoreAdj"), "oom_score_adj");
    if (words.contains("--ulimit")) {
      assertEquals(one.get("nofile").textValue(), inside.get("Nofile"), "nofile");
    }
    JsonNode says = image.get("Config");
    assertEquals(says.path("WorkingDir").asText("/"), inside.get("Cwd"), "cwd");
    for (JsonNode variable : says.path("Env")) {
      assertTrue(result.out().contains("Env " + variable.textValue() + ":\n"), result.out());
    }
    for (String mounted : MOUNTED) {
      assertTrue(inside.containsKey("Mount " + mounted), mounted);
    }
    String root = inside.getOrDefault("Mount /", "");
    assertEquals(words.contains("--read-only"), root.startsWith("ro,"), root);
  }

  private static String mask(JsonNode caps, String set, long host) {
    long mask = Long.parseUnsignedLong(caps.get(set).textValue(), 16) & host;
    return String.format("%016x", mask);
  }

  private static List<Long> ids(JsonNode array) {
    List<Long> ids = new ArrayList<>();
    array.forEach(id -> ids.add(id.longValue()));
    return ids;
  }

  private static List<Long> numbers(String text) {
    List<Long> numbers = new ArrayList<>();
    for (String word : text.split("\\s+", -1)) {
      if (!word.isEmpty()) {
        numbers.add(Long.parseLong(word));
      }
    }
    return numbers;
  }

  private static Path rootfs(Path directory, JsonNode image) throws IOException {
    Containers.rootfs(directory, "sh", "cat", "env", "pwd", "tr");
    Files.writeString(directory.resolve("etc/passwd"), image.path("passwd").asText(""));
    Files.writeString(directory.resolve("etc/group"), image.path("group").asText(""));
    Path entry = directory.resolve("usr/local/bin/entry.sh");
    Files.createDirectories(entry.getParent());
    Files.writeString(entry, "#!/bin/sh\nexec \"$@\"\n");
    assertTrue(entry.toFile().setExecutable(true, false));
    return directory;
  }
}
