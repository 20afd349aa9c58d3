package dev.ocicap.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Baseline;
import dev.ocicap.json.JsonText;
import dev.ocicap.spec.RuntimeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Views as values that a script reads, and what differs between filters.
class ViewReportTest {
  private static final String CONFIG =
      """
      {"process": {
         "user": {"uid": 1000, "gid": 5, "additionalGids": [7]}, "noNewPrivileges": true,
         "apparmorProfile": "docker-default",
         "capabilities": {"bounding": ["CAP_KILL", "CAP_X"], "permitted": ["CAP_KILL"],
           "effective": ["CAP_KILL"], "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]}},
       "root": {"path": "rootfs", "readonly": true},
       "mounts": [
         {"destination": "/x", "type": "none", "source": "/a", "options": ["rbind", "rw", "ro"]}],
       "linux": {
         "namespaces": [{"type": "pid"}, {"type": "network", "path": "/run/netns/a"}],
         "devices": [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}],
         "resources": {"devices": [{"allow": false, "access": "rwm"}]},
         "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
         "maskedPaths": ["/proc/kcore"]}}
      """;

  private static RuntimeConfig config(String text) {
    return RuntimeConfig.parse("config.json", text);
  }

  /// What an ambient capability is worth after execve stands in capabilities(7): it is effective.
  @Test
  void a_view_as_json_has_values_and_no_sentences() {
    JsonNode view = ViewReport.json(SecurityView.of("a", config(CONFIG)));
    JsonNode expected =
        JsonText.parse(
                "expected",
                """
                {"name": "a",
                 "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"],
                   "inheritable": ["CAP_KILL"], "permitted": ["CAP_KILL"],
                   "ambient": ["CAP_KILL"]},
                 "unknownNames": ["CAP_X"],
                 "process": {"user": {"uid": 1000, "gid": 5, "additionalGids": [7]},
                   "noNewPrivileges": true, "inForce": ["CAP_KILL"],
                   "apparmorProfile": "docker-default", "selinuxLabel": null},
                 "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
                 "namespaces": [{"type": "pid", "host": false},
                   {"type": "network", "host": false, "path": "/run/netns/a"},
                   {"type": "mount", "host": true}, {"type": "ipc", "host": true},
                   {"type": "uts", "host": true}, {"type": "user", "host": true},
                   {"type": "cgroup", "host": true}, {"type": "time", "host": true}],
                 "mounts": [{"destination": "/x", "type": "none", "source": "/a",
                   "options": ["rbind", "rw", "ro"], "bind": true, "readonly": true}],
                 "devices": [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}],
                 "deviceRules": [{"allow": false, "access": "rwm"}],
                 "readonly": true,
                 "maskedPaths": ["/proc/kcore"],
                 "readonlyPaths": [],
                 "privileged": false,
                 "privilegedBecause": []}
                """)
            .root();
    assertEquals(JsonText.compact(expected), JsonText.compact(view));
  }

  @Test
  void of_an_engine_only_the_capabilities_are_known() {
    JsonNode view = ViewReport.json(SecurityView.of(Baseline.RUNC));
    assertEquals(
        List.of("name", "capabilities", "unknownNames"),
        view.properties().stream().map(property -> property.getKey()).toList());
  }

  private static SecurityView filtered(String rules) {
    return SecurityView.of(
        "a",
        config(
            """
            {"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
              {"names": ["read"], "action": "SCMP_ACT_ALLOW"}, %s]}}}
            """
                .formatted(rules)));
  }

  private static List<SecurityDiff.Change> changes(String before, String after) {
    return SecurityDiff.of(filtered(before), filtered(after), false).changes();
  }

  private static final String CLONE =
      """
      {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [
        {"index": 0, "value": %d, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
      """;

  @Test
  void filters_differ_by_the_conditions_on_arguments() {
    // 0x7e020000, and 0x10000000 (CLONE_NEWUSER) alone
    List<SecurityDiff.Change> changes =
        changes(CLONE.formatted(2114060288), CLONE.formatted(268435456));
    assertEquals(
        List.of(
            new SecurityDiff.Change(
                "system calls allowed",
                List.of("clone when argument 0 & 0x7e020000 is 0x0"),
                List.of("clone when argument 0 & 0x10000000 is 0x0"))),
        changes);
  }

  @Test
  void filters_differ_by_actions_and_error_numbers() {
    List<SecurityDiff.Change> changes =
        changes(
            "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38}",
            "{\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_KILL\"}");
    assertEquals("seccomp", changes.getFirst().area());
    assertEquals(
        new SecurityDiff.Change(
            "other system calls",
            List.of("clone3: SCMP_ACT_ERRNO 38"),
            List.of("clone3: SCMP_ACT_KILL")),
        changes.getLast());
  }

  @Test
  void several_conditions_of_a_rule_hold_together() {
    String rule =
        """
        {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [
          {"index": 0, "value": 40, "op": "SCMP_CMP_NE"},
          {"index": 1, "value": 18446744073709551615, "op": "SCMP_CMP_LT"}]}
        """;
    assertEquals(
        List.of("read", "socket when argument 0 is not 0x28 and argument 1 < 0xffffffffffffffff"),
        FilterView.of(java.util.Objects.requireNonNull(filtered(rule).config())).allowed());
  }

  @Test
  void the_order_of_rules_and_of_names_is_no_difference() {
    String one = "{\"names\": [\"a\", \"b\"], \"action\": \"SCMP_ACT_ALLOW\"}";
    String two =
        "{\"names\": [\"b\"], \"action\": \"SCMP_ACT_ALLOW\"},"
            + " {\"names\": [\"a\"], \"action\": \"SCMP_ACT_ALLOW\"}";
    assertEquals(List.of(), changes(one, two));
  }
}
