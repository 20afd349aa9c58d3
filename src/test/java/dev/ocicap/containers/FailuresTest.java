package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.JsonPatchEdits;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Failures;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.HostFacts;
import dev.ocicap.validate.Preflight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Makes runc and crun fail in every way of `cases/failures/errors.txt`, and compares the property
/// that is blamed, before and after, with the one that is at fault. What runs must never have been
/// refused.
class FailuresTest {
  private static final Path CASES = Path.of("src/test/resources/cases/failures/errors.txt");
  private static final CapabilitySet LACKING = CapabilitySet.of(Capability.CAP_SYS_RESOURCE);

  @TempDir Path directory;
  private RuntimeConfig base = RuntimeConfig.parse("base", "{}");
  private HostCheck host = new HostCheck(hostFacts(), Path.of(""));

  /// Without CAP_SYS_RESOURCE, as setpriv(1) will start the runtime.
  private static HostFacts hostFacts() {
    try {
      ProcessStatus self = ProcessStatus.self();
      return HostFacts.read(
          Path.of("/"),
          self.uid().effective(),
          self.capabilities().permitted().minus(LACKING),
          self.capabilities().bounding().minus(LACKING));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void make_a_bundle() throws Exception {
    Path rootfs = Containers.rootfs(directory.resolve("rootfs"), "sh", "true");
    Files.writeString(rootfs.resolve("bin/data"), "data");
    executable(rootfs.resolve("bin/script"), "#!/nonexistent\n");
    executable(rootfs.resolve("bin/garbage"), "\u007fELFgarbage");
    Containers.Result spec =
        Containers.execute(List.of("runc", "spec", "--bundle", directory.toString()), Map.of());
    assertEquals("", spec.err());
    Path config = directory.resolve("config.json");
    base =
        RuntimeConfig.parse(config.toString(), Files.readString(config))
            .edit(draft -> {
              draft.set(JsonText.parse("x", "false").root(), "process", "terminal");
              draft.set(JsonText.parse("x", "[\"true\"]").root(), "process", "args");
            });
    // How the arrays look on this host: the table counts on it.
    assertEquals(7, base.find("mounts").orElseThrow().size());
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private record Case(int line, String runc, String crun, ArrayNode patch) {
    String expected(String runtime) {
      return runtime.equals("runc") || crun.equals("=") ? runc : crun;
    }
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    int line = 0;
    for (String text : Files.readAllLines(CASES)) {
      line++;
      if (!text.isBlank() && !text.startsWith("#")) {
        String[] halves = text.split(" {2,}", 2);
        String[] words = halves[0].split(" ", 2);
        cases.add(
            new Case(
                line,
                words[0],
                words[1],
                (ArrayNode) JsonText.parse("errors.txt:" + line, halves[1]).root()));
      }
    }
    return cases;
  }

  @Test
  void runc_fails_by_what_is_blamed() throws Exception {
    play("runc");
  }

  @Test
  void crun_fails_by_what_is_blamed() throws Exception {
    play("crun");
  }

  private void play(String runtime) throws Exception {
    Containers.require(runtime);
    List<String> wrong = new ArrayList<>();
    for (Case one : cases()) {
      String expected = one.expected(runtime);
      if (expected.equals("?")) {
        continue;
      }
      Path file = directory.resolve("config.json");
      RuntimeConfig config =
          RuntimeConfig.parse(
              file.toString(), base.edit(JsonPatchEdits.apply("patch", one.patch())).text());
      Files.writeString(file, config.text());
      List<Finding> foreseen = new Preflight(host, runtime, false).check(config);
      List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=-sys_resource"));
      command.addAll(List.of("setsid", "--wait"));
      command.addAll(Containers.prefix(runtime));
      command.addAll(
          List.of(
              runtime,
              "--root=" + directory.resolve("state-" + runtime),
              "run",
              "--bundle=" + directory,
              "ocicap-failure-" + ProcessHandle.current().pid() + "-" + one.line()));
      Containers.Result result = Containers.execute(command, Map.of());
      String said = result.err() + result.out();
      List<Finding> explained = new Failures(host).explain(config, said);
      String found =
          result.status() == 0
              ? "-"
              : explained.isEmpty()
                  ? "nothing"
                  : (foreseen.isEmpty() ? "~" : "") + named(explained.getFirst());
      if (!found.equals(expected)) {
        wrong.add(one.line() + ": " + expected + " was " + found + ": " + said.strip());
      }
      if (result.status() == 0 && !foreseen.isEmpty()) {
        wrong.add(one.line() + ": refused, and it runs: " + foreseen.getFirst());
      }
      if (result.status() != 0 && !foreseen.isEmpty()) {
        if (!named(foreseen.getFirst()).equals(expected)) {
          wrong.add(one.line() + ": foreseen " + foreseen.getFirst() + ", and not " + expected);
        }
        assertEquals(
            config.json().place(foreseen.getFirst().pointer()).line(),
            foreseen.getFirst().place().line());
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static String named(Finding finding) {
    return finding.pointer().isEmpty() ? "(document)" : finding.pointer();
  }
}
