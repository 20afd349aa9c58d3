package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsTest {
  @TempDir Path directory;
  private Path root;

  @BeforeEach
  void fill() throws IOException {
    root = directory.resolve("rootfs");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("usr/bin"));
    program(root.resolve("bin/sh"), "\177ELF");
    program(directory.resolve("outside"), "\177ELF");
  }

  private static void program(Path file, String content) throws IOException {
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void link(String from, String to) throws IOException {
    Files.createSymbolicLink(root.resolve(from), Path.of(to));
  }

  private String found(String command) {
    return switch (new Rootfs(root, List.of()).program(command, "/", "/usr/bin:/bin")) {
      case Rootfs.Found found -> found.path();
      case Rootfs.Absent absent -> "absent: " + absent.reason();
    };
  }

  @Test
  void a_name_is_looked_for_along_the_path() {
    assertEquals("/bin/sh", found("sh"));
    assertEquals("absent: there is no program 'zsh' along PATH '/usr/bin:/bin'", found("zsh"));
  }

  @Test
  void an_absolute_link_stays_in_the_container() throws IOException {
    link("usr/bin/a", "/bin/sh");
    assertEquals("/bin/sh", found("a"));
  }

  @Test
  void a_link_that_climbs_out_ends_at_the_containers_root() throws IOException {
    link("usr/bin/a", "../../../../../../../../bin/sh");
    link("usr/bin/b", "../../../outside");
    assertEquals("/bin/sh", found("a"));
    assertTrue(found("b").startsWith("absent: "), found("b"));
  }

  @Test
  void a_folder_that_is_a_link_to_the_host_is_a_folder_of_the_container() throws IOException {
    link("host", directory.toString());
    assertEquals("absent: there is no '/" + directory.getName(0) + "'", found("/host/outside"));
  }

  @Test
  void links_in_a_circle_end() throws IOException {
    link("usr/bin/a", "b");
    link("usr/bin/b", "a");
    link("self", "self/self/self");
    assertEquals("absent: '/usr/bin/a' has too many levels of symbolic links", found("/usr/bin/a"));
    assertTrue(found("/self").contains("too many levels"), found("/self"));
  }

  @Test
  void a_script_counts_as_its_interpreter() throws IOException {
    program(root.resolve("bin/script"), "#! /bin/sh -e\necho\n");
    program(root.resolve("bin/broken"), "#!/no/such\n");
    program(root.resolve("bin/loop"), "#!/bin/loop\n");
    assertEquals("/bin/sh", found("script"));
    assertEquals("absent: the interpreter of '/bin/broken': there is no '/no'", found("broken"));
    assertEquals("/bin/loop", found("loop"));
  }

  @Test
  void what_is_no_program_is_absent() throws IOException {
    Files.writeString(root.resolve("bin/data"), "");
    assertEquals("absent: '/bin/data' is not executable", found("/bin/data"));
    assertEquals("absent: '/bin' is not a regular file", found("/bin"));
    assertEquals("absent: '/bin/sh' is not a directory", found("/bin/sh/x"));
  }

  @Test
  void a_bind_mount_covers_what_was_there() throws IOException {
    Path other = Files.createDirectories(directory.resolve("other"));
    program(other.resolve("tool"), "\177ELF");
    Rootfs rootfs =
        new Rootfs(
            root,
            List.of(
                new Rootfs.Mounted("/bin/", other, true), new Rootfs.Mounted("/run", null, false)));
    assertEquals(
        new Rootfs.Found("/bin/tool", other.toRealPath().resolve("tool"), true),
        rootfs.resolve("/usr/../bin/./tool"));
    assertTrue(rootfs.resolve("/bin/sh") instanceof Rootfs.Absent);
    assertTrue(rootfs.resolve("/run/x") instanceof Rootfs.Absent absent && absent.isUnknown());
  }
}
