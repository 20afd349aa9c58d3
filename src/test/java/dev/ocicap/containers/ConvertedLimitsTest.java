package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cli.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Starts containers with docker's flags of resources, and reads in them what the kernel was told.
/// The values follow from what docker's documentation says of each flag and from the kernel's
/// documents of the files (admin-guide/cgroup-v1, cgroup-v2).
class ConvertedLimitsTest {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  /// @param flags docker's
  /// @param controller what carries them out
  /// @param v1 the file in the controller's hierarchy and what is in it
  /// @param v2 the file in the only hierarchy and what is in it
  private record Limit(String flags, String controller, String v1, String v2) {}

  private static final List<Limit> LIMITS =
      List.of(
          new Limit("-m 64m", "memory", "memory.limit_in_bytes 67108864", "memory.max 67108864"),
          new Limit(
              "-m 64m --memory-reservation 32m",
              "memory",
              "memory.soft_limit_in_bytes 33554432",
              "memory.low 33554432"),
          // half a processor: half of each period
          new Limit("--cpus 0.5", "cpu", "cpu.cfs_quota_us 50000", "cpu.max 50000 100000"),
          new Limit(
              "--cpu-period 50000 --cpu-quota 10000",
              "cpu",
              "cpu.cfs_period_us 50000",
              "cpu.max 10000 50000"),
          // 1024 shares are the kernel's default on v1, and the weight 100 on v2
          new Limit("--cpu-shares 512", "cpu", "cpu.shares 512", ""),
          new Limit("--cpuset-cpus 0", "cpuset", "cpuset.cpus 0", "cpuset.cpus 0"),
          new Limit("--pids-limit 50", "pids", "pids.max 50", "pids.max 50"),
          new Limit("--pids-limit -1", "pids", "pids.max max", "pids.max max"));

  @TempDir static Path directory;

  @TestFactory
  List<DynamicTest> the_kernel_is_told_what_the_flags_ask() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Limit limit : LIMITS) {
      for (String runtime : new String[] {"runc", "crun"}) {
        tests.add(
            DynamicTest.dynamicTest(runtime + " " + limit.flags(), () -> check(runtime, limit)));
      }
    }
    return tests;
  }

  private static void check(String runtime, Limit limit) throws Exception {
    Containers.require(runtime);
    Path controllers = CGROUPS.resolve("cgroup.controllers");
    boolean unified = Files.exists(controllers);
    String controller = limit.controller();
    boolean present =
        unified
            ? List.of(Files.readString(controllers).strip().split(" ", -1)).contains(controller)
            : Files.isDirectory(CGROUPS.resolve(controller));
    Containers.need(present, "this machine has no cgroup controller '" + controller + "'");
    String expected = unified ? limit.v2() : limit.v1();
    // Not a lack of the machine's: there is nothing to compare with.
    Assumptions.assumeFalse(
        expected.isEmpty(),
        "releases of runtimes make different weights of '" + limit.flags() + "'");
    int blank = expected.indexOf(' ');
    String file = (unified ? "" : controller + "/") + expected.substring(0, blank);
    Containers.Result result =
        Containers.run(runtime, converted(limit.flags(), "cat /sys/fs/cgroup/" + file));
    assertEquals(0, result.status(), result.err());
    assertEquals(expected.substring(blank + 1), result.out().strip(), file);
  }

  private static Path converted(String flags, String script) throws IOException {
    Path bundle = Files.createTempDirectory(directory, "limits");
    Path rootfs = Containers.rootfs(bundle.resolve("rootfs"), "sh", "cat");
    List<String> args = new ArrayList<>(List.of("convert", "-b", bundle.toString()));
    args.addAll(List.of("--rootfs", rootfs.toString(), "--", "docker", "run"));
    args.addAll(List.of(flags.split(" ", -1)));
    args.addAll(List.of("image", "sh", "-c", script));
    InProcess.Outcome outcome = InProcess.PLAIN.run("", args);
    assertEquals(0, outcome.status(), outcome.err());
    return bundle;
  }
}
