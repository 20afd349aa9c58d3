package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Making and removing directories with what is in them.
class DirectoryTreeTest {
  @TempDir Path directory;

  @Test
  void what_a_link_points_to_stays() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Files.createSymbolicLink(tree.resolve("link"), outside);
    DirectoryTree.delete(directory.resolve("tree"));
    assertFalse(Files.exists(directory.resolve("tree")));
    assertEquals("kept", Files.readString(outside.resolve("file")));
    DirectoryTree.delete(directory.resolve("tree"));
  }

  @Test
  void modes_that_hold_the_owner_off_are_no_obstacle() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Files.writeString(tree.resolve("file"), "");
    for (String path : List.of("tree/a/b/file", "tree/a/b", "tree/a", "tree")) {
      Files.setPosixFilePermissions(
          directory.resolve(path), PosixFilePermissions.fromString("---------"));
    }
    DirectoryTree.delete(directory.resolve("tree"));
    assertFalse(Files.exists(directory.resolve("tree")));
  }

  @Test
  void what_is_missing_is_made_and_told_from_the_outermost_on() throws IOException {
    List<Path> made = new ArrayList<>();
    Path path = directory.resolve("a/b/c");
    Files.createDirectory(directory.resolve("a"));
    DirectoryTree.create(path, made::add);
    assertEquals(List.of(directory.resolve("a/b"), path), made);
    DirectoryTree.create(path, made::add);
    assertEquals(2, made.size());
    DirectoryTree.deleteEmpty(directory.resolve("a/b"));
    assertTrue(Files.isDirectory(path), "it is not empty");
  }

  @Test
  void a_file_in_the_place_of_a_directory_is_an_error() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThrows(NotDirectoryException.class, () -> DirectoryTree.create(file, path -> {}));
    assertThrows(IOException.class, () -> DirectoryTree.create(file.resolve("below"), path -> {}));
    assertTrue(Files.isRegularFile(file));
  }
}
