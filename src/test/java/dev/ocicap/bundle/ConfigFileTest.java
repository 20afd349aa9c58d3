package dev.ocicap.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir Path directory;

  private static RuntimeConfig config(String text) {
    return RuntimeConfig.parse("test", text);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_replaced_file_keeps_its_mode_and_leaves_nothing_behind() throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), "{}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    new ConfigFile(file).replace(config("{\"a\":1}"));
    assertEquals("{\"a\":1}", Files.readString(file));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(List.of("config.json"), names(directory));
  }

  @Test
  void the_same_text_is_not_written() throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), "{}");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    Object inode = Files.getAttribute(file, "unix:ino");
    new ConfigFile(file).replace(config("{}"));
    assertEquals(FileTime.fromMillis(1000), Files.getLastModifiedTime(file));
    assertEquals(inode, Files.getAttribute(file, "unix:ino"));
  }

  @Test
  void what_a_symbolic_link_points_to_is_replaced_and_the_link_stays() throws IOException {
    Path target = Files.writeString(directory.resolve("real.json"), "{}");
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), Path.of("real.json"));
    new ConfigFile(link).replace(config("{\"a\":1}"));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("{\"a\":1}", Files.readString(target));
  }

  @Test
  void a_new_file_is_readable_by_all_and_writable_by_its_owner() throws IOException {
    Path file = directory.resolve("config.json");
    new ConfigFile(file).create(config("{}"));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void creating_over_a_file_is_refused_and_the_file_untouched() throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), "mine");
    assertThrows(OcicapException.class, () -> new ConfigFile(file).create(config("{}")));
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void a_directory_in_place_of_the_file_is_refused() throws IOException {
    Path file = Files.createDirectories(directory.resolve("config.json"));
    Files.writeString(file.resolve("x"), "x");
    assertThrows(OcicapException.class, () -> new ConfigFile(file).replace(config("{}")));
    assertEquals(List.of("config.json"), names(directory));
  }

  @Test
  void a_file_that_is_too_large_is_one_error() throws IOException {
    Path file = directory.resolve("config.json");
    try (var channel =
        java.nio.channels.FileChannel.open(
            file,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[1]), 1L << 30);
    }
    OcicapException e = assertThrows(OcicapException.class, () -> new ConfigFile(file).read());
    assertEquals("larger than 16 MiB", e.problems().getFirst().message());
  }

  @Test
  void a_bundle_is_made_with_its_directory_and_opened_again() {
    Path made = directory.resolve("a/b");
    Bundle.create(made, config("{\"hostname\":\"x\"}"));
    assertEquals("{\"hostname\":\"x\"}", Bundle.open(made).config().text());
    assertThrows(OcicapException.class, () -> Bundle.open(directory));
    assertFalse(Files.exists(directory.resolve("config.json")));
  }
}
