package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
  @TempDir Path directory;

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  @Test
  void what_is_finished_stays_and_the_rest_goes() throws IOException {
    Path place = directory.resolve("place");
    try (Stage stage = new Stage(place)) {
      Files.createDirectories(stage.directory().resolve("part/inner"));
      Files.writeString(stage.directory().resolve("rest"), "");
      assertFalse(Files.exists(place));
      assertTrue(stage.finish(stage.directory().resolve("part")));
    }
    assertEquals(Set.of("place"), names());
    assertTrue(Files.exists(place.resolve("inner")));
  }

  @Test
  void the_second_of_two_changes_nothing() throws IOException {
    Path place = directory.resolve("place");
    try (Stage one = new Stage(place);
        Stage two = new Stage(place)) {
      Files.writeString(one.directory().resolve("file"), "one");
      Files.writeString(two.directory().resolve("file"), "two");
      assertTrue(one.finish(one.directory()));
      assertFalse(two.finish(two.directory()));
    }
    assertEquals(Set.of("place"), names());
    assertEquals("one", Files.readString(place.resolve("file")));
  }

  @Test
  void what_a_killed_process_left_goes_after_a_day() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    long self = ProcessHandle.current().pid();
    // No process has this number: the kernel's largest is 4194304.
    String dead = "99999999";
    for (String name :
        new String[] {
          ".x." + dead + "-1.tmp", ".x." + self + "-1.tmp", ".x.y.tmp", ".other", "x.tmp"
        }) {
      Files.createDirectories(directory.resolve(name).resolve("inner"));
      Files.setLastModifiedTime(directory.resolve(name), old);
    }
    Files.createDirectory(directory.resolve(".young." + dead + "-1.tmp"));
    new Stage(directory.resolve("place")).close();
    assertEquals(
        Set.of(".x." + self + "-1.tmp", ".x.y.tmp", ".other", "x.tmp", ".young." + dead + "-1.tmp"),
        names());
  }
}
