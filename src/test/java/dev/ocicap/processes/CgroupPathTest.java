package dev.ocicap.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupPathTest {
  private static final String ID =
      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  /// The forms that the engines' documentation and sources give to control groups.
  @ParameterizedTest
  @CsvSource({
    "/docker/ID, docker",
    "/system.slice/docker-ID.scope, docker",
    "/system.slice/docker-ID.scope/init.scope, docker",
    "/machine.slice/libpod-ID.scope/container, podman",
    "/libpod_parent/ID, podman",
    "/kubepods.slice/kubepods-burstable.slice/kubepods-pod1.slice/cri-containerd-ID.scope, kubernetes",
    "/kubepods/besteffort/pod1234/ID, kubernetes",
    "/kubepods.slice/kubepods-pod1.slice/crio-ID.scope, kubernetes",
    "/default/ID, containerd",
    "/system.slice:docker:ID, docker",
    "/machine.slice:libpod:ID, podman",
    "/kubepods-besteffort-pod1.slice:cri-containerd:ID, kubernetes",
    "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container, podman",
    "/machine.slice/libpod-conmon-ID.scope, none",
    "/system.slice/nerdctl-ID.scope, containerd",
    "/system.slice/ssh.service, none",
    "/, none",
    "/docker/0123, none",
    "/user.slice/other-ID.scope, none"
  })
  void an_engine_is_known_by_its_control_groups(String path, String engine) {
    assertEquals(
        engine,
        CgroupPath.container(path.replace("ID", ID)).map(Container::runtime).orElse("none"));
  }

  @Test
  void version_1_and_version_2_lines_are_read() {
    assertEquals(
        List.of("/a/b", "/c:d"),
        CgroupPath.paths("12:cpu,cpuacct:/a/b\n1:name=systemd:/\n0::/c:d\n3:pids:/a/b\nbroken\n"));
  }
}
