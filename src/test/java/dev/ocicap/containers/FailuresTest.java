package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.JsonPatchEdits;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Failures;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.HostFacts;
import dev.ocicap.validate.Preflight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    executable(rootfs.resolve("bin/nameless"), "echo x\n");
    executable(rootfs.resolve("bin/dos"), "#!/bin/sh\r\necho x\r\n");
    Files.copy(Path.of("/bin/ls"), rootfs.resolve("bin/dynamic"));
    for (String name : List.of("secret", "shared")) {
      Path program = Files.createDirectory(rootfs.resolve(name)).resolve("busybox");
      Files.copy(rootfs.resolve("bin/busybox"), program);
    }
    mode(rootfs.resolve("secret"), "rwx------");
    mode(rootfs.resolve("shared"), "rwxr-x---");
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

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private record Case(int line, String runc, String crun, JsonText patch) {
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
            new Case(line, words[0], words[1], JsonText.parse("errors.txt:" + line, halves[1])));
      }
    }
    return cases;
  }

  /// Whoever adds a cause says why nobody can know it before.
  @Test
  void what_only_the_runtime_can_tell_has_a_reason() throws Exception {
    String before = "";
    for (String text : Files.readAllLines(CASES)) {
      boolean late = text.startsWith("~") || text.contains(" ~");
      assertTrue(text.startsWith("#") || !late || before.startsWith("# not before: "), text);
      before = text;
    }
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
          RuntimeConfig.parse(file.toString(), base.edit(JsonPatchEdits.apply(one.patch())).text());
      Files.writeString(file, config.text());
      List<Finding> likely = new ArrayList<>();
      List<Finding> foreseen = foreseen(config, runtime, likely);
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
                  : (foreseen.isEmpty() ? likely.isEmpty() ? "~" : "!" : "")
                      + named(explained.getFirst());
      boolean same =
          expected.startsWith("*")
              ? found.replace("!", "").equals(expected.substring(1))
              : found.equals(expected);
      if (!same) {
        wrong.add(one.line() + ": " + expected + " was " + found + ": " + said.strip());
      }
      if (result.status() == 0 && !foreseen.isEmpty()) {
        wrong.add(one.line() + ": refused, and it runs: " + foreseen.getFirst());
      }
      if (result.status() != 0 && !foreseen.isEmpty()) {
        // Before the start it may be known which part of the property it is.
        String property = expected.replaceFirst("^[*]", "");
        if (!(named(foreseen.getFirst()) + "/").startsWith(property + "/")) {
          wrong.add(one.line() + ": foreseen " + foreseen.getFirst() + ", and not " + expected);
        }
        assertEquals(
            config.json().place(foreseen.getFirst().pointer()).line(),
            foreseen.getFirst().place().line());
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /// What is certain before the start.
  ///
  /// @param likely gets what is not certain
  private List<Finding> foreseen(RuntimeConfig config, String runtime, List<Finding> likely)
      throws Exception {
    Preflight preflight = new Preflight(host, runtime, false);
    List<Finding> foreseen = new ArrayList<>();
    for (Finding finding : preflight.check(config)) {
      (finding.level() == Level.MUST ? foreseen : likely).add(finding);
      assertNotNull(finding.hint(), "what to do about " + finding);
    }
    String banner = Containers.execute(List.of(runtime, "--version"), Map.of()).out();
    foreseen.addAll(preflight.check(config, banner, Optional.empty()));
    return foreseen;
  }

  /// A pointer as in the table, and a change of what `runc spec --rootless` makes.
  private record Rootless(String expected, String patch) {}

  private static final List<Rootless> ROOTLESS =
      List.of(
          new Rootless("-", "[]"),
          new Rootless(
              "/linux/namespaces",
              "[{'op':'replace','path':'/linux/namespaces','value':[{'type':'pid'},"
                  + "{'type':'mount'},{'type':'uts'}]}]"),
          new Rootless(
              "/linux/uidMappings/0",
              "[{'op':'replace','path':'/linux/uidMappings','value':"
                  + "[{'containerID':0,'hostID':100000,'size':65536}]}]"),
          new Rootless(
              "/linux/resources/memory",
              "[{'op':'add','path':'/linux/resources','value':{'memory':{'limit':100000000}}}]"),
          // Known before to those who may not write there: these tests are root's.
          new Rootless(
              "~/linux/cgroupsPath",
              "[{'op':'add','path':'/linux/cgroupsPath','value':'/ocicap-none'}]"),
          new Rootless(
              "/process/oomScoreAdj", "[{'op':'add','path':'/process/oomScoreAdj','value':-10}]"),
          new Rootless(
              "/process/user/additionalGids",
              "[{'op':'add','path':'/process/user/additionalGids','value':[5]}]"),
          new Rootless(
              "/mounts/2",
              "[{'op':'replace','path':'/mounts/2','value':"
                  + "{'destination':'/sys','type':'sysfs','source':'sysfs'}}]"));

  @Test
  void a_user_without_privileges_fails_by_what_is_blamed() throws Exception {
    Containers.require("runc");
    Path place = Path.of("/tmp").resolve("ocicap-rootless-" + ProcessHandle.current().pid());
    try {
      rootless(place);
    } finally {
      Containers.execute(List.of("rm", "-rf", place.toString()), Map.of());
    }
  }

  private void rootless(Path place) throws Exception {
    Containers.rootfs(Files.createDirectories(place.resolve("b/rootfs")), "sh", "true");
    Containers.execute(
        List.of("runc", "spec", "--rootless", "--bundle", place.resolve("b").toString()), Map.of());
    Path file = place.resolve("b/config.json");
    RuntimeConfig rootless =
        RuntimeConfig.parse(
                file.toString(),
                Files.readString(file).replace("\"hostID\": 0,", "\"hostID\": 65534,"))
            .edit(draft -> {
              draft.set(JsonText.parse("x", "false").root(), "process", "terminal");
              draft.set(JsonText.parse("x", "[\"true\"]").root(), "process", "args");
            });
    Containers.execute(List.of("chown", "-R", "65534:65534", place.toString()), Map.of());
    HostCheck user =
        new HostCheck(
            HostFacts.read(Path.of("/"), 65534, CapabilitySet.NONE, hostFacts().bounding()),
            Path.of(""));
    Set<String> none = Set.of();
    List<String> wrong = new ArrayList<>();
    for (Rootless one : ROOTLESS) {
      String patch = one.patch().replace('\'', '"');
      RuntimeConfig config =
          RuntimeConfig.parse(
              file.toString(),
              rootless.edit(JsonPatchEdits.apply(JsonText.parse("patch", patch))).text());
      Files.writeString(file, config.text());
      HostFacts facts =
          HostFacts.forStart(config, 65534, CapabilitySet.NONE, hostFacts().bounding(), none);
      List<Finding> foreseen =
          new Preflight(new HostCheck(facts, Path.of("")), "runc", false).check(config);
      List<String> command =
          new ArrayList<>(
              List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "setsid"));
      command.addAll(List.of("--wait", "runc", "--root=" + place.resolve("state"), "run"));
      command.addAll(List.of("--bundle=" + place.resolve("b"), "ocicap-failure-rootless"));
      Containers.Result result =
          Containers.execute(command, Map.of("XDG_RUNTIME_DIR", place.toString()));
      List<Finding> explained = new Failures(user).explain(config, result.err());
      String found =
          result.status() == 0
              ? foreseen.isEmpty() ? "-" : "refused and runs: " + foreseen
              : explained.isEmpty()
                  ? "nothing"
                  : (foreseen.isEmpty() ? "~" : "") + named(explained.getFirst());
      if (!found.equals(one.expected())) {
        wrong.add(one.expected() + " was " + found + ": " + result.err().strip());
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static String named(Finding finding) {
    return finding.pointer().isEmpty() ? "(document)" : finding.pointer();
  }
}
