package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.audit.Audit;
import dev.ocicap.audit.AuditFinding;
import dev.ocicap.audit.Policy;
import dev.ocicap.audit.Subjects;
import dev.ocicap.cli.InProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real container, graded from `/proc` alone: what its bundle mounted, shared and allowed is
/// found again.
class AuditedContainerTest {
  @TempDir Path directory;

  @Test
  void a_running_container_shows_what_it_was_given() throws Exception {
    Containers.require("runc");
    Path bundle = directory.resolve("bundle");
    Path socket = directory.resolve("docker.sock");
    Files.createFile(socket);
    InProcess.PLAIN.output(
        "generate",
        "--bundle",
        bundle.toString(),
        "--terminal=false",
        "--drop",
        "all",
        "--add",
        "sys_admin",
        "--namespace-remove",
        "uts",
        "--hostname",
        "",
        "--mount",
        "type=bind,source=" + socket + ",target=/run/docker.sock",
        "--mount",
        "type=bind,source=/etc,target=/host/etc,readonly",
        "--pids-limit",
        "50",
        "--memory",
        "64m",
        "--",
        "sleep",
        "60");
    Containers.rootfs(bundle.resolve("rootfs"), "sleep");
    String root = directory.resolve("state").toString();
    String id = "ocicap-audit-" + ProcessHandle.current().pid();
    Path pidFile = directory.resolve("pid");
    Process run =
        new ProcessBuilder(
                "runc",
                "--root",
                root,
                "run",
                "--detach",
                "--bundle",
                bundle.toString(),
                "--pid-file",
                pidFile.toString(),
                id)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("runc.log").toFile())
            .start();
    try {
      assertEquals(0, run.waitFor(), () -> read(directory.resolve("runc.log")));
      Audit audit =
          Audit.of(Subjects.of("x", Long.parseLong(Files.readString(pidFile))), Policy.NONE);
      List<String> found =
          audit.findings().stream().map(f -> f.rule().code()).sorted().distinct().toList();
      assertEquals(
          List.of(
              "capability-root",
              "host-namespace",
              "root-user",
              "runtime-socket",
              "seccomp-missing",
              "sensitive-path",
              "unconfined"),
          // A machine with AppArmor may confine it, one without does not.
          union(found, "unconfined"));
      assertEquals(List.of(), audit.subject().unknown());
      assertTrue(said(audit).contains("'/etc' of the host, read-only, at '/host/etc'"));
      assertTrue(said(audit).contains("the uts namespace is the host's"));
      assertTrue(said(audit).contains("'" + socket + "'"), said(audit));
    } finally {
      Containers.execute(List.of("runc", "--root", root, "delete", "--force", id), Map.of());
    }
  }

  private static List<String> union(List<String> codes, String code) {
    return java.util.stream.Stream.concat(codes.stream(), java.util.stream.Stream.of(code))
        .sorted()
        .distinct()
        .toList();
  }

  private static String said(Audit audit) {
    return String.join("\n", audit.findings().stream().map(AuditFinding::message).toList());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
