package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Layer;
import dev.ocicap.seccomp.KernelVersion;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine made of values, and a bundle in a temporary directory.
class HostCheckTest {
  @TempDir Path bundle;

  private HostFacts host;

  @BeforeEach
  void make_a_bundle_and_a_host() throws IOException {
    program("usr/bin/true", true);
    Files.createSymbolicLink(bundle.resolve("rootfs/bin"), Path.of("/usr/bin"));
    host =
        new HostFacts(
            1000,
            CapabilitySet.of(Capability.CAP_KILL),
            CapabilitySet.of(Capability.CAP_KILL),
            Set.of("mount", "pid", "user"),
            Set.of("proc", "tmpfs"),
            Set.of("apparmor"),
            Set.of("docker-default"),
            true,
            Set.of("hugetlb", "memory", "pids"),
            Map.of("RLIMIT_NOFILE", BigInteger.valueOf(1024)),
            Set.of("eth0"),
            Set.of("2MB"),
            List.of(new HostFacts.IdRange(100_000, 65_536)),
            List.of(new HostFacts.IdRange(100_000, 65_536)),
            new KernelVersion(5, 10),
            false,
            Set.of(0, 1),
            Set.of(0),
            Set.of("info", "gold"));
  }

  private void program(String path, boolean executable) throws IOException {
    Path file = bundle.resolve("rootfs").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!x\n");
    file.toFile().setExecutable(executable, false);
  }

  /// `code pointer` of everything that the host has against a document with these members.
  private List<String> check(String members) throws IOException {
    String text = "{\"ociVersion\": \"1.3.0\", \"root\": {\"path\": \"rootfs\"}, " + members + "}";
    Path file = bundle.resolve("config.json");
    Files.writeString(file, text);
    List<String> found = new ArrayList<>();
    for (Finding finding :
        Validator.standard()
            .with(new HostCheck(host, Path.of("")))
            .validate(file.toString(), text.getBytes(StandardCharsets.UTF_8))) {
      // The caller is not root, so the lack of a user namespace is found in every other document.
      if (finding.layer() == Layer.HOST
          && !finding.message().startsWith("there is no user namespace")) {
        found.add(finding.code() + " " + finding.pointer());
      }
    }
    return found;
  }

  private static String process(String members) {
    return "\"process\": {\"cwd\": \"/\", \"env\": [\"PATH=/sbin:/bin\"], " + members + "}";
  }

  private static String args(String... args) {
    return process("\"args\": [\"" + String.join("\", \"", args) + "\"]");
  }

  private static String linux(String members) {
    return args("true") + ", \"linux\": {" + members + "}";
  }

  @Test
  void a_program_is_found_along_the_path_through_links_that_stay_inside() throws IOException {
    assertEquals(List.of(), check(args("true")));
    assertEquals(List.of(), check(args("/bin/true")));
    assertEquals(List.of("host-program /process/args/0"), check(args("false")));
    assertEquals(List.of("host-program /process/args/0"), check(args("/usr/bin/sh")));
  }

  @Test
  void a_link_to_the_hosts_own_programs_is_not_followed_out() throws IOException {
    Files.createSymbolicLink(
        bundle.resolve("rootfs/up"), Path.of("../../../../../../../../../../../usr/bin"));
    assertEquals(List.of(), check(args("/up/true")));
    assertEquals(List.of("host-program /process/args/0"), check(args("/up/env")));
  }

  @Test
  void a_loop_of_links_ends() throws IOException {
    Files.createSymbolicLink(bundle.resolve("rootfs/loop"), Path.of("loop"));
    assertEquals(List.of("host-program /process/args/0"), check(args("/loop/true")));
  }

  @Test
  void what_is_below_a_mount_is_not_judged() throws IOException {
    String mount =
        ", \"mounts\": [{\"destination\": \"/opt\", \"type\": \"tmpfs\", \"source\": \"x\"}]";
    assertEquals(List.of(), check(args("/opt/tool") + mount));
  }

  /// crun runs WebAssembly by itself.
  @Test
  void a_program_for_a_handler_of_cruns_need_not_be_one_of_the_kernels() throws IOException {
    Path file = bundle.resolve("rootfs/x.wasm");
    Files.writeString(file, "\0asm");
    assertTrue(file.toFile().setExecutable(true, false));
    assertEquals(List.of("host-program /process/args/0"), check(args("/x.wasm")));
    for (String key : List.of("run.oci.handler", "module.wasm.image/variant")) {
      String annotation = ", \"annotations\": {\"" + key + "\": \"x\"}";
      assertEquals(List.of(), check(args("/x.wasm") + annotation));
    }
  }

  @Test
  void a_program_must_be_executable() throws IOException {
    program("usr/bin/data", false);
    assertEquals(List.of("host-program /process/args/0"), check(args("data")));
  }

  @Test
  void the_root_file_system_must_be_a_real_directory() throws IOException {
    Files.move(bundle.resolve("rootfs"), bundle.resolve("other"));
    assertEquals(List.of("host-rootfs /root/path"), check(args("true")));
    Files.createSymbolicLink(bundle.resolve("rootfs"), Path.of("other"));
    assertEquals(List.of("host-rootfs /root/path"), check(args("true")));
  }

  @Test
  void a_user_should_be_in_the_passwd_of_the_root_file_system() throws IOException {
    Files.createDirectories(bundle.resolve("rootfs/etc"));
    Files.writeString(bundle.resolve("rootfs/etc/passwd"), "me:x:7:7::/:/bin/sh\n");
    String user = "\"args\": [\"true\"], \"user\": {\"gid\": 0, \"uid\": ";
    assertEquals(List.of(), check(process(user + "7}")));
    assertEquals(List.of("host-user /process/user/uid"), check(process(user + "8}")));
  }

  @Test
  void a_capability_that_the_caller_lacks_cannot_be_handed_on() throws IOException {
    String sets =
        "\"args\": [\"true\"], \"capabilities\": {\"permitted\": [\"CAP_KILL\", \"CAP_CHOWN\"],"
            + " \"bounding\": [\"CAP_KILL\", \"CAP_CHOWN\"]}";
    assertEquals(
        List.of(
            "host-capability /process/capabilities/permitted/1",
            "host-capability /process/capabilities/bounding/1"),
        check(process(sets)));
    assertEquals(
        List.of(), check(process(sets) + ", \"linux\": {\"namespaces\": [{\"type\": \"user\"}]}"));
  }

  @Test
  void a_hard_limit_above_the_callers_needs_a_capability() throws IOException {
    String limit =
        "\"args\": [\"true\"], \"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"soft\": 1, \"hard\": ";
    assertEquals(List.of(), check(process(limit + "1024}]")));
    assertEquals(List.of("host-rlimit /process/rlimits/0/hard"), check(process(limit + "1025}]")));
  }

  @Test
  void a_resource_needs_its_controller() throws IOException {
    assertEquals(
        List.of("host-cgroup /linux/resources/cpu"),
        check(linux("\"resources\": {\"memory\": {\"limit\": 1}, \"cpu\": {\"shares\": 5}}")));
  }

  @Test
  void a_namespace_must_be_one_of_the_kernels_and_exist() throws IOException {
    assertEquals(
        List.of(
            "host-namespace /linux/namespaces/0/type", "host-namespace /linux/namespaces/1/path"),
        check(
            linux(
                "\"namespaces\": [{\"type\": \"time\"}, {\"type\": \"pid\", \"path\":"
                    + " \"/not/there\"}]")));
  }

  @Test
  void a_profile_must_be_loaded_and_a_label_needs_its_module() throws IOException {
    assertEquals(
        List.of("host-security-module /process/apparmorProfile"),
        check(process("\"args\": [\"true\"], \"apparmorProfile\": \"mine\"")));
    assertEquals(
        List.of(), check(process("\"args\": [\"true\"], \"apparmorProfile\": \"docker-default\"")));
    assertEquals(
        List.of("host-security-module /process/selinuxLabel"),
        check(process("\"args\": [\"true\"], \"selinuxLabel\": \"a:b:c\"")));
  }

  @Test
  void the_source_of_a_bind_mount_starts_from_the_bundle() throws IOException {
    String mount =
        ", \"mounts\": [{\"destination\": \"/data\", \"options\": [\"rbind\"], \"source\": \"";
    assertEquals(List.of(), check(args("true") + mount + "rootfs\"}]"));
    assertEquals(
        List.of("host-mount-source /mounts/0/source"), check(args("true") + mount + "gone\"}]"));
  }

  @Test
  void a_file_system_must_be_one_of_the_kernels() throws IOException {
    assertEquals(
        List.of("host-filesystem /mounts/0/type"),
        check(args("true") + ", \"mounts\": [{\"destination\": \"/d\", \"type\": \"zfs\"}]"));
  }

  @Test
  void a_caller_who_is_not_root_maps_his_own_ranges_only() throws IOException {
    String maps =
        "\"namespaces\": [{\"type\": \"user\"}], \"gidMappings\": [{\"containerID\": 0, \"hostID\":"
            + " 1000, \"size\": 1}], \"uidMappings\": [{\"containerID\": 0, \"hostID\": 100000,"
            + " \"size\": ";
    assertEquals(List.of(), check(linux(maps + "65536}]")));
    assertEquals(List.of("host-mapping /linux/uidMappings/0"), check(linux(maps + "65537}]")));
  }

  @Test
  void hooks_devices_and_huge_pages_must_be_there() throws IOException {
    assertEquals(
        List.of("host-hook /hooks/poststop/0/path"),
        check(args("true") + ", \"hooks\": {\"poststop\": [{\"path\": \"/not/there\"}]}"));
    assertEquals(
        List.of("host-rootless /linux/netDevices", "host-net-device /linux/netDevices/eth7"),
        check(linux("\"netDevices\": {\"eth0\": {}, \"eth7\": {}}")));
    assertEquals(
        List.of("host-huge-page /linux/resources/hugepageLimits/1/pageSize"),
        check(
            linux(
                "\"resources\": {\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 1},"
                    + " {\"pageSize\": \"1GB\", \"limit\": 1}]}")));
  }

  @Test
  void a_link_anywhere_in_the_path_of_the_root_is_one_too_many() throws IOException {
    Files.createDirectories(bundle.resolve("real/fs/bin"));
    Files.createSymbolicLink(bundle.resolve("link"), Path.of("real"));
    String text =
        "{\"root\": {\"path\": \"link/fs\"}, \"process\": {\"cwd\": \"/\", \"args\": [\"/x\"]}}";
    Set<String> codes = new TreeSet<>();
    for (Finding finding :
        Validator.standard()
            .with(new HostCheck(host, bundle))
            .validate("config.json", text.getBytes(StandardCharsets.UTF_8))) {
      codes.add(finding.code());
    }
    assertTrue(codes.contains("host-rootfs"), codes.toString());
  }

  @Test
  void who_is_not_root_needs_a_user_namespace_and_moves_no_devices() throws IOException {
    Set<String> messages = new TreeSet<>();
    String text = "{\"linux\": {\"namespaces\": [], \"netDevices\": {\"eth0\": {}}}}";
    for (Finding finding :
        Validator.standard()
            .with(new HostCheck(host, bundle))
            .validate("config.json", text.getBytes(StandardCharsets.UTF_8))) {
      if (finding.code().equals("host-rootless")) {
        messages.add(finding.pointer());
      }
    }
    assertEquals(Set.of("/linux/namespaces", "/linux/netDevices"), messages);
    assertEquals(
        List.of("host-rootless /mounts/0", "host-kernel /mounts/0/options/1"),
        check(
            args("true")
                + ", \"linux\": {\"namespaces\": [{\"type\": \"user\"}]}, \"mounts\":"
                + " [{\"destination\": \"/d\", \"source\": \"rootfs\", \"options\": [\"bind\","
                + " \"idmap\"]}]"));
  }

  @Test
  void a_feature_of_a_later_kernel_is_found() throws IOException {
    assertEquals(
        List.of(
            "host-kernel /linux/resources/cpu/burst",
            "host-kernel /linux/memoryPolicy/mode",
            "host-kernel /linux/seccomp/flags/1"),
        check(
                linux(
                    "\"resources\": {\"cpu\": {\"burst\": 0}}, \"memoryPolicy\": {\"mode\":"
                        + " \"MPOL_PREFERRED_MANY\", \"nodes\": \"0\"}, \"seccomp\": {\"flags\":"
                        + " [\"SECCOMP_FILTER_FLAG_LOG\","
                        + " \"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]}"))
            .stream()
            .filter(found -> !found.startsWith("host-cgroup"))
            .toList());
  }

  @Test
  void cpus_and_memory_nodes_must_be_there() throws IOException {
    String cpu = "\"resources\": {\"cpu\": {\"cpus\": \"%s\", \"mems\": \"%s\"}}";
    List<String> fine = check(linux(cpu.formatted("0-1", "0")));
    assertEquals(List.of("host-cgroup /linux/resources/cpu"), fine);
    assertEquals(
        List.of(
            "host-cgroup /linux/resources/cpu",
            "host-cpu /linux/resources/cpu/cpus",
            "host-cpu /linux/resources/cpu/mems"),
        check(linux(cpu.formatted("0,2-3", "0-999999"))));
  }

  @Test
  void a_group_of_resctrl_without_a_schema_must_be_there() throws IOException {
    assertEquals(List.of(), check(linux("\"intelRdt\": {\"closID\": \"gold\"}")));
    assertEquals(
        List.of(), check(linux("\"intelRdt\": {\"closID\": \"x\", \"schemata\": [\"L3:0=f\"]}")));
    assertEquals(
        List.of("host-resctrl /linux/intelRdt/closID"),
        check(linux("\"intelRdt\": {\"closID\": \"silver\"}")));
  }

  @Test
  void a_file_of_cgroup_v2_needs_its_controller() throws IOException {
    assertEquals(
        List.of("host-cgroup /linux/resources/unified/io.max"),
        check(
            linux(
                "\"resources\": {\"unified\": {\"memory.high\": \"1\", \"cgroup.freeze\": \"0\","
                    + " \"io.max\": \"8:0 rbps=1\"}}")));
  }

  @Test
  void a_file_in_the_place_of_a_device_must_be_that_device() throws IOException {
    program("dev/mine", false);
    String device =
        "\"devices\": [{\"path\": \"%s\", \"type\": \"c\", \"major\": 1, \"minor\": 3}]";
    assertEquals(List.of(), check(linux(device.formatted("/dev/other"))));
    assertEquals(
        List.of("host-device /linux/devices/0/path"), check(linux(device.formatted("/dev/mine"))));
    assertEquals(
        List.of(),
        check(
            linux(device.formatted("/dev/mine"))
                + ", \"mounts\": [{\"destination\": \"/dev\", \"type\": \"tmpfs\"}]"));
  }

  /// The kernel's own devices, read as a root file system would be.
  @Test
  void a_device_is_known_by_its_numbers() {
    RootFilesystem files = new RootFilesystem(Path.of("/"), Set.of());
    assertEquals(Optional.of(new RootFilesystem.Node("c", 1, 3)), files.node("/dev/null"));
  }

  @Test
  void facts_are_read_from_proc_sys_and_etc() throws IOException {
    write("proc/filesystems", "nodev\tproc\n\text4\n");
    write("proc/self/ns/mnt", "");
    write("proc/self/ns/net", "");
    write("proc/self/ns/pid", "");
    write(
        "proc/self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            1024                 4096                 files
        Max cpu time              unlimited            unlimited            seconds
        """);
    write("sys/kernel/security/lsm", "capability,apparmor");
    write("sys/kernel/security/apparmor/profiles", "docker-default (enforce)\na b (complain)\n");
    write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
    write("sys/class/net/lo", "");
    write("sys/kernel/mm/hugepages/hugepages-2048kB/x", "");
    write("sys/kernel/mm/hugepages/hugepages-1048576kB/x", "");
    write("sys/kernel/mm/hugepages/hugepages-64kB/x", "");
    write("proc/sys/kernel/osrelease", "6.18.44-generic\n");
    write("sys/devices/system/cpu/online", "0-2,5\n");
    write("sys/devices/system/node/has_memory", "0\n");
    write("sys/fs/resctrl/gold/tasks", "");
    write("etc/passwd", "root:x:0:0::/:\nme:x:1000:1000::/:\n");
    write("etc/subuid", "root:5:1\nme:100000:65536\n1000:7:2\n");
    HostFacts facts = HostFacts.read(bundle, 1000, CapabilitySet.NONE, CapabilitySet.ALL);
    assertEquals(Set.of("proc", "ext4"), facts.filesystems());
    assertEquals(Set.of("mount", "network", "pid"), facts.namespaces());
    assertEquals(Map.of("RLIMIT_NOFILE", BigInteger.valueOf(4096)), facts.hardLimits());
    assertEquals(Set.of("capability", "apparmor"), facts.securityModules());
    assertEquals(Set.of("docker-default", "a b"), facts.apparmorProfiles());
    assertEquals(Set.of("cpu", "memory"), facts.controllers());
    assertEquals(Set.of("lo"), facts.interfaces());
    assertEquals(Set.of("2MB", "1GB", "64KB"), facts.hugePages());
    assertEquals(
        List.of(new HostFacts.IdRange(100_000, 65_536), new HostFacts.IdRange(7, 2)),
        facts.subUids());
    assertEquals(List.of(), facts.subGids());
    assertEquals(new KernelVersion(6, 18), facts.kernel());
    assertEquals(Set.of(0, 1, 2, 5), facts.cpus());
    assertEquals(Set.of(0), facts.memoryNodes());
    assertEquals(Set.of("gold"), facts.resctrl());
    assertFalse(facts.cgroupHybrid());
    write("sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n");
    assertTrue(HostFacts.read(bundle, 0, CapabilitySet.NONE, CapabilitySet.ALL).cgroupHybrid());
  }

  private void write(String path, String text) throws IOException {
    Path file = bundle.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /// Lowering needs CAP_SYS_RESOURCE, which root has in most places and nobody else.
  @Test
  void an_oom_score_below_the_callers_needs_a_capability() throws IOException {
    String score = "\"args\": [\"true\"], \"oomScoreAdj\": ";
    boolean allowed =
        ProcessStatus.self().capabilities().effective().contains(Capability.CAP_SYS_RESOURCE);
    String before = Files.readString(Path.of("/proc/self/oom_score_adj"));
    assertEquals(
        allowed ? List.of() : List.of("host-oom-score /process/oomScoreAdj"),
        check(process(score + "-1000")));
    assertEquals(List.of(), check(process(score + "1000")));
    assertEquals(before, Files.readString(Path.of("/proc/self/oom_score_adj")));
  }

  @Test
  void a_terminal_is_missed_before_a_start_only() throws IOException {
    String config =
        "{\"root\": {\"path\": \"rootfs\"}, "
            + process("\"args\": [\"true\"], \"terminal\": true")
            + ", \"linux\": {\"namespaces\": [{\"type\": \"user\"}], \"uidMappings\": "
            + "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 1}], \"gidMappings\": "
            + "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 1}]}}";
    String file = bundle.resolve("config.json").toString();
    HostCheck check = new HostCheck(host, Path.of(""));
    List<String> found = new ArrayList<>();
    for (boolean terminal : new boolean[] {true, false}) {
      for (Finding finding :
          new Preflight(check, "crun", terminal).check(RuntimeConfig.parse(file, config))) {
        found.add(finding.code() + " " + finding.pointer());
      }
    }
    assertEquals(List.of("host-terminal /process/terminal"), found);
  }

  @Test
  void every_rule_of_the_host_is_tested_here() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/ocicap/validate/HostCheckTest.java"));
    Set<String> untested = new TreeSet<>();
    for (Rule rule : HostCheck.ofNoMachine()) {
      if (!source.contains("\"" + rule.code() + " /")) {
        untested.add(rule.code());
      }
    }
    assertEquals(Set.of(), untested);
  }
}
