package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `oci-runtime-tool generate` does wrong, and its flags do right here. The numbers are those
/// of the list of its defects, each of which was seen in a build of it.
class RuntimeToolBugsTest {
  private static final String SETS = "/process/capabilities/";

  @TempDir Path directory;

  private InProcess.Outcome run(String... args) {
    return InProcess.PLAIN.in(directory).run("", args);
  }

  private JsonNode generate(String... options) {
    List<String> words = new ArrayList<>(List.of("generate"));
    words.addAll(List.of(options));
    InProcess.Outcome outcome = run(words.toArray(new String[0]));
    assertEquals(0, outcome.status(), outcome.err());
    return JsonText.parse("generated", outcome.out()).root();
  }

  private String template(String json) throws IOException {
    Files.writeString(directory.resolve("template.json"), json);
    return "template.json";
  }

  private static String at(JsonNode root, String pointer) {
    JsonNode found = root.at(pointer);
    return found.isMissingNode() ? "absent" : JsonText.compact(found);
  }

  private static boolean allows(JsonNode root, String syscall) {
    for (JsonNode rule : root.at("/linux/seccomp/syscalls")) {
      for (JsonNode name : rule.path("names")) {
        if (name.asText().equals(syscall)
            && rule.path("action").asText().equals("SCMP_ACT_ALLOW")
            && rule.path("args").isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void bug_1_a_variable_is_set_once() {
    JsonNode env = generate("--env", "PATH=/x").at("/process/env");
    assertEquals("[\"PATH=/x\",\"TERM=xterm\"]", JsonText.compact(env));
  }

  @Test
  void bug_2_a_template_keeps_its_root_and_its_directory() throws IOException {
    String file = template("{\"root\": {\"path\": \"img\"}, \"process\": {\"cwd\": \"/srv\"}}");
    JsonNode made = generate("--template", file);
    assertEquals("\"img\"", at(made, "/root/path"));
    assertEquals("\"/srv\"", at(made, "/process/cwd"));
    JsonNode windows = generate("--os", "windows");
    assertEquals("absent", at(windows, "/root"));
    assertEquals("\"C:\\\\\"", at(windows, "/process/cwd"));
    assertEquals(1, windows.at("/windows/layerFolders").size());
  }

  @Test
  void bug_3_limits_take_units_and_unlimited_and_types_their_prefix() {
    assertEquals("-1", at(generate("--linux-mem-swap", "-1"), "/linux/resources/memory/swap"));
    assertEquals(
        "536870912", at(generate("--linux-mem-limit", "512m"), "/linux/resources/memory/limit"));
    assertEquals(
        "-1", at(generate("--linux-mem-limit", "unlimited"), "/linux/resources/memory/limit"));
    assertEquals("-1", at(generate("--linux-cpu-quota", "-1"), "/linux/resources/cpu/quota"));
    JsonNode rlimits = generate("--process-rlimits-add", "core:unlimited:-1");
    assertEquals(
        "{\"type\":\"RLIMIT_CORE\",\"hard\":18446744073709551615,\"soft\":18446744073709551615}",
        at(rlimits, "/process/rlimits/1"));
  }

  @Test
  void bug_4_flags_with_lists_may_be_repeated() {
    JsonNode made =
        generate("--process-cap-add", "CAP_SETUID", "--process-cap-add", "CAP_SETGID,CAP_CHOWN");
    String bounding = at(made, SETS + "bounding");
    assertTrue(bounding.contains("CAP_SETUID") && bounding.contains("CAP_SETGID"), bounding);
    assertTrue(bounding.contains("CAP_CHOWN"), bounding);
  }

  @Test
  void bug_5_capabilities_need_no_prefix() {
    for (String name : List.of("setuid", "SETUID", "cap_setuid", "CAP_SETUID")) {
      assertEquals(
          "[\"CAP_SETUID\"]", at(generate("--process-cap-add", name), SETS + "ambient"), name);
    }
  }

  @Test
  void bug_6_the_filter_follows_the_capabilities() {
    assertFalse(allows(generate("--from", "docker"), "mount"));
    assertTrue(allows(generate("--from", "docker", "--process-cap-add", "CAP_SYS_ADMIN"), "mount"));
    assertTrue(allows(generate("--from", "docker", "--process-cap-add", "CAP_SYS_ADMIN"), "setns"));
    assertTrue(allows(generate("--from", "docker"), "chroot"));
    assertFalse(
        allows(generate("--from", "docker", "--process-cap-drop", "CAP_SYS_CHROOT"), "chroot"));
  }

  @Test
  void bug_7_false_removes_nothing() throws IOException {
    String hooks = "{\"path\": \"/a\"}";
    String file =
        template(
            "{\"mounts\": [{\"destination\": \"/a\"}], \"hooks\": {\"prestart\": [%s],"
                    .formatted(hooks)
                + " \"poststart\": [%s], \"poststop\": [%s]}}".formatted(hooks, hooks));
    JsonNode made =
        generate(
            "--template",
            file,
            "--mounts-remove-all=false",
            "--hooks-prestart-remove-all=false",
            "--hooks-poststart-remove-all=false",
            "--hooks-poststop-remove-all=false");
    assertEquals("/a", made.at("/mounts/0/destination").asText());
    for (String kind : List.of("prestart", "poststart", "poststop")) {
      assertEquals(1, made.at("/hooks/" + kind).size(), kind);
    }
  }

  @Test
  void bug_8_id_maps_come_in_pairs_and_go_with_their_namespace() {
    JsonNode mapped = generate("--linux-uidmappings", "100000:0:65536");
    assertEquals(at(mapped, "/linux/uidMappings"), at(mapped, "/linux/gidMappings"));
    JsonNode none =
        generate("--linux-namespace-remove-all", "--linux-uidmappings", "100000:0:65536");
    boolean user = at(none, "/linux/namespaces").contains("\"user\"");
    assertEquals(user, !none.at("/linux/uidMappings").isEmpty(), "maps need their namespace");
  }

  @Test
  void bug_9_no_filter_for_windows_is_an_error_and_no_crash() {
    InProcess.Outcome outcome = run("generate", "--linux-seccomp-only", "--os", "windows");
    assertEquals(2, outcome.status());
    assertTrue(outcome.err().contains("there is no filter of system calls"), outcome.err());
  }

  @Test
  void bugs_10_and_11_a_name_that_stands_twice_goes_twice_and_the_others_keep_their_order()
      throws IOException {
    String file =
        template(
            "{\"process\": {\"capabilities\": {\"bounding\": [\"CAP_SETUID\", \"CAP_KILL\","
                + " \"CAP_CHOWN\", \"CAP_KILL\", \"CAP_AUDIT_WRITE\"]}}}");
    assertEquals(
        "[\"CAP_SETUID\",\"CAP_CHOWN\",\"CAP_AUDIT_WRITE\"]",
        at(generate("--template", file, "--process-cap-drop", "CAP_KILL"), SETS + "bounding"));
  }

  @Test
  void bug_12_modes_of_devices_are_octal() {
    for (String mode : List.of("666", "0666", "0o666")) {
      assertEquals(
          "438", // 0666
          at(
              generate("--linux-device-add", "c:1:3:/dev/x:fileMode=" + mode),
              "/linux/devices/0/fileMode"),
          mode);
    }
    // 438 is no octal number: what the manual of oci-runtime-tool asks for.
    assertEquals(
        "438",
        at(
            generate("--linux-device-add", "c:1:3:/dev/x:fileMode=438"),
            "/linux/devices/0/fileMode"));
  }

  @Test
  void bug_13_privileged_allows_devices_and_sys() {
    JsonNode made = generate("--privileged");
    JsonNode rules = made.at("/linux/resources/devices");
    assertEquals(
        "{\"allow\":true,\"access\":\"rwm\"}", JsonText.compact(rules.get(rules.size() - 1)));
    for (JsonNode mount : made.path("mounts")) {
      if (mount.path("destination").asText().startsWith("/sys")) {
        assertFalse(JsonText.compact(mount).contains("\"ro\""), mount.toString());
      }
    }
  }

  @Test
  void bug_14_the_default_action_and_single_calls_leave_nothing_behind() throws IOException {
    String file =
        template(
            "{\"linux\": {\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": ["
                + "{\"names\": [\"a\"], \"action\": \"SCMP_ACT_ALLOW\"},"
                + "{\"names\": [\"b\"], \"action\": \"SCMP_ACT_ALLOW\"},"
                + "{\"names\": [\"chmod\", \"c\"], \"action\": \"SCMP_ACT_ALLOW\"}]}}}");
    String rules = "/linux/seccomp/syscalls";
    assertEquals("[]", at(generate("--template", file, "--linux-seccomp-default", "allow"), rules));
    JsonNode removed = generate("--template", file, "--linux-seccomp-remove", "chmod");
    assertEquals("[\"c\"]", at(removed, rules + "/2/names"));
    JsonNode killed = generate("--template", file, "--linux-seccomp-kill", "chmod");
    assertEquals("[\"c\"]", at(killed, rules + "/2/names"));
    assertEquals("[\"chmod\"]", at(killed, rules + "/3/names"));
    assertEquals("\"SCMP_ACT_KILL\"", at(killed, rules + "/3/action"));
  }

  @Test
  void bug_15_the_filter_knows_what_libraries_call_today() {
    JsonNode made = generate("--from", "docker");
    for (String syscall :
        List.of(
            "faccessat2",
            "openat2",
            "rseq",
            "pidfd_open",
            "close_range",
            "epoll_pwait2",
            "futex_waitv",
            "fchmodat2",
            "membarrier",
            "pkey_alloc")) {
      assertTrue(allows(made, syscall), syscall);
    }
    // clone3 answers ENOSYS (38), upon which libraries use clone.
    assertTrue(at(made, "/linux/seccomp/syscalls").contains("\"clone3\""));
  }

  @Test
  void bug_16_hooks_without_time_are_refused_and_all_six_kinds_can_be_set() {
    InProcess.Outcome outcome =
        run("generate", "--hooks-prestart-add", "{\"path\": \"/a\", \"timeout\": 0}");
    assertEquals(2, outcome.status());
    for (String kind : List.of("createRuntime", "createContainer", "startContainer")) {
      assertEquals("[{\"path\":\"/a\"}]", at(generate("--hook", kind + "=/a"), "/hooks/" + kind));
    }
  }

  @Test
  void bug_17_values_of_sysctls_may_hold_an_equals_sign() {
    assertEquals(
        "\"a=b\"",
        at(generate("--linux-sysctl", "kernel.domainname=a=b"), "/linux/sysctl/kernel.domainname"));
  }

  @Test
  void bugs_18_and_19_a_file_is_edited_in_place_and_keeps_what_nobody_knows() throws IOException {
    String file = template("{ \"x\": {\"y\": 1e0},\n \"hostname\": \"a\" }");
    assertEquals(0, run("edit", file, "--hostname", "b").status());
    assertEquals(
        "{ \"x\": {\"y\": 1e0},\n \"hostname\": \"b\" }",
        Files.readString(directory.resolve(file)));
    InProcess.Outcome both =
        run("generate", "--template", file, "--output", file, "--hostname", "c");
    assertEquals(0, both.status(), both.err());
    assertTrue(Files.readString(directory.resolve(file)).contains("\"x\": {\"y\": 1e0}"));
  }
}
