package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every list and every map that has options can be added to, removed from and cleared, and an
/// addition wins over a removal and a clearing in the same command.
class ListOptionsTest {
  /// A list and its options.
  ///
  /// @param pointer where the list stands
  /// @param first adds one element
  /// @param second adds another
  /// @param remove removes the first
  /// @param clear removes all
  private record Row(
      String pointer, List<String> first, List<String> second, List<String> remove, String clear) {}

  private static Row row(
      String pointer, String add, String first, String second, String remove, String clear) {
    String[] option = remove.split(" ", 2);
    return new Row(
        pointer, List.of(add, first), List.of(add, second), List.of(option[0], option[1]), clear);
  }

  private static final List<Row> ROWS =
      List.of(
          row("/process/env", "--env", "A=1", "B=2", "--env-remove A", "--env-clear"),
          row(
              "/process/user/additionalGids",
              "--group",
              "7",
              "8",
              "--group-remove 7",
              "--group-clear"),
          row(
              "/process/rlimits",
              "--rlimit",
              "core=1",
              "cpu=2",
              "--rlimit-remove core",
              "--rlimit-clear"),
          row("/mounts", "--tmpfs", "/a", "/b", "--mount-remove /a", "--mount-clear"),
          row(
              "/linux/uidMappings",
              "--uidmap",
              "0:1000:1",
              "1:2000:5",
              "--uidmap-remove 0",
              "--idmap-clear"),
          row(
              "/linux/gidMappings",
              "--gidmap",
              "0:1000:1",
              "1:2000:5",
              "--gidmap-remove 0",
              "--idmap-clear"),
          row(
              "/linux/devices",
              "--device",
              "c:1:3:/dev/a",
              "c:1:5:/dev/b",
              "--device-remove /dev/a",
              "--device-clear"),
          row(
              "/linux/resources/devices",
              "--device-rule",
              "c 1:3 r",
              "c 1:5 w",
              "--device-rule-remove c 1:3 r",
              "--device-rule-clear"),
          row(
              "/linux/resources/hugepageLimits",
              "--hugepage-limit",
              "2MB=1",
              "1GB=2",
              "--hugepage-limit-remove 2MB",
              "--hugepage-limit-clear"),
          row(
              "/linux/resources/blockIO/weightDevice",
              "--blkio-weight-device",
              "8:0:10",
              "8:16:20",
              "--blkio-weight-device-remove 8:0",
              "--blkio-weight-device-clear"),
          row(
              "/linux/resources/blockIO/throttleReadBpsDevice",
              "--device-read-bps",
              "8:0:1",
              "8:16:2",
              "--device-read-bps-remove 8:0",
              "--device-read-bps-clear"),
          row(
              "/linux/resources/blockIO/throttleWriteBpsDevice",
              "--device-write-bps",
              "8:0:1",
              "8:16:2",
              "--device-write-bps-remove 8:0",
              "--device-write-bps-clear"),
          row(
              "/linux/resources/blockIO/throttleReadIOPSDevice",
              "--device-read-iops",
              "8:0:1",
              "8:16:2",
              "--device-read-iops-remove 8:0",
              "--device-read-iops-clear"),
          row(
              "/linux/resources/blockIO/throttleWriteIOPSDevice",
              "--device-write-iops",
              "8:0:1",
              "8:16:2",
              "--device-write-iops-remove 8:0",
              "--device-write-iops-clear"),
          row(
              "/linux/resources/network/priorities",
              "--net-priority",
              "eth0:1",
              "eth1:2",
              "--net-priority-remove eth0",
              "--net-priority-clear"),
          row(
              "/linux/resources/rdma",
              "--rdma",
              "a=handles=1",
              "b=objects=2",
              "--rdma-remove a",
              "--rdma-clear"),
          row(
              "/linux/resources/unified",
              "--unified",
              "a=1",
              "b=2",
              "--unified-remove a",
              "--unified-clear"),
          row(
              "/linux/maskedPaths",
              "--masked-path",
              "/a",
              "/b",
              "--masked-path-remove /a",
              "--masked-path-clear"),
          row(
              "/linux/readonlyPaths",
              "--readonly-path",
              "/a",
              "/b",
              "--readonly-path-remove /a",
              "--readonly-path-clear"),
          row(
              "/linux/intelRdt/schemata",
              "--intel-rdt-schema",
              "L3:0=f",
              "MB:0=5",
              "--intel-rdt-schema-remove L3:0=f",
              "--intel-rdt-schema-clear"),
          row(
              "/linux/sysctl",
              "--sysctl",
              "net.a=1",
              "net.b=2",
              "--sysctl-remove net.a",
              "--sysctl-clear"),
          row(
              "/linux/netDevices",
              "--net-device",
              "a",
              "b",
              "--net-device-remove a",
              "--net-device-clear"),
          row(
              "/annotations",
              "--annotation",
              "a=1",
              "b=2",
              "--annotation-remove a",
              "--annotation-clear"),
          row(
              "/linux/seccomp/architectures",
              "--seccomp-arch",
              "x86",
              "x32",
              "--seccomp-arch-remove SCMP_ARCH_X86",
              "--seccomp-arch-clear"),
          hook("prestart"),
          hook("createRuntime"),
          hook("createContainer"),
          hook("startContainer"),
          hook("poststart"),
          hook("poststop"),
          new Row(
              "/linux/seccomp/syscalls",
              List.of("--seccomp-errno", "chmod"),
              List.of("--seccomp-kill", "chown"),
              List.of("--seccomp-remove", "chmod"),
              "--seccomp-clear"),
          new Row(
              "/linux/namespaces",
              List.of("--namespace", "time"),
              List.of("--namespace", "cgroup"),
              List.of("--namespace-remove", "time"),
              "--namespace-clear"));

  private static Row hook(String kind) {
    return new Row(
        "/hooks/" + kind,
        List.of("--hook", kind + "=/a"),
        List.of("--hook", kind + "=/b"),
        List.of("--hook-remove", kind + "=/a"),
        "--hook-clear=" + kind);
  }

  @TestFactory
  List<DynamicTest> lists_grow_shrink_and_become_empty() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Row row : ROWS) {
      tests.add(DynamicTest.dynamicTest(row.pointer(), () -> check(row)));
    }
    return tests;
  }

  private static void check(Row row) {
    String empty = edit("{\"ociVersion\": \"1.3.0\"}", List.of());
    String one = edit(empty, row.second());
    String both = edit(edit(empty, row.first()), row.second());
    assertEquals(2, list(both, row).size(), both);
    assertEquals(list(one, row), list(edit(both, row.remove()), row), "removed");
    assertEquals(list(one, row), list(edit(one, row.remove()), row), "removed what is not there");
    assertEquals(0, list(edit(both, List.of(row.clear())), row).size(), "cleared");
    List<String> together = new ArrayList<>(row.second());
    together.add(row.clear());
    together.addAll(row.remove());
    assertEquals(list(one, row), list(edit(both, together), row), "cleared and added");
  }

  private static JsonNode list(String text, Row row) {
    return JsonText.parse("edited", text).root().at(row.pointer());
  }

  private static String edit(String text, List<String> options) {
    List<String> words = new ArrayList<>(List.of("edit", "-"));
    words.addAll(options);
    InProcess.Outcome outcome = InProcess.PLAIN.run(text, words);
    assertEquals(0, outcome.status(), () -> words + "\n" + outcome.err());
    return outcome.out();
  }
}
