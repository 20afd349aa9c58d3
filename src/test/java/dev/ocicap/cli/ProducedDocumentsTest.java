package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What generate, edit and convert produce has no finding at level `should`.
class ProducedDocumentsTest {
  private static final List<String> PRESETS =
      List.of("runc", "docker", "podman", "kubernetes-restricted", "none");

  private static final List<String> OPTIONS =
      List.of(
          "",
          "--rootless",
          "--add setuid",
          "--add all",
          "--drop all",
          "--user 1000:1000 --add net_bind_service",
          "--user 1000 --ambient",
          "--readonly=false --hostname web --env A=b --cwd /tmp",
          "--tmpfs /run --sysctl net.ipv4.ip_forward=1",
          "--no-new-privileges=false --rlimit nofile=10:20",
          "--memory 64m --pids-limit 10 --cpus 1.5");

  private static final List<String> COMMANDS =
      List.of(
          "docker run a sh",
          "docker run --privileged a sh",
          "docker run --cap-drop all --cap-add net_raw -v /tmp:/data:ro --tmpfs /run a sh",
          "docker run --user 5:6 --network host --pid host --ipc host a sh",
          "docker run -it --read-only --memory 64m --cpus 2 --ulimit nofile=5 a sh",
          "podman run --cap-add sys_admin a sh");

  @TestFactory
  List<DynamicTest> generate_writes_clean_documents() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String preset : PRESETS) {
      for (String options : OPTIONS) {
        String line = ("generate --from " + preset + " " + options).strip();
        tests.add(DynamicTest.dynamicTest(line, () -> assertClean(line)));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> convert_writes_clean_documents() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String command : COMMANDS) {
      String line = "convert --config-only -- " + command;
      tests.add(DynamicTest.dynamicTest(line, () -> assertClean(line)));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> edit_keeps_documents_clean() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String options : OPTIONS.subList(2, OPTIONS.size())) {
      tests.add(
          DynamicTest.dynamicTest(
              "edit " + options,
              () -> {
                String made = ocicap("", "generate --from docker");
                assertEquals("", ocicap(ocicap(made, "edit - " + options), "validate -"));
              }));
    }
    return tests;
  }

  private static void assertClean(String line) {
    assertEquals("", ocicap(ocicap("", line), "validate --level should -"));
  }

  /// Standard output; what `validate` finds is there.
  private static String ocicap(String in, String line) {
    InProcess.Outcome outcome = InProcess.PLAIN.run(in, line.split(" ", -1));
    boolean findings = line.startsWith("validate") && outcome.status() == 1;
    assertEquals(findings ? 1 : 0, outcome.status(), () -> line + "\n" + outcome.err());
    return outcome.out();
  }
}
