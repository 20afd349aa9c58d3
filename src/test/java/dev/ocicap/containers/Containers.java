package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.ocicap.bundle.Bundle;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.HostFacts;
import dev.ocicap.validate.Preflight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Starts containers for tests, with a busybox root file system.
public final class Containers {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Containers() {}

  /// What a program printed, and its status.
  public record Result(int status, String out, String err) {

    /// The lines of `/proc/PID/status` in the output: key → value.
    public Map<String, String> procStatus() {
      Map<String, String> values = new TreeMap<>();
      for (String line : out.split("\n", -1)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          values.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
      return values;
    }
  }

  /// Skips the test where the runtime, busybox or root is missing; in continuous integration, where
  /// CI is set, that is a failure.
  public static void require(String runtime) {
    String missing =
        !isInstalled(runtime)
            ? runtime + " is not installed"
            : !Files.isExecutable(BUSYBOX)
                ? "busybox-static is not installed"
                : !"root".equals(System.getProperty("user.name")) ? "not root" : "";
    need(missing.isEmpty(), "no containers here: " + missing);
  }

  /// Skips the test where it lacks something; in continuous integration, where CI is set, that is a
  /// failure.
  public static void need(boolean present, String reason) {
    if (present) {
      return;
    }
    if (System.getenv("CI") != null) {
      fail(reason);
    }
    abort(reason);
  }

  private static boolean isInstalled(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /// Makes a root file system with busybox and links for the named applets.
  public static Path rootfs(Path directory, String... applets) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    for (String name : new String[] {"proc", "dev", "sys", "etc", "tmp"}) {
      Files.createDirectories(directory.resolve(name));
    }
    Files.copy(BUSYBOX, bin.resolve("busybox"));
    bin.resolve("busybox").toFile().setExecutable(true, false);
    for (String applet : applets) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    return directory;
  }

  /// Runs a bundle to its end. When that goes well, ocicap must not have had anything against it.
  public static Result run(String runtime, Path bundle) throws IOException, InterruptedException {
    String id = "ocicap-test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    List<String> command = new ArrayList<>(prefix(runtime));
    command.addAll(List.of(runtime, "run", "--bundle", bundle.toString(), id));
    Result result = execute(command, Map.of());
    if (result.status() == 0) {
      assertEquals(List.of(), refusals(runtime, bundle), "what runs must not be refused");
    }
    return result;
  }

  /// What ocicap would refuse to start the bundle for.
  private static List<Finding> refusals(String runtime, Path bundle) throws IOException {
    ProcessStatus self = ProcessStatus.self();
    HostFacts host =
        HostFacts.read(
            Path.of("/"),
            self.uid().effective(),
            self.capabilities().permitted(),
            self.capabilities().bounding());
    List<Finding> refusals = new ArrayList<>();
    Preflight preflight = new Preflight(new HostCheck(host, Path.of("")), runtime, true);
    for (Finding finding : preflight.check(Bundle.open(bundle).config())) {
      // What would run as somebody else than it says is refused though the runtime starts it.
      if (finding.level() == Level.MUST && !finding.code().equals("user-id-none")) {
        refusals.add(finding);
      }
    }
    return refusals;
  }

  /// What must precede crun on a host with hybrid cgroups, which it refuses: a mount namespace of
  /// its own without the unified hierarchy.
  public static List<String> prefix(String runtime) {
    boolean hybrid =
        Files.exists(Path.of("/sys/fs/cgroup/unified"))
            && !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    return runtime.endsWith("crun") && hybrid
        ? List.of("unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified; exec \"$@\"", "sh")
        : List.of();
  }

  /// Runs a program to its end, at most a minute, without standard input.
  public static Result execute(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Path err = Files.createTempFile("ocicap", ".err");
    builder.redirectError(err.toFile());
    try {
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail("still running after a minute: " + command);
      }
      return new Result(process.exitValue(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
