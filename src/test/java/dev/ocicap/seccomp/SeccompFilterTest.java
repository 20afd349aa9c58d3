package dev.ocicap.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ProcessCapabilities;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.FilterEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Problem;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeccompFilterTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);

  private static SpecEdit grant(CapabilitySet set) {
    return CapabilityEdits.replace(ProcessCapabilities.forRoot(set));
  }

  private static RuntimeConfig docker(SeccompProfile profile) {
    return DefaultConfig.runc(true)
        .edit(
            grant(CapabilitySet.DOCKER_DEFAULT)
                .then(SeccompEdits.replace(profile, "amd64", KERNEL)));
  }

  private static Set<String> filter(RuntimeConfig config) {
    return Filters.words(config.find("linux", "seccomp").orElseThrow());
  }

  private static String annotation(RuntimeConfig config) {
    return config.find("annotations", "dev.ocicap.seccomp").map(JsonNode::asText).orElse("");
  }

  private static RuntimeConfig follow(RuntimeConfig before, SpecEdit edits) {
    return before.edit(edits.then(SeccompFilter.of(before).follow()));
  }

  private static String warning(RuntimeConfig before, RuntimeConfig after) {
    return SeccompFilter.of(before).warning(after).map(Problem::message).orElse("");
  }

  @Test
  void the_filter_follows_what_is_added_and_dropped() {
    RuntimeConfig before = docker(SeccompProfile.dockerDefault());
    assertEquals("docker-28 arch=amd64 kernel=6.18", annotation(before));
    assertTrue(filter(before).contains("chroot"));
    assertFalse(filter(before).contains("mount"));

    CapabilitySet changed =
        CapabilitySet.DOCKER_DEFAULT
            .minus(CapabilitySet.of(Capability.CAP_SYS_CHROOT))
            .plus(Capability.CAP_SYS_ADMIN);
    RuntimeConfig after = follow(before, grant(changed));
    assertFalse(filter(after).contains("chroot"));
    assertTrue(filter(after).contains("mount"));
    assertTrue(filter(after).contains("clone3"));
    assertEquals("", warning(before, after));

    RuntimeConfig back = follow(after, grant(CapabilitySet.DOCKER_DEFAULT));
    assertEquals(before.text(), back.text());
  }

  /// From docker's own default profile (moby, profiles/seccomp/default.json): syslog stands in the
  /// list of SYS_ADMIN and in that of SYSLOG; clone is allowed without namespaces' flags only.
  @Test
  void a_call_is_refused_until_one_of_its_capabilities_is_there() {
    SeccompFilter filter = SeccompFilter.of(docker(SeccompProfile.dockerDefault()));
    FilterDecisions decisions = FilterDecisions.of(docker(SeccompProfile.dockerDefault()));
    assertEquals(FilterDecisions.Decision.PASSES, decisions.about("chown"));
    assertEquals(FilterDecisions.Decision.REFUSES, decisions.about("mount"));
    assertEquals(FilterDecisions.Decision.DEPENDS, decisions.about("clone"));
    assertEquals(FilterDecisions.Decision.REFUSES, decisions.about("no_such_call"));
    assertFalse(decisions.endProcesses());
    assertEquals(CapabilitySet.of(Capability.CAP_SYS_ADMIN), filter.opening("mount"));
    assertEquals(
        CapabilitySet.of(Capability.CAP_SYSLOG, Capability.CAP_SYS_ADMIN),
        filter.opening("syslog"));
    assertEquals(CapabilitySet.NONE, filter.opening("no_such_call"));
  }

  @Test
  void without_a_filter_nothing_is_refused_and_a_foreign_one_opens_nothing() {
    assertEquals(
        FilterDecisions.Decision.PASSES,
        FilterDecisions.of(DefaultConfig.runc(true)).about("mount"));
    RuntimeConfig config =
        RuntimeConfig.parse(
            "test",
            """
            {"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"},
              {"names": ["kill"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}
            ]}}}
            """);
    FilterDecisions foreign = FilterDecisions.of(config);
    assertEquals(FilterDecisions.Decision.REFUSES, foreign.about("mkdir"));
    assertEquals(FilterDecisions.Decision.DEPENDS, foreign.about("kill"));
    assertEquals(FilterDecisions.Decision.PASSES, foreign.about("mount"));
    assertEquals(CapabilitySet.NONE, SeccompFilter.of(config).opening("mkdir"));
  }

  /// The actions that end a process or its thread are those of seccomp(2); the others let it go on.
  @Test
  void what_ends_a_process_can_be_made_to_fail_instead() {
    for (String action :
        List.of(
            "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP")) {
      RuntimeConfig config =
          RuntimeConfig.parse(
              "test",
              """
              {"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                {"names": ["mkdir"], "action": "%s"},
                {"names": ["rmdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}
              ]}}}
              """
                  .formatted(action));
      assertTrue(FilterDecisions.of(config).endProcesses(), action);
      RuntimeConfig mild = config.edit(FilterDecisions.failInsteadOfEnding(1000));
      assertFalse(FilterDecisions.of(mild).endProcesses(), action);
      assertEquals(FilterDecisions.Decision.REFUSES, FilterDecisions.of(mild).about("mkdir"));
      assertEquals(
          "[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1000},"
              + "{\"names\":[\"rmdir\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":5}]",
          mild.find("linux", "seccomp", "syscalls").orElseThrow().toString());
    }
  }

  @Test
  void following_twice_is_following_once() {
    RuntimeConfig before = docker(SeccompProfile.dockerDefault());
    SpecEdit edit = grant(CapabilitySet.NONE).then(SeccompFilter.of(before).follow());
    RuntimeConfig once = before.edit(edit);
    assertSame(once, once.edit(edit));
  }

  @Test
  void an_edit_of_something_else_leaves_the_filter_alone() {
    RuntimeConfig before = docker(SeccompProfile.dockerDefault());
    RuntimeConfig after = follow(before, ProcessEdits.env("A", "b"));
    assertEquals(before.find("linux"), after.find("linux"));
    assertEquals("", warning(before, after));
  }

  @Test
  void a_filter_without_the_annotation_stays_and_a_warning_says_so() {
    RuntimeConfig before =
        docker(SeccompProfile.dockerDefault())
            .edit(draft -> draft.remove("annotations", "dev.ocicap.seccomp"));
    RuntimeConfig after = follow(before, grant(CapabilitySet.NONE));
    assertEquals(before.find("linux"), after.find("linux"));
    assertEquals(
        "linux.seccomp stays as it is and does not follow the capabilities:"
            + " the annotation dev.ocicap.seccomp does not say what it was made from",
        warning(before, after));
  }

  @Test
  void a_filter_that_was_changed_by_hand_stays_and_a_warning_says_so() {
    RuntimeConfig before =
        docker(SeccompProfile.dockerDefault())
            .edit(draft ->
                draft.set(JsonValues.string("SCMP_ACT_LOG"), "linux", "seccomp", "defaultAction"));
    RuntimeConfig after = follow(before, grant(CapabilitySet.NONE));
    assertEquals(before.find("linux"), after.find("linux"));
    assertTrue(
        warning(before, after).endsWith("it was changed after it was made from its profile"));
  }

  @Test
  void a_filter_that_the_same_edit_replaces_is_not_followed() {
    RuntimeConfig before = docker(SeccompProfile.dockerDefault());
    RuntimeConfig removed = follow(before, grant(CapabilitySet.NONE).then(SeccompEdits.remove()));
    assertEquals(Optional.empty(), removed.find("linux", "seccomp"));
    assertEquals(Optional.empty(), removed.find("annotations"));
    assertEquals("", warning(before, removed));
  }

  @Test
  void annotations_that_ocicap_does_not_write_are_not_trusted() {
    for (String text :
        new String[] {
          "",
          "docker-28",
          "docker-99 arch=amd64 kernel=6.18",
          "docker-28 arch=amd64 kernel=x",
          "docker-28 arch=amd64 kernel=6.18 file=/etc/passwd",
          "sha256:00 arch=amd64 kernel=6.18",
          "sha256:00 arch=amd64 kernel=6.18 file=relative.json",
          "sha256:00 arch=amd64 kernel=6.18 file=/nonexistent/profile.json",
          "sha256:00 arch=amd64 kernel=6.18 file=/dev/zero",
        }) {
      RuntimeConfig before =
          docker(SeccompProfile.dockerDefault())
              .edit(draft ->
                  draft.set(JsonValues.string(text), "annotations", SeccompEdits.ANNOTATION));
      RuntimeConfig after = follow(before, grant(CapabilitySet.NONE));
      assertEquals(before.find("linux"), after.find("linux"), text);
      assertFalse(warning(before, after).isEmpty(), text);
    }
  }

  @Test
  void a_users_profile_is_remembered_by_its_file_and_digest(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("my profile.json");
    String profile =
        """
        {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
        {"names":["kill"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_KILL"]}}]}
        """;
    Files.writeString(file, profile);
    RuntimeConfig before = docker(SeccompProfile.read(file));
    assertTrue(annotation(before).startsWith("sha256:"));
    assertTrue(annotation(before).endsWith(" arch=amd64 kernel=6.18 file=" + file));
    assertEquals(Set.of("kill"), filter(before));

    RuntimeConfig after = follow(before, grant(CapabilitySet.NONE));
    assertEquals(Set.of(), filter(after));

    Files.writeString(file, profile + "\n");
    RuntimeConfig changed = follow(before, grant(CapabilitySet.NONE));
    assertEquals(Set.of("kill"), filter(changed));
    assertTrue(warning(before, changed).endsWith("' was changed since"));

    Files.delete(file);
    RuntimeConfig gone = follow(before, grant(CapabilitySet.NONE));
    assertEquals(Set.of("kill"), filter(gone));
    assertTrue(warning(before, gone).endsWith("no such file or directory"));
  }

  /// The long lists of a profile are shared by the filters made from it.
  @Test
  void a_filter_that_is_changed_leaves_the_others_of_its_profile_alone() {
    SpecEdit made = SeccompEdits.replace(SeccompProfile.dockerDefault(), "amd64", KERNEL);
    RuntimeConfig before = DefaultConfig.runc(true).edit(made);
    String text = before.text();
    RuntimeConfig changed =
        DefaultConfig.runc(true)
            .edit(
                made.then(FilterEdits.decide("SCMP_ACT_ALLOW", "reboot", null))
                    .then(FilterEdits.forget("accept")));
    assertTrue(filter(changed).containsAll(Set.of("reboot", "accept4")));
    assertFalse(filter(changed).contains("accept"));
    assertEquals(text, DefaultConfig.runc(true).edit(made).text());
    assertEquals(text, before.text());
  }

  @Test
  void a_profile_that_is_in_no_file_is_not_remembered() {
    RuntimeConfig config =
        docker(SeccompProfile.dockerDefault())
            .edit(
                SeccompEdits.replace(
                    SeccompProfile.parse(
                        JsonText.parse("-", "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}")),
                    "amd64",
                    KERNEL));
    assertEquals("", annotation(config));
    assertEquals(
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\"}",
        JsonText.compact(config.find("linux", "seccomp").orElseThrow()));
  }
}
