package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The lines follow proc_pid_mountinfo(5).
class MountTableTest {
  private static final MountTable HOST =
      MountTable.parse(
          """
          20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
          21 20 0:25 / /run rw,nosuid,nodev - tmpfs tmpfs rw
          22 20 8:2 /home /srv/home\\040dir rw shared:2 master:3 - ext4 /dev/sda2 rw
          not a line
          """);

  private static MountTable.Entry bind(String device, String root) {
    return new MountTable.Entry(device, root, "/inside", List.of("rw"), "ext4", List.of());
  }

  @Test
  void a_bind_mount_is_found_at_its_place_on_the_host() {
    assertEquals(Optional.of("/etc"), HOST.pathOf(bind("8:1", "/etc")));
    assertEquals(Optional.of("/"), HOST.pathOf(bind("8:1", "/")));
    assertEquals(Optional.of("/run/docker.sock"), HOST.pathOf(bind("0:25", "/docker.sock")));
    assertEquals(Optional.of("/srv/home dir/me"), HOST.pathOf(bind("8:2", "/home/me")));
    // Of the second disk only /home is mounted; and a file system of the container's own.
    assertEquals(Optional.empty(), HOST.pathOf(bind("8:2", "/homeless")));
    assertEquals(Optional.empty(), HOST.pathOf(bind("0:99", "/")));
  }

  @Test
  void the_nearest_mount_counts() {
    assertEquals("/run", HOST.at(Path.of("/run/x")).orElseThrow().point());
    assertEquals("/", HOST.at(Path.of("/runner")).orElseThrow().point());
    assertTrue(HOST.at(Path.of("/run")).orElseThrow().options().contains("nosuid"));
  }
}
