package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.containers.Containers;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Learns as a user who is not root, and on a terminal.
@Tag("distribution")
class LearningTest {
  private static final int NOBODY = 65534;

  @TempDir Path directory;

  private Path launcher() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Installation.built().copyTo(directory.resolve("ocicap")).launcher();
  }

  /// What makes a command one of a user who is not root.
  private static List<String> nobody(Path home) {
    return List.of(
        "setpriv",
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups",
        "--inh-caps=-all",
        "env",
        "-u",
        "XDG_CACHE_HOME",
        "-u",
        "XDG_RUNTIME_DIR",
        "HOME=" + home);
  }

  private static Containers.Result asNobody(Path home, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(nobody(home));
    command.addAll(List.of(words));
    return Containers.execute(command, Map.of());
  }

  /// sethostname(2) wants SYS_ADMIN in the user namespace of the host name's namespace. Each run
  /// fails that meets the file of another.
  @Test
  void who_is_not_root_learns_by_trials_with_a_copy_for_each() throws Exception {
    Containers.require("runc");
    Containers.need(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    String ocicap = launcher().toString();
    Path home = Files.createDirectory(directory.resolve("home"));
    Path bundle = home.resolve("bundle");
    Path rootfs = Containers.rootfs(bundle.resolve("rootfs"), "sh", "hostname", "touch");
    own(home);
    Containers.Result made =
        asNobody(
            home,
            ocicap,
            "generate",
            "--rootless",
            "--terminal=false",
            "--readonly=false",
            "--drop=all",
            "--add=sys_admin,kill,chown,setuid",
            "--bundle=" + bundle,
            "--",
            "sh",
            "-c",
            "test ! -e /tmp/mark && touch /tmp/mark && hostname other");
    assertEquals(0, made.status(), made.err());
    Containers.Result learned =
        asNobody(home, ocicap, "learn", "--runtime=runc", "--format=json", bundle.toString());
    assertEquals(0, learned.status(), learned.out() + learned.err());
    String out = learned.out().strip();
    JsonNode result =
        JsonText.parse("r", out.substring(out.lastIndexOf('\n') + 1)).root().path("result");
    assertEquals("[\"CAP_SYS_ADMIN\"]", JsonText.compact(result.path("needed")));
    assertTrue(result.path("verified").asBoolean());
    assertTrue(result.path("notes").toString().contains("tracing is for root only"), out);
    assertFalse(Files.exists(rootfs.resolve("tmp/mark")), "the bundle's own files");
    assertFalse(Files.exists(home.resolve(".cache/ocicap")), "copies");
  }

  /// The check runs in the container's network, which belongs to the container's user namespace.
  @ParameterizedTest
  @CsvSource({
    "--check,busybox nc -w 1 127.0.0.1 80 -e true",
    "--check-inside,nc -w 1 127.0.0.1 80 -e true"
  })
  void who_is_not_root_checks_a_service_in_its_user_namespace(String option, String command)
      throws Exception {
    Containers.require("runc");
    Containers.need(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    String ocicap = launcher().toString();
    Path home = Files.createDirectory(directory.resolve("home"));
    Path bundle = home.resolve("bundle");
    Containers.rootfs(bundle.resolve("rootfs"), "httpd", "nc", "true");
    own(home);
    Containers.Result made =
        asNobody(
            home,
            ocicap,
            "generate",
            "--rootless",
            "--namespace=network",
            "--terminal=false",
            "--drop=all",
            "--add=net_bind_service,kill,chown",
            "--bundle=" + bundle,
            "--",
            "httpd",
            "-f",
            "-p",
            "80");
    assertEquals(0, made.status(), made.err());
    Containers.Result learned =
        asNobody(
            home,
            ocicap,
            "learn",
            "--runtime=runc",
            "--to=docker",
            option,
            command,
            bundle.toString());
    assertEquals("--cap-drop=ALL --cap-add=NET_BIND_SERVICE\n", learned.out(), learned.err());
    assertEquals(0, learned.status(), learned.err());
  }

  /// With a range of subordinate ids, which newuidmap(1) finds in `/etc/subuid`, a file can be
  /// given to another user of the container and stays behind for ocicap to remove.
  @Test
  void who_is_not_root_learns_with_subordinate_ids() throws Exception {
    Containers.require("runc");
    for (String program : new String[] {"setpriv", "newuidmap", "unshare"}) {
      Containers.need(
          Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
    }
    String ocicap = launcher().toString();
    Path home = Files.createDirectory(directory.resolve("home"));
    Path bundle = home.resolve("bundle");
    Path rootfs = Containers.rootfs(bundle.resolve("rootfs"), "sh", "chown", "su", "mkdir", "id");
    Files.writeString(
        rootfs.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
    Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\nuser:x:1000:\n");
    own(home);
    Path ranges = Files.writeString(directory.resolve("ranges"), NOBODY + ":200000:65536\n");
    String mapping = "0:" + NOBODY + ":1";
    Containers.Result made =
        asNobody(
            home,
            ocicap,
            "generate",
            "--rootless",
            "--uidmap=" + mapping,
            "--uidmap=1:200000:65536",
            "--gidmap=" + mapping,
            "--gidmap=1:200000:65536",
            "--terminal=false",
            "--readonly=false",
            "--drop=all",
            "--add=chown,setuid,setgid,kill",
            "--bundle=" + bundle,
            "--",
            "sh",
            "-c",
            "mkdir -p /tmp/a/b && chown -R 5:5 /tmp/a && su user -c 'id -u'");
    assertEquals(0, made.status(), made.err());
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "for file in subuid subgid; do mount --bind \"$0\" /etc/$file || exit; done; exec \"$@\"",
                ranges.toString()));
    command.addAll(nobody(home));
    command.addAll(List.of(ocicap, "learn", "--runtime=runc", "--to=docker", "--expect=1000"));
    command.add(bundle.toString());
    Containers.Result learned = Containers.execute(command, Map.of());
    assertEquals(
        "--cap-drop=ALL --cap-add=CHOWN --cap-add=SETGID --cap-add=SETUID\n",
        learned.out(),
        learned.err());
    assertEquals(0, learned.status(), learned.err());
    assertFalse(Files.exists(home.resolve(".cache/ocicap")), "copies");
  }

  private static void own(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        if (!Files.isSymbolicLink(file)) {
          Files.setAttribute(file, "unix:uid", NOBODY);
        }
      }
    }
  }

  private Path chowning() throws IOException, InterruptedException {
    Path bundle = directory.resolve("bundle");
    Containers.rootfs(bundle.resolve("rootfs"), "chown");
    Containers.Result made =
        Containers.execute(
            List.of(
                Installation.built().launcher().toString(),
                "generate",
                "--terminal=false",
                "--readonly=false",
                "--add=chown",
                "--bundle=" + bundle,
                "--",
                "chown",
                "5",
                "/tmp"),
            Map.of());
    assertEquals(0, made.status(), made.err());
    return bundle;
  }

  @Test
  void a_terminal_shows_each_run_its_set_and_what_was_seen() throws Exception {
    Containers.require("runc");
    Containers.need(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
    Containers.Result result =
        Containers.execute(
            List.of(
                "script",
                "-qec",
                Installation.built().launcher() + " learn --runtime runc " + chowning(),
                "/dev/null"),
            Map.of("TERM", "xterm"));
    String shown = result.out();
    assertEquals(0, result.status(), shown);
    assertTrue(shown.contains("run 1 · the bundle as it is: "), shown);
    assertTrue(shown.contains(" · used chown by /bin/chown"), shown);
    assertTrue(shown.contains("run 2 · what was used: chown"), shown);
    assertTrue(shown.contains("run 3 · without chown: none · does not work"), shown);
    assertTrue(
        shown.indexOf("\u001b[Kneeded (1 of the bundle's 4):") > shown.lastIndexOf("run 5 · "),
        shown);
  }

  @Test
  void whoever_reads_through_a_pipe_gets_the_report_alone() throws Exception {
    Containers.require("runc");
    Containers.Result result =
        Containers.execute(
            List.of(
                Installation.built().launcher().toString(),
                "learn",
                "--runtime=runc",
                chowning().toString()),
            Map.of());
    assertEquals("", result.err());
    assertTrue(result.out().startsWith("needed (1 of the bundle's 4):\n"), result.out());
  }
}
