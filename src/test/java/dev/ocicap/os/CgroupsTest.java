package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ocicap.os.Cgroups.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Machines made of files: `/proc/self/mountinfo` and `/proc/self/cgroup` as kernels print them.
class CgroupsTest {
  @TempDir Path root;

  private Cgroups read(String mountinfo, String cgroup) throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(root.resolve("proc/self/mountinfo"), mountinfo);
    Files.writeString(root.resolve("proc/self/cgroup"), cgroup);
    return Cgroups.read(root);
  }

  private void cgroup(String path, String controllers) throws IOException {
    Path directory = Files.createDirectories(root.resolve(path));
    Files.createFile(directory.resolve("cgroup.procs"));
    if (!controllers.isEmpty()) {
      Files.writeString(directory.resolve("cgroup.controllers"), controllers + "\n");
    }
  }

  @Test
  void version_1_has_a_hierarchy_for_each_group_of_controllers() throws IOException {
    cgroup("sys/fs/cgroup/memory/box", "");
    Cgroups cgroups =
        read(
            """
            30 20 0:26 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
            31 20 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            32 20 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
            """,
            "4:cpu,cpuacct:/\n3:memory:/box\n1:name=systemd:/\n0::/\n");
    assertEquals(Layout.V1, cgroups.layout());
    assertEquals(Set.of("cpu", "cpuacct", "memory"), cgroups.controllers());
    assertEquals(Set.of("memory"), cgroups.delegated(), "the directory for cpu does not exist");
  }

  @Test
  void version_2_has_the_controllers_of_the_own_cgroup() throws IOException {
    cgroup("sys/fs/cgroup/user.slice/a b", "memory pids");
    Cgroups cgroups =
        read(
            "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
            "0::/user.slice/a b\n");
    assertEquals(Layout.V2, cgroups.layout());
    assertEquals(Set.of("memory", "pids"), cgroups.delegated());
  }

  @Test
  void both_versions_are_a_hybrid() throws IOException {
    cgroup("sys/fs/cgroup/unified", "hugetlb");
    Cgroups cgroups =
        read(
            """
            31 20 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            33 20 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """,
            "3:memory:/\n0::/\n");
    assertEquals(Layout.HYBRID, cgroups.layout());
    assertEquals(Set.of("hugetlb", "memory"), cgroups.controllers());
  }

  @Test
  void a_container_sees_the_part_that_is_mounted_for_it() throws IOException {
    cgroup("sys/fs/cgroup/mem ory/below", "");
    Cgroups cgroups =
        read(
            "31 20 0:27 /docker/abc /sys/fs/cgroup/mem\\040ory ro - cgroup cgroup rw,memory\n",
            "3:memory:/docker/abc/below\n");
    assertEquals(
        root.resolve("sys/fs/cgroup/mem ory/below"), cgroups.hierarchies().getFirst().own());
    assertEquals(Set.of("memory"), cgroups.delegated());
    Cgroups outside =
        read("31 20 0:27 /../x /mnt ro - cgroup cgroup rw,memory\n", "3:memory:/../y\n");
    assertEquals(root.resolve("mnt"), outside.hierarchies().getFirst().own());
    assertFalse(outside.hierarchies().getFirst().writable());
  }

  @Test
  void nothing_is_seen_without_proc_or_in_torn_lines() throws IOException {
    assertEquals(Layout.NONE, Cgroups.read(root).layout());
    assertEquals(Layout.NONE, read("cgroup\n1 2 3 - cgroup\n - cgroup c d\n", "x\n::\n").layout());
  }
}
