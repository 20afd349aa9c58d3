package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.SetName;
import dev.ocicap.cli.InProcess;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// `ocicap predict` against the kernel: over what was measured, and over new random bundles that
/// are started under runc and crun. `-Dpredict.cases=200` starts more of them, `-Dpredict.seed=N`
/// others.
class PredictionTest {
  private static final String[] RUNTIMES = {"runc", "crun"};

  /// The machine of the measurement: its root lacks CAP_SYS_RESOURCE.
  private static final String MEASURED_HOST = "000001fffeffffff";

  /// How runc and crun end before they call execve.
  private static final Pattern CREATE =
      Pattern.compile("apply caps|capset|unable to setup user|setres[ug]id|setgroups");

  @TempDir static Path directory;

  /// Every line of `cases/cap/exec.jsonl` as a bundle with its program on disk. The lines are what
  /// runc 1.1.5 and crun 1.8.1 were seen to do.
  @TestFactory
  List<DynamicTest> what_was_measured_is_predicted() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/cases/cap/exec.jsonl"))) {
      JsonNode node = JsonText.parse("exec.jsonl", line).root();
      for (String runtime : RUNTIMES) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " case " + node.get("id").asInt(),
                () -> {
                  Containers.require(runtime);
                  Path bundle = bundle("measured");
                  Path program = bundle.resolve("rootfs/bin/t");
                  Files.writeString(program, "program");
                  prepare(program, node.get("program"));
                  Files.writeString(bundle.resolve("config.json"), JsonText.lines(config(node)));
                  assertEquals(
                      measured(node.get(runtime)), predicted(runtime, bundle, MEASURED_HOST));
                }));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> random_bundles_end_as_predicted() throws Exception {
    int cases = Integer.getInteger("predict.cases", 20);
    Random random = new Random(Long.getLong("predict.seed", 8460));
    List<DynamicTest> tests = new ArrayList<>();
    String host = hostMask();
    for (int i = 0; i < cases; i++) {
      ObjectNode node = randomCase(random);
      for (String runtime : RUNTIMES) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " case " + i,
                () -> {
                  Containers.require(runtime);
                  Path bundle = bundle("live");
                  Path program = bundle.resolve("rootfs/bin/t");
                  program(bundle.resolve("rootfs"), program);
                  prepare(program, node.get("program"));
                  String config = JsonText.lines(config(node));
                  Files.writeString(bundle.resolve("config.json"), config);
                  assertEquals(
                      real(runtime, bundle),
                      predicted(runtime, bundle, host),
                      () -> JsonText.lines(node));
                }));
      }
    }
    return tests;
  }

  private static ObjectNode randomCase(Random random) {
    ObjectNode node = JsonValues.object();
    boolean root = random.nextInt(3) == 0;
    node.set("uid", JsonValues.number(id(random, root ? 0 : 1000)));
    node.set("gid", JsonValues.number(id(random, root ? 0 : 1000)));
    ArrayNode groups = JsonValues.array();
    if (random.nextBoolean()) {
      groups.add(JsonValues.number(id(random, 2000)));
    }
    node.set("additionalGids", groups);
    node.set("noNewPrivileges", JsonValues.bool(random.nextInt(3) == 0));
    long bounding = randomSet(random);
    long permitted = random.nextBoolean() ? bounding : randomSet(random);
    long effective = random.nextInt(8) == 0 ? randomSet(random) : permitted & random.nextLong();
    long inheritable = random.nextInt(8) == 0 ? randomSet(random) : bounding & random.nextLong();
    long ambient =
        random.nextBoolean() ? permitted & inheritable & random.nextLong() : randomSet(random);
    if (random.nextInt(12) > 0) {
      ObjectNode capabilities = JsonValues.object();
      capabilities.set("bounding", names(random, bounding));
      capabilities.set("permitted", names(random, permitted));
      capabilities.set("effective", names(random, effective));
      capabilities.set("inheritable", names(random, inheritable));
      capabilities.set("ambient", names(random, ambient));
      node.set("capabilities", capabilities);
    }
    boolean namespace = random.nextInt(4) == 0;
    node.set("userNamespace", JsonValues.bool(namespace));
    // Ids on the host: those of a user namespace begin at 100000, and some are of nobody in it.
    int base = namespace && random.nextInt(4) > 0 ? 100_000 : 0;
    ObjectNode program = JsonValues.object();
    program.set("owner", JsonValues.number(base));
    if (random.nextInt(3) == 0) {
      program.set("setuidOwner", JsonValues.number(base + (random.nextBoolean() ? 0 : 1500)));
    }
    if (random.nextInt(5) == 0) {
      program.set("setgidGroup", JsonValues.number(base + (random.nextBoolean() ? 0 : 2000)));
    }
    if (random.nextInt(3) == 0) {
      ObjectNode file = JsonValues.object();
      boolean effectiveBit = random.nextBoolean();
      long filePermitted = random.nextInt(3) > 0 ? bounding & random.nextLong() : randomSet(random);
      file.set("permitted", JsonValues.string(Long.toHexString(filePermitted)));
      file.set("inheritable", JsonValues.string(Long.toHexString(randomSet(random))));
      file.set("effective", JsonValues.bool(effectiveBit));
      file.set("version", JsonValues.number(random.nextBoolean() ? 2 : 3));
      file.set("rootid", JsonValues.number(random.nextInt(3) == 0 ? 1000 : base));
      program.set("fileCapabilities", file);
    }
    node.set("program", program);
    return node;
  }

  /// An id, now and then one at the end of the range, or the one that is nobody's.
  private static long id(Random random, long usual) {
    long[] last = {4294967295L, 4294967294L, 2147483648L, 2147483647L};
    return random.nextInt(15) == 0 ? last[random.nextInt(last.length)] : usual;
  }

  private static long randomSet(Random random) {
    return (random.nextLong() & random.nextInt() & 0x1ffffffffffL & ~(1L << 24))
        | (random.nextInt(30) == 0 ? 1L << 24 : 0);
  }

  /// The names of a set, and now and then a word that is none.
  private static ArrayNode names(Random random, long mask) {
    ArrayNode names = JsonValues.array();
    for (Capability capability : Capability.all()) {
      if ((mask >>> capability.number() & 1) != 0) {
        names.add(JsonValues.string(capability.name()));
      }
    }
    if (random.nextInt(10) == 0) {
      String[] odd = {
        "CHOWN",
        "ALL",
        "cap_chown",
        "21",
        "0x0c",
        "CAP_KILL,x",
        "010",
        "08",
        "99",
        "64",
        "",
        " CAP_KILL",
        "Cap_Net_Raw9",
        "CAP_NO_SUCH",
        "0x",
        "0xg",
        "-1",
        "4294967301",
        "50"
      };
      names.add(JsonValues.string(odd[random.nextInt(odd.length)]));
    }
    return names;
  }

  private static Path bundle(String name) throws IOException {
    // A user namespace's root is somebody else outside and has to come in.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bundle = Files.createDirectories(directory.resolve(name));
    for (String folder : new String[] {"bin", "proc", "dev", "sys", "tmp"}) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(folder));
    }
    return bundle;
  }

  /// A program that prints its own status and that does not give privileges up, as busybox does:
  /// cat with its libraries.
  private static void program(Path rootfs, Path program) throws Exception {
    Path cat = Path.of("/usr/bin/cat").toRealPath();
    Files.copy(cat, program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    if (Files.exists(rootfs.resolve("libraries-are-here"))) {
      return;
    }
    String libraries = Containers.execute(List.of("ldd", cat.toString()), Map.of()).out();
    for (String word : libraries.split("\\s+", -1)) {
      if (word.startsWith("/")) {
        Path copy = rootfs.resolve(word.substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(Path.of(word), copy);
      }
    }
    Files.writeString(rootfs.resolve("libraries-are-here"), "");
  }

  private static void prepare(Path file, JsonNode program) throws IOException {
    int mode =
        0755 | (program.has("setuidOwner") ? 04000 : 0) | (program.has("setgidGroup") ? 02000 : 0);
    int owner = program.path("owner").asInt();
    Privileges.set(
        file,
        mode,
        program.path("setuidOwner").asInt(owner),
        program.path("setgidGroup").asInt(owner));
    if (program.has("fileCapabilities")) {
      JsonNode capabilities = program.get("fileCapabilities");
      Privileges.setCapabilities(
          file,
          Long.parseLong(capabilities.get("permitted").textValue(), 16),
          Long.parseLong(capabilities.get("inheritable").textValue(), 16),
          capabilities.get("effective").asBoolean(),
          capabilities.get("version").asInt() == 2 ? -1 : capabilities.path("rootid").asInt());
    }
  }

  private static ObjectNode config(JsonNode node) {
    ObjectNode user = JsonValues.object();
    user.set("uid", node.get("uid"));
    user.set("gid", node.get("gid"));
    user.set("additionalGids", node.get("additionalGids"));
    ObjectNode process = JsonValues.object();
    process.set("user", user);
    process.set("cwd", JsonValues.string("/"));
    process.set("args", JsonValues.strings(List.of("/bin/t", "/proc/self/status")));
    process.set("env", JsonValues.strings(List.of("PATH=/bin")));
    process.set("noNewPrivileges", node.get("noNewPrivileges"));
    if (node.has("capabilities")) {
      process.set("capabilities", node.get("capabilities"));
    }
    ObjectNode root = JsonValues.object();
    root.set("path", JsonValues.string("rootfs"));
    ObjectNode proc = JsonValues.object();
    proc.set("destination", JsonValues.string("/proc"));
    proc.set("type", JsonValues.string("proc"));
    proc.set("source", JsonValues.string("proc"));
    ArrayNode namespaces = JsonValues.array();
    for (String type : new String[] {"pid", "mount", "ipc", "uts", "network"}) {
      ObjectNode namespace = JsonValues.object();
      namespace.set("type", JsonValues.string(type));
      namespaces.add(namespace);
    }
    ObjectNode linux = JsonValues.object();
    if (node.path("userNamespace").asBoolean()) {
      ObjectNode fresh = JsonValues.object();
      fresh.set("type", JsonValues.string("user"));
      namespaces.add(fresh);
      ObjectNode map = JsonValues.object();
      map.set("containerID", JsonValues.number(0));
      map.set("hostID", JsonValues.number(100_000));
      map.set("size", JsonValues.number(65_536));
      linux.set("uidMappings", JsonValues.array().add(map));
      linux.set("gidMappings", JsonValues.array().add(map.deepCopy()));
    }
    linux.set("namespaces", namespaces);
    ObjectNode config = JsonValues.object();
    config.set("ociVersion", JsonValues.string("1.0.2"));
    config.set("process", process);
    config.set("root", root);
    ObjectNode dev = JsonValues.object();
    dev.set("destination", JsonValues.string("/dev"));
    dev.set("type", JsonValues.string("tmpfs"));
    dev.set("source", JsonValues.string("tmpfs"));
    config.set("mounts", JsonValues.array().add(proc).add(dev));
    config.set("linux", linux);
    return config;
  }

  private static String measured(JsonNode measured) {
    if (measured.has("error")) {
      return measured.get("error").textValue().startsWith("exec ") ? "exec" : "create";
    }
    StringBuilder text = new StringBuilder();
    for (SetName name : SetName.values()) {
      text.append(measured.get(name.procKey()).textValue()).append(' ');
    }
    for (String id : new String[] {"uid", "euid", "gid", "egid"}) {
      text.append(measured.get(id).asLong()).append(' ');
    }
    return text.toString();
  }

  private static String predicted(String runtime, Path bundle, String host) {
    List<String> args =
        List.of(
            "predict", "--runtime", runtime, "--host-caps", host, "--format", "json", "" + bundle);
    InProcess.Outcome outcome = InProcess.PLAIN.run("", args);
    assertTrue(outcome.status() <= 1, outcome.err());
    JsonNode node = JsonText.parse("predict", outcome.out()).root();
    assertEquals(node.has("error") ? 1 : 0, outcome.status());
    if (node.has("error")) {
      return node.get("error").get("stage").textValue();
    }
    return measured(node);
  }

  private static String real(String runtime, Path bundle) throws Exception {
    Containers.Result result = Containers.run(runtime, bundle);
    Map<String, String> status = result.procStatus();
    if (result.status() != 0 || !status.containsKey("CapEff")) {
      String error = result.err();
      return error.contains("exec /bin/t") || error.contains("exec container process")
          ? "exec"
          : CREATE.matcher(error).find() ? "create" : error;
    }
    StringBuilder text = new StringBuilder();
    for (SetName name : SetName.values()) {
      text.append(status.get(name.procKey())).append(' ');
    }
    for (String key : new String[] {"Uid", "Gid"}) {
      String[] ids = status.getOrDefault(key, "").split("\\s+", -1);
      text.append(ids[0]).append(' ').append(ids[1]).append(' ');
    }
    return text.toString();
  }

  private static String hostMask() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapBnd:")) {
        return line.substring(7).strip();
      }
    }
    throw new IOException("no CapBnd");
  }
}
