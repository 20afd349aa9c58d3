package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cli.InProcess;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `ocicap ps` against libcap-ng's pscap, against hostile names, and over real containers.
class PsTest {
  private static final Path PSCAP = Path.of("/usr/bin/pscap");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  @TempDir Path directory;

  /// Processes with all kinds of sets, as setpriv(1) makes them.
  private static final List<List<String>> KINDS =
      List.of(
          List.of(),
          List.of("--reuid=65534", "--regid=65534", "--clear-groups"),
          List.of(
              "--reuid=65534",
              "--regid=65534",
              "--clear-groups",
              "--inh-caps=+net_raw,+kill",
              "--ambient-caps=+net_raw"),
          List.of(
              "--reuid=4242",
              "--regid=1",
              "--clear-groups",
              "--inh-caps=+kill",
              "--ambient-caps=+kill"),
          List.of("--reuid=4242", "--regid=1", "--clear-groups", "--inh-caps=+kill"),
          List.of("--inh-caps=+kill,+chown", "setpriv", "--bounding-set=-all"),
          List.of("--bounding-set=-all"),
          List.of("--bounding-set=-net_raw,-sys_admin"),
          List.of("--inh-caps=+kill", "--ambient-caps=+kill", "setpriv", "--bounding-set=-all"));

  @Test
  void the_columns_of_pscap_are_pscaps_own() throws Exception {
    Containers.need(Files.isExecutable(PSCAP), "libcap-ng-utils is not installed");
    Containers.need(Files.isExecutable(SETPRIV), "setpriv is not installed");
    Containers.need("root".equals(System.getProperty("user.name")), "not root");
    List<Process> processes = new ArrayList<>();
    try {
      for (List<String> options : KINDS) {
        List<String> command = new ArrayList<>(List.of(SETPRIV.toString()));
        command.addAll(options);
        command.addAll(List.of("sleep", "60"));
        processes.add(new ProcessBuilder(command).start());
      }
      for (Process process : processes) {
        awaitCommand(process.pid(), "sleep");
      }
      String theirs = Containers.execute(List.of(PSCAP.toString()), Map.of()).out();
      String ours = InProcess.PLAIN.output("ps", "--format", "pscap");
      List<String> expected = children(theirs);
      assertTrue(expected.size() >= 5, theirs);
      assertEquals(expected, children(ours));
      assertEquals(theirs.lines().findFirst(), ours.lines().findFirst());
      String theirsAll = Containers.execute(List.of(PSCAP.toString(), "-a"), Map.of()).out();
      assertEquals(
          theirsAll.lines().skip(1).findFirst(),
          InProcess.PLAIN.output("ps", "-a", "--format", "pscap").lines().skip(1).findFirst());
    } finally {
      processes.forEach(Process::destroy);
    }
  }

  /// The lines of this process' children, but for the program that made the list.
  private static List<String> children(String table) {
    String parent = ProcessHandle.current().pid() + " ";
    return table
        .lines()
        .filter(line -> line.startsWith(parent) && line.contains(" sleep "))
        .toList();
  }

  private static void awaitCommand(long pid, String command) throws Exception {
    for (int i = 0; i < 200; i++) {
      if (Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals(command)) {
        return;
      }
      Thread.sleep(20);
    }
    fail("process " + pid + " is not " + command);
  }

  private static InProcess.Outcome audit(String... words) {
    List<String> args = new ArrayList<>(List.of("audit"));
    args.addAll(List.of(words));
    return InProcess.with(System.getenv()).run("", args);
  }

  /// A process that has ended and waits for its parent to ask holds nothing; the others are audited
  /// all the same.
  @Test
  void one_process_that_has_ended_does_not_keep_others_from_being_audited() throws Exception {
    Containers.need(Files.isExecutable(Path.of("/usr/bin/perl")), "perl is not installed");
    Process parent =
        new ProcessBuilder(
                "perl", "-e", "$p = fork; exit 0 unless $p; $| = 1; print \"$p\\n\"; sleep 60")
            .start();
    try {
      byte[] line = new byte[16];
      int length = parent.getInputStream().read(line);
      String zombie = new String(line, 0, length, StandardCharsets.US_ASCII).strip();
      Path stat = Path.of("/proc", zombie, "stat");
      for (int i = 0; i < 200 && !Files.readString(stat).contains(") Z "); i++) {
        Thread.sleep(20);
      }
      String alive = Long.toString(parent.pid());
      InProcess.Outcome result = audit(zombie, alive);
      assertEquals(3, result.status());
      assertTrue(result.out().startsWith(alive + ": "), result.out());
      assertTrue(result.err().startsWith(zombie + ": error: "), result.err());
      assertEquals(3, audit(zombie).status());
    } finally {
      parent.destroy();
    }
  }

  @Test
  void a_thread_of_the_kernel_is_nothing_to_audit() throws Exception {
    Assumptions.assumeTrue(
        Files.readString(Path.of("/proc/2/stat")).startsWith("2 (kthreadd)"),
        "the kernel's threads are not to be seen in this pid namespace");
    InProcess.Outcome result = audit("2");
    assertEquals(3, result.status());
    assertTrue(result.err().contains("a thread of the kernel"), result.err());
  }

  @Test
  void a_name_with_escape_sequences_never_reaches_a_terminal() throws Exception {
    Containers.need(Files.isExecutable(Path.of("/usr/bin/perl")), "perl is not installed");
    Process process =
        new ProcessBuilder("perl", "-e", "$0 = \"a\\e[31m\\nb) c\"; sleep 60").start();
    try {
      String pid = Long.toString(process.pid());
      for (int i = 0;
          i < 200 && !Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("a");
          i++) {
        Thread.sleep(20);
      }
      for (String format : new String[] {"text", "pscap", "json"}) {
        String shown = InProcess.PLAIN.output("ps", "-p", pid, "--format", format);
        assertFalse(shown.contains("\u001b"), shown);
        assertTrue(shown.contains("a\\u001b[31m\\nb) c"), shown);
      }
    } finally {
      process.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void a_containers_processes_are_known_by_its_name(String runtime) throws Exception {
    Containers.require(runtime);
    Path bundle = directory.resolve("bundle");
    InProcess.PLAIN.output(
        "generate",
        "--bundle",
        bundle.toString(),
        "--terminal=false",
        "--user=1000",
        "--add=net_raw",
        "--",
        "sh",
        "-c",
        "sleep 61 & sleep 60; true");
    Containers.rootfs(bundle.resolve("rootfs"), "sh", "sleep");
    String id = "ocicap-ps-" + runtime + "-" + ProcessHandle.current().pid();
    List<String> command = new ArrayList<>(Containers.prefix(runtime));
    command.addAll(List.of(runtime, "run", "--bundle", bundle.toString(), id));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      List<JsonNode> found = List.of();
      for (int i = 0; i < 100 && found.size() < 3; i++) {
        Thread.sleep(100);
        found = inside(id);
      }
      assertEquals(3, found.size(), () -> log());
      for (JsonNode node : found) {
        assertEquals(runtime, node.get("container").get("runtime").textValue());
        assertEquals(bundle.toString(), node.get("container").get("bundle").textValue());
        assertEquals(
            "[\"CAP_NET_RAW\"]", JsonText.compact(node.get("capabilities").get("ambient")));
        assertTrue(node.get("noNewPrivileges").asBoolean());
        assertEquals(1000, node.get("uid").asInt());
      }
      String pid = Long.toString(found.getFirst().get("pid").asLong());
      String audit = InProcess.PLAIN.output("audit", id);
      assertEquals(InProcess.PLAIN.output("audit", pid).replaceFirst(pid, id), audit);
      for (String code : new String[] {"host-namespace", "root-user", "new-privileges"}) {
        assertFalse(audit.contains(code), audit);
      }
      assertTrue(audit.contains("seccomp-missing"), audit);
      assertTrue(audit.contains("capability-medium  net_raw: "), audit);
      assertEquals("", excess(pid, bundle.toString()), "no more than the bundle grants");
      assertTrue(excess(pid, "kill").contains("net_raw"), "more than the learned set");
    } finally {
      Containers.execute(List.of(runtime, "kill", id, "KILL"), Map.of());
      process.waitFor(20, TimeUnit.SECONDS);
      process.destroyForcibly();
    }
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static List<JsonNode> inside(String id) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode node :
        JsonText.parse("ps", InProcess.PLAIN.output("ps", "--containers", "--format", "json"))
            .root()) {
      if (node.get("container").get("id").textValue().equals(id)) {
        found.add(node);
      }
    }
    return found;
  }

  /// The lines below the heading.
  private static String excess(String pid, String wanted) {
    String text = InProcess.PLAIN.run("", "ps", "-p", pid, "--excess", wanted).out();
    return text.substring(text.indexOf('\n') + 1);
  }
}
