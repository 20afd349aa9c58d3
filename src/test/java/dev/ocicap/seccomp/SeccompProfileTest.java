package dev.ocicap.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeccompProfileTest {
  private static final KernelVersion KERNEL = new KernelVersion(6, 18);

  private static Set<String> docker(CapabilitySet bounding, String arch, String kernel) {
    return Filters.words(
        SeccompProfile.dockerDefault().resolve(bounding, arch, KernelVersion.parse(kernel)));
  }

  private static JsonNode resolve(String profile, CapabilitySet bounding) {
    return SeccompProfile.parse(JsonText.parse("profile.json", profile))
        .resolve(bounding, "amd64", KERNEL);
  }

  private static List<String> problems(String profile) {
    OcicapException e =
        assertThrows(
            OcicapException.class,
            () -> SeccompProfile.parse(JsonText.parse("profile.json", profile)));
    List<String> lines = new ArrayList<>();
    for (Problem problem : e.problems()) {
      lines.add(problem.place() + ": " + problem.message());
    }
    return lines;
  }

  @Test
  void every_bounding_set_resolves_to_what_dockerd_wrote_for_it() throws IOException {
    Set<String> usual = Filters.expected("docker-28-default.txt");
    List<List<String>> cases = Filters.lines("docker-28.txt");
    assertEquals(20, cases.size());
    for (List<String> line : cases) {
      Set<String> expected = new TreeSet<>(usual);
      for (String change : line.subList(1, line.size())) {
        String word = change.substring(1);
        assertTrue(change.startsWith("-") ? expected.remove(word) : expected.add(word), change);
      }
      CapabilitySet bounding = CapabilitySet.parseHex(line.getFirst());
      assertEquals(expected, docker(bounding, "amd64", "6.18.44"), line.getFirst());
    }
  }

  @Test
  void the_default_profile_has_dockers_frame() {
    JsonNode filter =
        SeccompProfile.dockerDefault().resolve(CapabilitySet.DOCKER_DEFAULT, "amd64", KERNEL);
    String frame =
        """
        {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,\
        "architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"],"syscalls":[{\
        """;
    assertEquals(frame, JsonText.compact(filter).substring(0, frame.length()));
  }

  @Test
  void a_kernel_before_4_8_keeps_ptrace_for_its_capability() {
    assertTrue(docker(CapabilitySet.NONE, "amd64", "4.8").contains("ptrace"));
    assertFalse(docker(CapabilitySet.NONE, "amd64", "4.7").contains("ptrace"));
    CapabilitySet tracer = CapabilitySet.of(Capability.CAP_SYS_PTRACE);
    assertTrue(docker(tracer, "amd64", "4.7").contains("ptrace"));
  }

  @Test
  void an_architecture_has_its_own_calls_and_relatives() {
    Set<String> arm = docker(CapabilitySet.NONE, "arm64", "6.1");
    assertTrue(arm.containsAll(List.of("arm_fadvise64_64", "cacheflush", "set_tls")));
    assertFalse(arm.contains("arch_prctl"));
    assertEquals(
        "[\"SCMP_ARCH_AARCH64\",\"SCMP_ARCH_ARM\"]",
        JsonText.compact(
            SeccompProfile.dockerDefault()
                .resolve(CapabilitySet.NONE, "arm64", KERNEL)
                .get("architectures")));
    assertEquals(
        "[\"SCMP_ARCH_RISCV64\"]",
        JsonText.compact(
            SeccompProfile.dockerDefault()
                .resolve(CapabilitySet.NONE, "riscv64", KERNEL)
                .get("architectures")));
  }

  @Test
  void the_flags_of_clone_are_its_second_argument_on_s390() {
    String first = "clone[0,MASKED_EQ,2114060288]";
    String second = "clone[1,MASKED_EQ,2114060288]";
    assertTrue(docker(CapabilitySet.NONE, "s390x", "6.1").contains(second));
    assertFalse(docker(CapabilitySet.NONE, "s390x", "6.1").contains(first));
    assertTrue(docker(CapabilitySet.NONE, "arm64", "6.1").contains(first));
    assertFalse(docker(CapabilitySet.NONE, "arm64", "6.1").contains(second));
    CapabilitySet admin = CapabilitySet.of(Capability.CAP_SYS_ADMIN);
    assertTrue(docker(admin, "s390x", "6.1").contains("clone"));
    assertFalse(docker(admin, "s390x", "6.1").contains(second));
  }

  @Test
  void an_architecture_without_relatives_in_the_map_names_none() {
    assertFalse(
        SeccompProfile.dockerDefault()
            .resolve(CapabilitySet.NONE, "ppc64le", KERNEL)
            .has("architectures"));
  }

  @Test
  void a_capability_opens_what_its_rule_allows_and_nothing_that_is_open_anyway() {
    SeccompProfile profile = SeccompProfile.dockerDefault();
    assertEquals(List.of("chroot"), profile.opens(Capability.CAP_SYS_CHROOT, "amd64", KERNEL));
    assertEquals(List.of(), profile.opens(Capability.CAP_KILL, "amd64", KERNEL));
    assertEquals(
        List.of("kcmp", "pidfd_getfd", "process_madvise"),
        profile.opens(Capability.CAP_SYS_PTRACE, "amd64", KERNEL));
    assertEquals(
        List.of(
            "kcmp",
            "pidfd_getfd",
            "process_madvise",
            "process_vm_readv",
            "process_vm_writev",
            "ptrace"),
        profile.opens(Capability.CAP_SYS_PTRACE, "amd64", new KernelVersion(4, 7)));
    List<String> admin = profile.opens(Capability.CAP_SYS_ADMIN, "amd64", KERNEL);
    assertEquals(26, admin.size());
    assertTrue(admin.containsAll(List.of("clone", "clone3", "mount", "unshare", "bpf")));
  }

  @Test
  void a_users_profile_is_resolved_as_dockerd_resolves_it() throws IOException {
    SeccompProfile profile = SeccompProfile.read(Filters.CASES.resolve("user-profile.json"));
    JsonNode filter = profile.resolve(CapabilitySet.DOCKER_DEFAULT, "amd64", KERNEL);
    assertEquals(Filters.expected("user-profile.resolved.txt"), Filters.words(filter));
    assertEquals(
        "[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]",
        JsonText.compact(filter.get("architectures")));
    assertEquals("1", filter.get("defaultErrnoRet").asText());
    assertEquals(List.of(), profile.ignored());

    // dockerd, measured: with SYS_ADMIN mount and umount2 come and bpf goes.
    Set<String> expected = Filters.expected("user-profile.resolved.txt");
    expected.addAll(List.of("mount", "umount2"));
    expected.remove("bpf");
    assertEquals(
        expected,
        Filters.words(
            profile.resolve(
                CapabilitySet.DOCKER_DEFAULT.plus(Capability.CAP_SYS_ADMIN), "amd64", KERNEL)));
  }

  @Test
  void a_profile_without_conditions_stays_as_it_is() {
    String plain =
        """
        {"defaultAction":"SCMP_ACT_ALLOW",\
        "architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"],\
        "flags":["SECCOMP_FILTER_FLAG_LOG"],\
        "listenerPath":"/run/agent.sock",\
        "listenerMetadata":"x",\
        "syscalls":[{"names":["chmod","fchmod","fchmodat"],"action":"SCMP_ACT_ERRNO"},\
        {"names":["uname"],"action":"SCMP_ACT_KILL"},\
        {"names":["personality"],"action":"SCMP_ACT_ERRNO","errnoRet":38,"args":[{"index":0,\
        "value":18446744073709551615,"valueTwo":4294967296,"op":"SCMP_CMP_MASKED_EQ"}]}]}\
        """;
    assertEquals(plain, JsonText.compact(resolve(plain, CapabilitySet.NONE)));
  }

  @Test
  void every_capability_that_a_rule_includes_is_needed_and_any_that_it_excludes_suffices() {
    String profile =
        """
        {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
        {"names":["a"],"action":"SCMP_ACT_ALLOW",
         "includes":{"caps":["CAP_KILL","CAP_CHOWN"]}},
        {"names":["b"],"action":"SCMP_ACT_ALLOW",
         "excludes":{"caps":["CAP_KILL","CAP_CHOWN"]}},
        {"names":["c"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_NEVER"]}},
        {"names":["d"],"action":"SCMP_ACT_ALLOW","excludes":{"minKernel":"6.18"}},
        {"names":["e"],"action":"SCMP_ACT_ALLOW","excludes":{"minKernel":"6.19"}},
        {"names":["f"],"action":"SCMP_ACT_ALLOW","excludes":{"arches":["arm64","amd64"]}}]}\
        """;
    CapabilitySet kill = CapabilitySet.of(Capability.CAP_KILL);
    assertEquals(Set.of("b", "e"), Filters.words(resolve(profile, CapabilitySet.NONE)));
    assertEquals(Set.of("e"), Filters.words(resolve(profile, kill)));
    assertEquals(
        Set.of("a", "e"), Filters.words(resolve(profile, kill.plus(Capability.CAP_CHOWN))));
  }

  @Test
  void what_is_ignored_is_told() {
    SeccompProfile profile =
        SeccompProfile.parse(
            JsonText.parse(
                "profile.json",
                """
                {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[
                {"names":["a"],"action":"SCMP_ACT_ALLOW","include":{"caps":["CAP_KILL"]}},
                {"names":["b"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["kill"]}},
                {"names":[],"action":"SCMP_ACT_ALLOW"}]}
                """));
    List<String> told = new ArrayList<>();
    for (Problem problem : profile.ignored()) {
      told.add(problem.place() + ": " + problem.message() + " | " + problem.hint());
    }
    assertEquals(
        List.of(
            "profile.json:2:42: the key 'include' has no meaning here and is ignored"
                + " | write 'includes'",
            "profile.json:3:62: 'kill' is no capability, so no container has it"
                + " | write 'CAP_KILL'",
            "profile.json:4:1: a rule without names of system calls has no effect | null"),
        told);
  }

  @Test
  void everything_that_is_wrong_is_told_with_its_place() {
    List<String> told = new ArrayList<>();
    for (String problem :
        problems(
            """
            {"architectures": ["SCMP_ARCH_X86"],
             "archMap": [{"architecture":"SCMP_ARCH_X86_64"}],
             "flags": [7],
             "syscalls": [
              {"names":["a"],"action":"SCMP_ACT_NOPE"},
              {"names":["a"],"name":"b","action":"SCMP_ACT_LOG"},
              {"names":["a"],"action":"SCMP_ACT_ERRNO","errnoRet":4096},
              {"names":["a"],"action":"SCMP_ACT_LOG","args":[{"index":6,"op":"EQ"}]},
              "read",
              {"names":["a"],"action":"SCMP_ACT_LOG","includes":{"minKernel":"4"}},
              {"names":"a","action":"SCMP_ACT_LOG"}
             ]}
            """)) {
      int end = problem.indexOf(": write one of");
      int list = problem.indexOf(" SCMP_");
      told.add(
          problem.substring(
              "profile.json:".length(), end > 0 ? end : list > 0 ? list : problem.length()));
    }
    assertEquals(
        List.of(
            "2:13: a profile has 'archMap' or 'architectures', not both",
            "1:1: no defaultAction",
            "3:12: an element of flags is not a string",
            "5:27: action 'SCMP_ACT_NOPE' is none of",
            "6:25: a rule has 'names' or the old 'name', not both",
            "7:55: errnoRet is not an integer from 0 to 4095",
            "8:59: index is not an integer from 0 to 5",
            "8:66: op 'EQ' is none of",
            "9:3: not an object",
            "10:66: minKernel '4' is not two numbers with a dot, such as '4.8'",
            "11:12: names is not an array"),
        told);
  }

  @Test
  void what_dockerd_or_runc_refuses_is_refused() {
    assertEquals(
        List.of("profile.json:1:2: '{' instead of a key in double quotes"), problems("{{not json"));
    assertTrue(problems("{\"defaultAction\":\"SCMP_ACT_NOPE\"}").getFirst().contains("NOPE"));
    assertTrue(problems("{}").getFirst().contains("no defaultAction"));
    assertTrue(problems("[]").getFirst().contains("JSON object"));
  }

  @Test
  void only_regular_files_of_a_sensible_size_are_read() {
    for (String file : List.of("/dev/zero", "/proc/self/status", "/nonexistent", "/tmp")) {
      assertThrows(OcicapException.class, () -> SeccompProfile.read(Path.of(file)), file);
    }
  }
}
