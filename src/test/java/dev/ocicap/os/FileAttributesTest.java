package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.ocicap.containers.Containers;
import dev.ocicap.containers.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ways of reading an attribute say what lgetxattr(2) says.
class FileAttributesTest {
  private static final String NAME = "security.capability";
  private static final int LARGEST = 64;
  private static final @Nullable OpenedAttributes OPENED = OpenedAttributes.find();

  @TempDir Path directory;

  private Path program() throws IOException {
    return Files.writeString(directory.resolve("é program"), "x");
  }

  @Test
  void a_file_without_the_attribute_has_none() throws IOException {
    assertEquals(Optional.empty(), FileAttributes.readNatively(program(), NAME));
    assertNotNull(OPENED, "this JVM is started with --add-opens");
    assertArrayEquals(new byte[0], OPENED.read(program(), NAME, LARGEST));
  }

  @Test
  void the_value_is_the_attributes_bytes() throws IOException {
    Containers.need("root".equals(System.getProperty("user.name")), "only root sets capabilities");
    Path program = program();
    Privileges.setCapabilities(program, 1L << 5, 1L << 10, true, -1);
    // struct vfs_cap_data, revision 2, effective: permitted and inheritable words in turns.
    byte[] expected =
        HexFormat.of().parseHex("01000002" + "20000000" + "00040000" + "0".repeat(16));
    assertArrayEquals(expected, FileAttributes.readNatively(program, NAME).orElseThrow());
    assertArrayEquals(expected, FileAttributes.read(program, NAME).orElseThrow());
    assertNotNull(OPENED, "this JVM is started with --add-opens");
    assertArrayEquals(expected, OPENED.read(program, NAME, LARGEST));
  }

  @Test
  void a_link_is_not_followed_and_what_is_missing_has_none() throws IOException {
    Path program = program();
    Path link = Files.createSymbolicLink(directory.resolve("link"), program);
    assertNotNull(OPENED, "this JVM is started with --add-opens");
    assertNull(OPENED.read(link, NAME, LARGEST), "open(2) says ELOOP: to be read in another way");
    assertNull(OPENED.read(directory.resolve("missing"), NAME, LARGEST));
    assertEquals(Optional.empty(), FileAttributes.read(link, NAME));
    assertEquals(Optional.empty(), FileAttributes.read(directory, NAME));
    assertEquals(Optional.empty(), FileAttributes.read(directory.resolve("missing"), NAME));
  }

  @Test
  void a_value_that_is_too_long_cannot_be_known() throws IOException {
    Containers.need("root".equals(System.getProperty("user.name")), "only root sets capabilities");
    Path program = program();
    Privileges.setCapabilities(program, 1L << 5, 0, true, -1);
    assertNotNull(OPENED, "this JVM is started with --add-opens");
    assertNull(OPENED.read(program, NAME, 4), "fgetxattr(2) says ERANGE");
  }
}
