package dev.ocicap.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.cli.Main;
import dev.ocicap.containers.Containers;
import dev.ocicap.spec.RuntimeConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

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
                  RuntimeConfig config = Bundle.open(bundle).config();
                  String line = export("docker", config, "x").text();
                  List<String> args = new ArrayList<>(List.of(host.split(" ", -1)));
                  args.add("--");
                  args.addAll(words(line));
                  // The order of keys says nothing.
                  assertEquals(
                      config.json().root(),
                      RuntimeConfig.parse("converted", ocicap(args)).json().root());
                }));
      }
    }
    assertTrue(!tests.isEmpty());
    return tests;
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

  private static String ocicap(List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new ByteArrayInputStream(new byte[0]),
            out,
            err,
            Map.of("PATH", "/usr/bin"),
            args.toArray(new String[0]));
    assertEquals(0, status, () -> err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
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
                assumeTrue(
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
}
