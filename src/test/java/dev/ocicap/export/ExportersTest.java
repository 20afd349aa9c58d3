package dev.ocicap.export;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.Capability;
import dev.ocicap.cli.InProcess;
import dev.ocicap.containers.Containers;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/// Every target over every example bundle: golden files, docker's commands converted back, units
/// given to systemd.
class ExportersTest {
  private static final Path BUNDLES = Path.of("bundles");
  private static final Path GOLDEN = Path.of("src/test/resources/cases/export");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  @TempDir Path directory;

  private static List<Path> bundles() throws IOException {
    try (Stream<Path> folders = Files.list(BUNDLES)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("config.json")))
          .sorted()
          .toList();
    }
  }

  private static Exported export(String target, RuntimeConfig config, String name) {
    return Exporters.find(target)
        .orElseThrow()
        .export(config, new Exporter.Names(name, "example", "/bundles/" + name));
  }

  @TestFactory
  List<DynamicTest> every_target_says_every_bundle_as_the_golden_file() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Set<String> expected = new TreeSet<>();
    for (Path bundle : bundles()) {
      String name = bundle.getFileName().toString();
      for (String target : Exporters.names()) {
        Path file = GOLDEN.resolve(name + "." + target + ".txt");
        expected.add(file.getFileName().toString());
        tests.add(
            DynamicTest.dynamicTest(
                target + " " + name,
                () -> {
                  Exported exported = export(target, Bundle.open(bundle).config(), name);
                  StringBuilder text = new StringBuilder(exported.text());
                  for (Exported.Loss loss : exported.losses()) {
                    text.append("! ").append(loss.property());
                    text.append(": ").append(loss.reason()).append('\n');
                  }
                  if (UPDATE) {
                    Files.writeString(file, text);
                  }
                  assertEquals(Files.readString(file), text.toString());
                }));
      }
    }
    tests.add(
        DynamicTest.dynamicTest(
            "no golden file is left over",
            () -> {
              try (Stream<Path> files = Files.list(GOLDEN)) {
                Set<String> found = new TreeSet<>();
                files.forEach(file -> found.add(file.getFileName().toString()));
                assertEquals(expected, found);
              }
            }));
    return tests;
  }

  /// convert(export --to docker(x)) = x, for what a docker command line has made.
  @TestFactory
  List<DynamicTest> dockers_command_converts_back_to_the_same_bundle() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path bundle : bundles()) {
      String command = Files.readString(bundle.resolve("command")).strip();
      if (command.startsWith("ocicap convert") && !command.contains("--sets")) {
        String host = command.substring(0, command.indexOf(" -- ")).substring("ocicap ".length());
        tests.add(
            DynamicTest.dynamicTest(
                bundle.getFileName().toString(),
                () -> {
                  // Made anew: the owner of a device is that of this machine.
                  RuntimeConfig config =
                      RuntimeConfig.parse(
                          "converted", InProcess.PLAIN.output(withoutFirst(words(command))));
                  String line = export("docker", config, "x").text();
                  List<String> args = new ArrayList<>(List.of(host.split(" ", -1)));
                  args.add("--");
                  args.addAll(words(line));
                  // The order of keys says nothing.
                  assertEquals(
                      config.json().root(),
                      RuntimeConfig.parse("converted", InProcess.PLAIN.output(args)).json().root());
                }));
      }
    }
    assertTrue(!tests.isEmpty());
    return tests;
  }

  /// Options that docker's command line can say again, each alone or with any others.
  private static final List<String> OPTIONS =
      List.of(
          "--cap-add=net_admin",
          "--cap-add=ALL",
          "--cap-drop=chown",
          "--cap-drop=all --cap-add=setuid",
          "--privileged",
          "--user=1000",
          "--user=65534:5",
          "--read-only",
          "--tmpfs=/run",
          "--tmpfs=/tmp:size=64m,mode=1777",
          "--volume=/srv:/data",
          "--volume=/etc/hosts:/h:ro",
          "--volume=/var/lib:/v:rshared",
          "--mount=type=bind,src=/srv,dst=/m,readonly",
          "--device=/dev/null",
          "--device=/dev/zero:/dev/z:r",
          "--security-opt=no-new-privileges",
          "--security-opt=seccomp=unconfined",
          "--security-opt=apparmor=unconfined",
          "--security-opt=systempaths=unconfined",
          "--ulimit=nofile=1024:2048",
          "--ulimit=memlock=-1:-1",
          "--memory=64m",
          "--memory=64m --memory-swap=-1",
          "--memory-reservation=32m",
          "--cpus=0.5",
          "--cpu-shares=512",
          "--cpuset-cpus=0",
          "--pids-limit=100",
          "--oom-score-adj=100",
          "--blkio-weight=300",
          "--sysctl=net.core.somaxconn=10",
          "--env=A=b",
          "--workdir=/srv",
          "--hostname=h",
          "--network=host",
          "--network=none",
          "--pid=host",
          "--ipc=host",
          "--ipc=none",
          "--ipc=shareable",
          "--uts=host",
          "--cgroupns=host",
          "--cgroupns=private",
          "--shm-size=1g",
          "--group-add=44",
          "--annotation=x=y",
          "--tty",
          "--init",
          "--entrypoint=/bin/sh");

  /// As above, for whatever somebody may type; `-Docicap.commands=N` tries more.
  @Test
  void any_command_converts_back_to_the_same_bundle() throws Exception {
    Random random = new Random(15);
    Files.createDirectory(directory.resolve("rootfs"));
    for (int i = 0; i < Integer.getInteger("ocicap.commands", 60); i++) {
      List<String> convert =
          List.of(
              "convert",
              "--config-only",
              // Docker's privileged containers have all that the machine has.
              "--target-host=caps=1ffffffffff",
              "--rootfs=" + directory.resolve("rootfs"),
              "--");
      List<String> options = new ArrayList<>(OPTIONS);
      Collections.shuffle(options, random);
      List<String> command = new ArrayList<>(convert);
      command.addAll(List.of("docker", "run"));
      for (String option : options.subList(0, random.nextInt(7))) {
        command.addAll(List.of(option.split(" ", -1)));
      }
      command.addAll(List.of("example", "a b", "$x'"));
      RuntimeConfig config;
      try {
        config = RuntimeConfig.parse("converted", InProcess.PLAIN.output(command));
      } catch (AssertionFailedError e) {
        // Options that contradict each other.
        String said = String.valueOf(e.getMessage());
        assertTrue(said.contains("error: "), said);
        continue;
      }
      Exported exported = export("docker", config, "x");
      List<String> back = new ArrayList<>(convert);
      back.addAll(words(exported.text()));
      assertEquals(
          config.json().root(),
          RuntimeConfig.parse("converted", InProcess.PLAIN.output(back)).json().root(),
          () -> command + " -> " + exported.text() + exported.losses());
    }
  }

  private static List<String> withoutFirst(List<String> words) {
    return words.subList(1, words.size());
  }

  /// The words of a line that ShellWords has quoted, as sh splits them.
  private static List<String> words(String line) throws Exception {
    String out =
        Containers.execute(
                List.of(
                    "sh",
                    "-c",
                    "for word in " + line.strip() + "; do printf '%s\\n' \"$word\"; done"),
                Map.of())
            .out();
    return out.lines().toList();
  }

  @TestFactory
  List<DynamicTest> systemd_accepts_the_units() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path bundle : bundles()) {
      String name = bundle.getFileName().toString();
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                Containers.need(
                    Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
                    "systemd is not installed");
                RuntimeConfig config = Bundle.open(bundle).config();
                // systemd wants the program and the folder to exist on this machine.
                Path folder = directory.resolve(name);
                Files.createDirectories(folder.resolve("rootfs"));
                String unit =
                    Exporters.find("systemd")
                        .orElseThrow()
                        .export(config, new Exporter.Names(name, "", folder.toString()))
                        .text()
                        .replaceFirst("(?m)^ExecStart=\\S+", "ExecStart=/bin/true");
                Path file = directory.resolve(name + ".service");
                Files.writeString(file, unit);
                Containers.Result result =
                    Containers.execute(
                        List.of("systemd-analyze", "verify", "--man=no", file.toString()),
                        Map.of());
                String said =
                    result
                        .err()
                        .lines()
                        .filter(line -> line.contains(name + ".service"))
                        // Docker's profile has newer system calls than an older systemd.
                        .filter(line -> !line.contains("Failed to parse system call, ignoring"))
                        .reduce("", (a, b) -> a + b + "\n");
                assertEquals("", said);
                assertEquals(0, result.status(), result.err());
              }));
    }
    return tests;
  }

  private static Exported small(String target, String json) {
    return export(target, RuntimeConfig.parse("config.json", json), "x");
  }

  @Test
  void nothing_is_dropped_in_silence() {
    String json =
        """
        {"ociVersion": "1.2.0", "hooks": {"poststop": [{"path": "/x"}]}, "vm": {"kernel": {}},
         "process": {"args": ["a"], "scheduler": {"policy": "SCHED_FIFO"},
           "ioPriority": {"class": "IOPRIO_CLASS_RT"},
           "capabilities": {"bounding": ["CAP_KILL"]}},
         "linux": {"intelRdt": {"closID": "x"}, "personality": {"domain": "LINUX32"},
           "resources": {"network": {"classID": 1}, "memory": {"kernelTCP": 3}}}}
        """;
    for (String target : Exporters.names()) {
      List<String> lost = small(target, json).losses().stream().map(l -> l.property()).toList();
      for (String property :
          new String[] {
            "hooks",
            "vm",
            "process.scheduler",
            "process.ioPriority",
            "linux.intelRdt",
            "linux.personality",
            "linux.resources.network",
            "linux.resources.memory.kernelTCP"
          }) {
        assertTrue(lost.contains(property), target + " loses " + property + " in silence: " + lost);
      }
    }
  }

  /// Every property of `linux.resources` (config-linux.md#control-groups) with the flag of `docker
  /// run` that says it (its reference, "Runtime constraints on resources"); those that it has no
  /// flag for, or reads and ignores, are reported.
  @Test
  void every_resource_is_a_flag_of_docker_or_reported() {
    String json =
        """
        {"process": {"args": ["a"], "capabilities": {}}, "linux": {
          "devices": [{"type": "b", "path": "/dev/sdb", "major": 8, "minor": 16}],
          "resources": {
          "memory": {"limit": 41, "reservation": 42, "swap": 43, "kernel": 44, "kernelTCP": 45,
            "swappiness": 46, "disableOOMKiller": true, "useHierarchy": true,
            "checkBeforeUpdate": true},
          "cpu": {"shares": 51, "quota": 52, "burst": 53, "period": 54, "realtimeRuntime": 55,
            "realtimePeriod": 56, "cpus": "0-1", "mems": "0", "idle": 1},
          "pids": {"limit": 61},
          "blockIO": {"weight": 71, "leafWeight": 72,
            "weightDevice": [{"major": 8, "minor": 16, "weight": 73, "leafWeight": 74}],
            "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 75},
              {"major": 9, "minor": 9, "rate": 76}],
            "throttleWriteBpsDevice": [{"major": 8, "minor": 0, "rate": 18446744073709551615}],
            "throttleReadIOPSDevice": [{"major": 8, "minor": 0, "rate": 77}],
            "throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 78}]},
          "hugepageLimits": [{"pageSize": "2MB", "limit": 81}],
          "network": {"classID": 82}, "rdma": {"x": {"hcaHandles": 83}},
          "unified": {"memory.high": "84"}}}}
        """;
    RuntimeConfig config = RuntimeConfig.parse("config.json", json);
    Exporter.Names names =
        new Exporter.Names(
            "x", "i", "/b", (major, minor) -> major == 8 && minor == 0 ? "/dev/sda" : "");
    Exported docker = Exporters.find("docker").orElseThrow().export(config, names);
    for (String flag :
        new String[] {
          "--memory=41",
          "--memory-reservation=42",
          "--memory-swap=43",
          "--memory-swappiness=46",
          "--oom-kill-disable",
          "--cpu-shares=51",
          "--cpu-quota=52",
          "--cpu-period=54",
          "--cpu-rt-runtime=55",
          "--cpu-rt-period=56",
          "--cpuset-cpus=0-1",
          "--cpuset-mems=0",
          "--pids-limit=61",
          "--blkio-weight=71",
          "--blkio-weight-device=/dev/sdb:73",
          "--device-read-bps=/dev/sda:75",
          "--device-write-bps=/dev/sda:18446744073709551615",
          "--device-read-iops=/dev/sda:77",
          "--device-write-iops=/dev/sda:78"
        }) {
      assertTrue((docker.text() + " ").contains(" " + flag + " "), flag + ": " + docker.text());
    }
    Set<String> lost = new TreeSet<>();
    docker.losses().forEach(loss -> lost.add(loss.property().replace("linux.resources.", "")));
    lost.removeIf(property -> !json.contains(property.substring(property.indexOf('.') + 1)));
    assertEquals(
        Set.of(
            "memory.kernel",
            "memory.kernelTCP",
            "memory.useHierarchy",
            "memory.checkBeforeUpdate",
            "cpu.burst",
            "cpu.idle",
            "blockIO.leafWeight",
            // leafWeight; paths that are this machine's; and 9:9, which it has not.
            "blockIO.weightDevice",
            "blockIO.throttleReadBpsDevice",
            "blockIO.throttleWriteBpsDevice",
            "blockIO.throttleReadIOPSDevice",
            "blockIO.throttleWriteIOPSDevice",
            "hugepageLimits",
            "network",
            "rdma",
            "unified"),
        lost.stream().filter(property -> !property.startsWith("linux.")).collect(toSet()));
    assertTrue(!docker.text().contains(":76"), docker.text());
    String podman = Exporters.find("podman").orElseThrow().export(config, names).text();
    assertTrue(podman.contains(" --cgroup-conf=memory.high=84 "), podman);
    String compose = Exporters.find("compose").orElseThrow().export(config, names).text();
    assertTrue(compose.contains("cpu_rt_period: 56\n"), compose);
    assertTrue(compose.contains("path: \"/dev/sda\"\n          rate: \"75\"\n"), compose);
    String unit = small("systemd", json).text();
    for (String line :
        new String[] {
          // 1 + (71 - 10) * 9999 / 990 = 617
          "IOWeight=617",
          "IODeviceWeight=/dev/block/8:16 637",
          "IOReadBandwidthMax=/dev/block/8:0 75",
          "IOReadBandwidthMax=/dev/block/9:9 76",
          "IOWriteIOPSMax=/dev/block/8:0 78"
        }) {
      assertTrue(unit.contains("\n" + line + "\n"), unit);
    }
  }

  /// A volume is its engine's where its files are; elsewhere the engine's one of that name has
  /// other files.
  @Test
  void a_volume_is_named_where_it_is_the_engines() {
    String json =
        """
        {"process": {"args": ["a"], "capabilities": {}}, "mounts": [
          {"destination": "/d", "type": "bind",
           "source": "/var/lib/docker/volumes/data/_data", "options": ["rbind", "ro"]}]}
        """;
    Exported own = small("docker", json);
    assertTrue(own.text().contains(" --volume=data:/d:ro "), own.text());
    String compose = small("compose", json).text();
    assertTrue(compose.contains("volumes:\n  data:\n    external: true\n"), compose);
    Exported other = small("podman", json);
    assertTrue(
        other.text().contains(" --volume=/var/lib/docker/volumes/data/_data:/d:ro "), other.text());
    assertTrue(
        other.losses().toString().contains("not as podman's volume 'data'"),
        other.losses().toString());
    // A directory, not a volume: Docker binds it as private.
    assertTrue(
        small("docker", json.replace("\"ro\"", "\"rprivate\"")).text().contains("=/var/lib"));
  }

  /// noNewPrivileges keeps root from what permitted lacks, so it is not granted.
  @Test
  void no_more_is_granted_than_the_process_would_have() {
    String json =
        """
        {"process": {"args": ["a"], "noNewPrivileges": true, "capabilities": {
          "bounding": ["CAP_KILL", "CAP_SYS_ADMIN"], "permitted": ["CAP_KILL"],
          "effective": ["CAP_KILL"]}}}
        """;
    for (String target : Exporters.names()) {
      Exported exported = small(target, json);
      assertTrue(!exported.text().contains("SYS_ADMIN"), exported.text());
      assertTrue(exported.text().contains("KILL"), exported.text());
    }
  }

  @Test
  void hostile_text_stays_data() {
    String json =
        """
        {"process": {"args": ["a", "$(touch x)", "'; rm -rf /", "%i $HOME\\n[Install]", "yes"],
          "env": ["A=b: c # d", "B=$(C)"], "capabilities": {}}}
        """;
    assertTrue(small("docker", json).text().contains(" '$(touch x)' ''\\''; rm -rf /' "));
    String compose = small("compose", json).text();
    assertTrue(compose.contains("- \"$$(touch x)\"\n"), compose);
    assertTrue(compose.contains("- \"yes\"\n"), compose);
    assertTrue(compose.contains("- \"A=b: c # d\"\n"), compose);
    String pod = small("kubernetes", json).text();
    assertTrue(pod.contains("- \"$$(touch x)\"\n"), pod);
    for (String target : new String[] {"systemd", "quadlet"}) {
      String unit = small(target, json).text();
      assertEquals(1, unit.lines().filter(line -> line.equals("[Install]")).count(), unit);
      assertTrue(unit.contains("%%i $$HOME"), unit);
    }
  }

  /// Texts that would begin a line, join two, be a specifier or a variable, or end a quotation.
  private static final List<String> HOSTILE =
      List.of(
          "x\nUser=0",
          "x\rUser=0",
          "x\\",
          "x\\n",
          "\\",
          "%h",
          "$HOME ${HOME}",
          "\"",
          "'",
          "; rm",
          " x ",
          "x\t\u001b[31m\u009b31m",
          "~x",
          "-x",
          "+x");

  /// Every string of a configuration as hostile text: a unit keeps one key per line, each key one
  /// that the exporter writes, and none of them raises the user or the capabilities.
  @Test
  void no_text_breaks_out_of_a_unit() {
    for (String text : HOSTILE) {
      String word = JsonText.compact(JsonValues.string(text));
      String json =
          """
          {"hostname": X, "domainname": X, "annotations": {X: X},
           "process": {"args": ["/a", X], "cwd": X, "env": [X, "A=b"], "apparmorProfile": X,
             "selinuxLabel": X, "user": {"uid": 7, "gid": 8}, "noNewPrivileges": true,
             "rlimits": [{"type": X, "soft": X, "hard": 1}, {"type": "RLIMIT_CPU", "soft": X}],
             "capabilities": {"bounding": ["CAP_KILL", X]}},
           "root": {"path": X},
           "mounts": [{"destination": X, "type": "bind", "source": X, "options": ["ro", X]},
             {"destination": X, "type": "tmpfs", "source": X, "options": [X]}],
           "linux": {"namespaces": [{"type": "network", "path": X}], "sysctl": {X: X},
             "maskedPaths": [X], "readonlyPaths": [X], "devices": [{"path": X, "type": X}],
             "seccomp": {"defaultAction": "SCMP_ACT_ERRNO",
               "syscalls": [{"names": ["read", X], "action": "SCMP_ACT_ALLOW"}]},
             "resources": {"cpu": {"cpus": X, "mems": X},
               "devices": [{"allow": true, "type": X, "access": X}]}}}
          """
              .replace("X", word);
      for (String target : new String[] {"systemd", "quadlet"}) {
        String unit = small(target, json).text();
        assertEquals(1, unit.lines().filter(line -> line.startsWith("User=")).count(), unit);
        assertTrue(unit.contains("User=7\n"), unit);
        for (String line : unit.lines().toList()) {
          assertTrue(line.isEmpty() || line.matches("\\[[A-Z][a-z]+\\]|[A-Z][A-Za-z]+=.*"), unit);
          assertTrue(!line.endsWith("\\"), unit);
          assertTrue(line.chars().noneMatch(Character::isISOControl), unit);
          assertTrue(!line.startsWith("SystemCallFilter=~"), unit);
        }
        assertTrue(!unit.replace("%%", "").contains("%"), unit);
      }
      for (String target : Exporters.names()) {
        String shown = small(target, json).text().replace("\n", "").replace("\t", "");
        assertTrue(shown.chars().noneMatch(Character::isISOControl), target + shown);
      }
    }
  }

  /// Paths of programs, and what systemd (config_parse_exec) says of each: `ExecStart=` where it
  /// takes it; it wants no quotes, backslashes and control characters, and no directory.
  private static final Map<String, String> PROGRAMS =
      Map.ofEntries(
          Map.entry("/bin/true", "ExecStart=/bin/true"),
          Map.entry("true", "ExecStart=true"),
          Map.entry("/bin/a b", "ExecStart=\"/bin/a b\""),
          Map.entry("/bin/50%$x", "ExecStart=\"/bin/50%%$x\""),
          Map.entry("/bin/;~@", "ExecStart=\"/bin/;~@\""),
          Map.entry("/bin/\u0085\u202e", "ExecStart=\"/bin/\\u0085\\u202e\""),
          // Below process.cwd, and the program is told the name that it was started by.
          Map.entry("./run", "ExecStart=@/srv/w/./run ./run"),
          Map.entry("+x/run", "ExecStart=@/srv/w/+x/run +x/run"),
          Map.entry("/bin/a\\b", ""),
          Map.entry("a\\", ""),
          Map.entry("/bin/a\"", ""),
          Map.entry("/bin/it's", ""),
          Map.entry("/bin/a\tb", ""),
          Map.entry("/bin/a\nb", ""),
          Map.entry("/bin/\u007f", ""),
          Map.entry("/bin/", ""),
          Map.entry("bin/", ""),
          Map.entry("..", ""),
          Map.entry("+true", ""));

  @Test
  void systemd_takes_every_program_and_every_argument_that_a_unit_names() throws Exception {
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> row : PROGRAMS.entrySet()) {
      List<String> args = new ArrayList<>(List.of(row.getKey()));
      args.addAll(HOSTILE);
      String json =
          "{\"process\": {\"cwd\": \"/srv/w\", \"capabilities\": {}, \"args\": "
              + JsonText.compact(JsonValues.strings(args))
              + "}}";
      Exported exported = small("systemd", json);
      String line =
          exported.text().lines().filter(l -> l.startsWith("ExecStart")).findFirst().orElse("");
      boolean reported =
          exported.losses().stream().anyMatch(l -> l.property().equals("process.args"));
      if (!(line + " ").startsWith(row.getValue() + " ") || (line.isEmpty() && !reported)) {
        wrong.add(row + ": " + line);
      }
      if (!line.isEmpty()) {
        Path file = directory.resolve("program" + command.size() + ".service");
        Files.writeString(file, "[Service]\n" + line + "\n");
        command.add(file.toString());
      }
    }
    assertEquals(List.of(), wrong);
    Containers.need(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd is not installed");
    // That there is no such program is not the unit's fault.
    List<String> said =
        Containers.execute(command, Map.of())
            .err()
            .lines()
            .filter(l -> l.contains("program") && !l.contains("is not executable"))
            .toList();
    assertEquals(List.of(), said);
  }

  /// systemd runs a program whose path has one of these before it in another way.
  @Test
  void a_program_whose_name_systemd_would_obey_is_not_written() {
    for (String program : new String[] {"+sh", "!sh", "-sh", "@sh", ":sh", "|sh"}) {
      Exported exported =
          small(
              "systemd", "{\"process\": {\"args\": [\"" + program + "\"], \"capabilities\": {}}}");
      assertTrue(!exported.text().contains("ExecStart"), exported.text());
      assertEquals("process.args", exported.losses().getFirst().property());
    }
  }

  /// What Docker's profile says of these three calls systemd has words for; what another profile
  /// says of them it has not, so they are denied.
  @Test
  void a_condition_that_systemd_cannot_say_is_a_denial() {
    String unit =
        small(
                "systemd",
                """
                {"process": {"args": ["/a"], "capabilities": {}}, "linux": {"seccomp": {
                  "defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [
                    {"names": ["read", "ptrace"], "action": "SCMP_ACT_ALLOW"},
                    {"names": ["ptrace"], "action": "SCMP_ACT_ERRNO"},
                    {"names": ["socket"], "action": "SCMP_ACT_ALLOW",
                      "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]}}}
                """)
            .text();
    assertTrue(unit.contains("SystemCallFilter=read\n"), unit);
    assertTrue(!unit.contains("SystemCallErrorNumber"), unit);
  }

  /// `--privileged` gives every device and unmasks /proc besides every capability.
  @Test
  void all_capabilities_alone_are_not_privileged() {
    StringBuilder all = new StringBuilder();
    for (Capability capability : Capability.all()) {
      all.append(all.isEmpty() ? "\"" : ", \"").append(capability.name()).append('"');
    }
    String json =
        """
        {"process": {"args": ["a"], "capabilities": {"bounding": [ALL], "permitted": [ALL],
           "effective": [ALL]}},
         "linux": {"maskedPaths": ["/proc/kcore"], "resources": {"devices": [
           {"allow": false, "access": "rwm"},
           {"allow": true, "type": "c", "access": "m"}]}}}
        """
            .replace("ALL", all);
    for (String target : Exporters.names()) {
      assertTrue(!small(target, json).text().contains("privileged"), target);
    }
  }

  /// A bind source is meant from the bundle (config.md#mounts); docker would take it for a volume.
  @Test
  void a_relative_source_is_the_bundles() {
    String json =
        """
        {"process": {"args": ["a"], "capabilities": {}}, "mounts": [
          {"destination": "/d", "type": "bind", "source": "data", "options": ["rbind", "ro"]}]}
        """;
    assertTrue(small("docker", json).text().contains(" --volume=/bundles/x/data:/d:ro "));
    assertTrue(small("kubernetes", json).text().contains("path: \"/bundles/x/data\""));
    assertTrue(small("systemd", json).text().contains("BindReadOnlyPaths=/bundles/x/data:/d\n"));
  }
}
