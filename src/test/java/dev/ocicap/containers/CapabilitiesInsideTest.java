package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cap.Capability;
import dev.ocicap.cli.InProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Starts a container for each line of `cases/containers/inside.txt` and compares the kernel's own
/// masks with the line. The lines were written from capabilities(7), not from ocicap's output.
class CapabilitiesInsideTest {
  @TempDir static Path directory;

  @TestFactory
  List<DynamicTest> the_kernel_shows_what_the_options_promise() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    Path table = Path.of("src/test/resources/cases/containers/inside.txt");
    for (String line : Files.readAllLines(table)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] columns = line.split("\\|", -1);
      for (String runtime : new String[] {"runc", "crun"}) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " " + columns[0].strip(), () -> check(runtime, columns)));
      }
    }
    return tests;
  }

  private static void check(String runtime, String[] columns) throws Exception {
    Containers.require(runtime);
    Path bundle = Files.createTempDirectory(directory, "bundle");
    Files.delete(bundle);
    List<String> args =
        new ArrayList<>(List.of("generate", "--bundle", bundle.toString(), "--terminal=false"));
    if (!columns[0].isBlank()) {
      args.addAll(List.of(columns[0].strip().split(" ", -1)));
    }
    args.addAll(List.of("--", "cat", "/proc/self/status"));
    InProcess.PLAIN.output(args);
    Containers.rootfs(bundle.resolve("rootfs"), "cat");
    Containers.Result result = Containers.run(runtime, bundle);
    assertEquals(0, result.status(), result.err());
    Map<String, String> inside = result.procStatus();
    String root = mask(columns[1]);
    String process = mask(columns[2]);
    String ambient = mask(columns[3]);
    assertEquals(root, inside.get("CapBnd"), "bounding");
    assertEquals(process, inside.get("CapPrm"), "permitted");
    assertEquals(process, inside.get("CapEff"), "effective");
    assertEquals(ambient, inside.get("CapInh"), "inheritable");
    assertEquals(ambient, inside.get("CapAmb"), "ambient");
    assertEquals(columns[4].strip(), inside.get("NoNewPrivs"), "NoNewPrivs");
    assertEquals(columns[5].strip(), firstId(inside, "Uid"), "uid");
    assertEquals(columns[6].strip(), firstId(inside, "Gid"), "gid");
  }

  private static String firstId(Map<String, String> inside, String key) {
    return inside.getOrDefault(key, "").split("\\s+", -1)[0];
  }

  /// `none`, `host` (what the tests' own process may hand on), `host-kill`, or names with blanks.
  private static String mask(String column) throws IOException {
    long mask = 0;
    for (String word : column.strip().split(" ", -1)) {
      switch (word) {
        case "none" -> {}
        case "host" -> mask |= host();
        default -> mask = word.startsWith("-") ? mask & ~bit(word.substring(1)) : mask | bit(word);
      }
    }
    return String.format("%016x", mask);
  }

  private static long bit(String name) {
    return 1L << Capability.valueOf("CAP_" + name.toUpperCase(java.util.Locale.ROOT)).number();
  }

  private static long host() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapBnd:")) {
        return Long.parseUnsignedLong(line.substring(7).strip(), 16);
      }
    }
    throw new IOException("no CapBnd");
  }
}
