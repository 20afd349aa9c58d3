package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ocicap doctor` on the machine that the tests run on: what it says is compared with what the
/// kernel and the programs themselves say.
class DoctorTest {
  @TempDir Path directory;
  private final Map<String, String> env = new HashMap<>(System.getenv());
  private String out = "";
  private String err = "";

  private int doctor(String... words) {
    List<String> args = new ArrayList<>(List.of("doctor"));
    args.addAll(List.of(words));
    InProcess.Outcome outcome = InProcess.with(env).run("", args);
    out = outcome.out();
    err = outcome.err();
    return outcome.status();
  }

  private Path program(String name, String script) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void it_says_of_the_caller_what_the_kernel_says() throws IOException {
    assertEquals(0, doctor("--format", "json"));
    JsonNode host = JsonText.parse("doctor", out).root().get("host");
    String status = Files.readString(Path.of("/proc/self/status"));
    for (SetName set : SetName.values()) {
      CapabilitySet held = CapabilitySet.NONE;
      for (JsonNode name : host.get("caller").get("capabilities").get(set.key())) {
        held = held.plus(Capability.valueOf(name.asText()));
      }
      assertTrue(status.contains(set.procKey() + ":\t" + held.hex()), set + " " + held.hex());
    }
    // cap_last_cap, counted from 0.
    assertEquals(
        firstLine(new ProcessBuilder("cat", "/proc/sys/kernel/cap_last_cap")),
        Integer.toString(host.get("kernel").get("capabilities").size() - 1));
    assertEquals(
        firstLine(new ProcessBuilder("cat", "/proc/sys/user/max_user_namespaces")),
        host.get("userNamespaces").get("max").asText());
    assertEquals(
        firstLine(new ProcessBuilder("uname", "-r")), host.get("kernel").get("release").asText());
  }

  private static String firstLine(ProcessBuilder command) throws IOException {
    Process process = command.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .findFirst()
        .orElse("");
  }

  @Test
  void what_is_asked_for_and_missing_ends_with_1() throws IOException {
    env.put("PATH", directory.toString());
    Path good = program("runc", "echo 'runc version 9.9'");
    assertEquals(0, doctor("--runtime", good.toString(), "runc"));
    assertEquals("  yes  runc  run with runc  runc 9.9, " + good + "\n", out);
    assertEquals(1, doctor("--runtime", good.toString(), "runc", "crun"));
    assertTrue(out.contains("  no   crun  run with crun  not installed\n           try: "), out);
    assertEquals(0, doctor("--runtime", good.toString()), "nothing is asked for");
    assertEquals(2, doctor("run-rot"));
    assertEquals(
        "ocicap: error: 'run-rot' is no ability that doctor knows\n  hint: ocicap doctor run-root\n",
        err);
  }

  @Test
  void each_gap_has_a_command_that_mends_it() {
    assertEquals(0, doctor("--format", "json"));
    int gaps = 0;
    for (JsonNode ability : JsonText.parse("doctor", out).root().get("abilities")) {
      boolean whole = ability.get("answer").asText().equals("yes");
      gaps += whole ? 0 : 1;
      assertEquals(whole, ability.path("remedy").asText("").isEmpty(), ability.toString());
    }
    // A JVM that a test starts has no cache.
    assertTrue(gaps > 0);
  }

  @Test
  void a_runtime_that_hangs_is_not_waited_for() throws IOException {
    Path hangs = program("runc", "exec sleep 100");
    long start = System.nanoTime();
    assertEquals(1, doctor("--runtime", hangs.toString(), "runc"));
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
    assertTrue(out.contains("--version' does not answer with a version"), out);
    assertTrue(
        ProcessHandle.current()
            .children()
            .noneMatch(child ->
                child.isAlive()
                    && child.info().arguments().map(a -> a[0].equals("100")).orElse(false)),
        "it was ended");
  }

  @Test
  void broken_runtimes_are_findings() throws IOException {
    Files.writeString(directory.resolve("data"), "x");
    env.put("OCICAP_RUNTIME", directory.resolve("none").toString());
    assertEquals(0, doctor());
    assertTrue(out.contains(directory.resolve("none") + ": does not answer"), out);
    Path noise = program("crun", "echo '\u001b[31m'; exit 1");
    assertEquals(1, doctor("--runtime", noise.toString(), "crun"));
    Path elsewhere = program("runc", "printf 'runc version 1\\033[31m\\n'");
    assertEquals(0, doctor("--runtime", elsewhere.toString(), "runc"));
    assertTrue(out.indexOf('\u001b') < 0, out);
  }
}
