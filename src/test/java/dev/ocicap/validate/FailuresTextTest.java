package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.Finding;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Messages as texts: their forms, and those of releases that are not installed where tests run.
class FailuresTextTest {
  private static final String CONFIG =
      """
      {"ociVersion": "1.0.2", "hostname": "h", "root": {"path": "rootfs"},
       "process": {"cwd": "/", "args": ["nosuch"], "terminal": true, "oomScoreAdj": -5},
       "mounts": [{"destination": "/a", "type": "tmpfs", "source": "t", "options": ["x=1"]}],
       "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
         "resources": {"memory": {"limit": 1}}, "namespaces": [{"type": "user"}]}}
      """;

  private static List<String> explain(String text) {
    List<String> found = new ArrayList<>();
    for (Finding finding :
        new Failures(new HostCheck(HostFacts.NONE, Path.of("")))
            .explain(RuntimeConfig.parse("config.json", CONFIG), text)) {
      found.add(finding.place() + " " + finding.pointer());
    }
    return found;
  }

  private static final List<String> PROGRAM = List.of("config.json:2:35 /process/args/0");

  @Test
  void the_message_is_found_in_each_form_of_a_log() {
    String error = "exec: \\\"nosuch\\\": executable file not found in $PATH";
    assertEquals(
        PROGRAM, explain("time=\"2026\" level=error msg=\"runc run failed: " + error + "\""));
    assertEquals(
        PROGRAM,
        explain(
            "{\"level\":\"warning\",\"msg\":\"x\"}\n{\"level\":\"error\",\"msg\":\""
                + error
                + "\"}\n"));
    assertEquals(PROGRAM, explain("exec: \"nosuch\": executable file not found in $PATH"));
    assertEquals(PROGRAM, explain("executable file `nosuch` not found: No such file or directory"));
    assertEquals(PROGRAM, explain("[0m{not json\nexecutable file `nosuch` not found"));
  }

  @Test
  void an_error_that_nothing_is_known_of_blames_nothing() {
    assertEquals(List.of(), explain(""));
    assertEquals(List.of(), explain("out of disk space\n\0\u001b[31m"));
    assertEquals(List.of(), explain("mount `tmpfs` to `other`: Invalid argument"));
    assertEquals(List.of(), explain("x".repeat(100_000) + "exec: \"" + "\n".repeat(1000)));
  }

  @Test
  void later_releases_say_it_otherwise() {
    assertEquals(
        List.of("config.json:2:79 /process/oomScoreAdj"),
        explain("write to `/proc/self/oom_score_adj`: Permission denied"));
    assertEquals(
        List.of("config.json:4:23 /linux/seccomp"),
        explain("seccomp: config provided but seccomp not supported"));
    assertEquals(
        List.of("config.json:5:38 /linux/resources/memory/limit"),
        explain("unable to set memory limit to 1 (current usage: 2, peak usage: 3)"));
    assertEquals(
        List.of("config.json:5:58 /linux/namespaces/0", "config.json:5:58 /linux/namespaces/0"),
        explain("user namespaces enabled, but no gid mapping found"));
  }

  /// The texts are youki 0.7.0's own, as they were seen.
  @Test
  void youki_says_it_in_its_own_words() {
    String error = "ERROR youki: error in executing command: failed to create container: ";
    assertEquals(
        PROGRAM,
        explain(error + "exec process failed with error executable 'nosuch' not found in $PATH\n"));
    assertEquals(
        PROGRAM,
        explain(
            "{\"timestamp\":\"2026\",\"level\":\"ERROR\",\"message\":\"error in executing command:"
                + " failed to create container: exec process failed with error executable 'nosuch'"
                + " not found in $PATH\\n\\nStack backtrace\",\"target\":\"youki\"}\n"));
    assertEquals(
        List.of("config.json:5:38 /linux/resources/memory/limit"),
        explain(
            error
                + "intermediate process error cgroup error: unable to set memory limit to 1 (current"
                + " usage: 270336, peak usage: 270336)"));
    assertEquals(
        List.of("config.json:5:58 /linux/namespaces/0", "config.json:5:58 /linux/namespaces/0"),
        explain("invalid spec for new user namespace container"));
    assertTrue(
        Failures.ofMachine("error in executing command: container already exists").isPresent());
  }

  /// The texts are runc 1.1.5's and crun 1.8.1's own, as they were seen.
  @Test
  void what_the_machine_causes_has_a_way_out() {
    for (String text :
        List.of(
            "runc run failed: container with given ID already exists",
            "container `x` already exists",
            "cgroups in hybrid mode not supported, drop all controllers from cgroupv2",
            "time=\"x\" level=error msg=\"runc run failed: lstat /run/runc/z: permission denied\"",
            "cannot create state directory for `z`")) {
      assertTrue(Failures.ofMachine(text).orElseThrow().hint() != null, text);
      assertEquals(List.of(), explain(text));
    }
    assertTrue(Failures.ofMachine("exec: \"x\": permission denied").isEmpty());
  }

  @Test
  void holes_are_filled_within_a_line() {
    Template template = Template.of("mount `{}` to `{}`: {}");
    assertEquals(List.of("a", "b", "c d"), template.match("x: mount `a` to `b`: c d\ny"));
    assertNull(template.match("mount `a` to `b\n`: c"));
    assertNull(template.match(""));
    assertEquals(List.of("b"), Template.of("a{}c").match("a\nc abc"));
  }
}
