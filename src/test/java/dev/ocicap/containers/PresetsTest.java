package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cli.InProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every starting point runs under runc and under crun, and the process has what its table row
/// promises: masks from Docker's and Podman's documentation of their defaults, as capabilities(7)
/// numbers them.
class PresetsTest {
  @TempDir static Path directory;

  /// One starting point, or a change of one.
  ///
  /// @param options the command line
  /// @param root the bounding set
  /// @param process permitted and effective
  /// @param ambient inheritable and ambient
  /// @param noNewPrivs the line of `/proc/PID/status`
  /// @param filtered 2 with a filter of system calls, 0 without
  /// @param uid the user
  private record Row(
      String options,
      String root,
      String process,
      String ambient,
      String noNewPrivs,
      String filtered,
      String uid) {}

  private static final String NONE = "0000000000000000";

  private static final List<Row> ROWS =
      List.of(
          // audit_write 29, kill 5, net_bind_service 10
          new Row("--from runc", "0000000020000420", "0000000020000420", NONE, "1", "0", "0"),
          // Docker's documentation: 00000000a80425fb
          new Row("--from docker", "00000000a80425fb", "00000000a80425fb", NONE, "0", "2", "0"),
          // the same without audit_write 29, mknod 27, net_raw 13
          new Row("--from podman", "00000000800405fb", "00000000800405fb", NONE, "0", "2", "0"),
          new Row("--from kubernetes-restricted", NONE, NONE, NONE, "1", "2", "1000"),
          new Row("--from none", NONE, NONE, NONE, "1", "0", "0"),
          // net_bind_service is the one capability that "restricted" allows to add
          new Row(
              "--from kubernetes-restricted --add net_bind_service",
              "0000000000000400",
              "0000000000000400",
              "0000000000000400",
              "1",
              "2",
              "1000"),
          new Row(
              "--user 1000 --ambient",
              "0000000020000420",
              "0000000020000420",
              "0000000020000420",
              "1",
              "0",
              "1000"),
          new Row(
              "--cap-set kill --cap-add-ambient setuid --user 1000",
              "00000000000000a0",
              "00000000000000a0",
              "00000000000000a0",
              "1",
              "0",
              "1000"),
          new Row(
              "--cap-set kill --cap-drop-ambient kill --user 1000",
              "0000000000000020",
              NONE,
              "inheritable",
              "1",
              "0",
              "1000"));

  @TestFactory
  List<DynamicTest> every_starting_point_runs_and_keeps_its_promise() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String runtime : new String[] {"runc", "crun"}) {
      for (Row row : ROWS) {
        tests.add(
            DynamicTest.dynamicTest(runtime + " " + row.options(), () -> check(runtime, row)));
      }
    }
    return tests;
  }

  private static void check(String runtime, Row row) throws Exception {
    Containers.require(runtime);
    Path bundle = Files.createTempDirectory(directory, "bundle");
    Files.delete(bundle);
    List<String> args = new ArrayList<>(List.of("generate", "--bundle", bundle.toString()));
    args.addAll(List.of("--terminal=false", "--readonly=false"));
    args.addAll(List.of(row.options().split(" ", -1)));
    args.addAll(List.of("--", "cat", "/proc/self/status"));
    InProcess.PLAIN.output(args);
    Containers.rootfs(bundle.resolve("rootfs"), "cat");
    Containers.Result result = Containers.run(runtime, bundle);
    assertEquals(0, result.status(), result.err());
    Map<String, String> inside = result.procStatus();
    boolean inheritableOnly = row.ambient().equals("inheritable");
    assertEquals(row.root(), inside.get("CapBnd"), "bounding");
    assertEquals(row.process(), inside.get("CapPrm"), "permitted");
    assertEquals(row.process(), inside.get("CapEff"), "effective");
    assertEquals(inheritableOnly ? row.root() : row.ambient(), inside.get("CapInh"), "inheritable");
    assertEquals(inheritableOnly ? NONE : row.ambient(), inside.get("CapAmb"), "ambient");
    assertEquals(row.noNewPrivs(), inside.get("NoNewPrivs"), "NoNewPrivs");
    assertEquals(row.filtered(), inside.get("Seccomp"), "Seccomp");
    assertEquals(row.uid(), inside.getOrDefault("Uid", "").split("\\s+", -1)[0], "uid");
  }
}
