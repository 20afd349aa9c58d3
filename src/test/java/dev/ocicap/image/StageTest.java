package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void what_a_killed_process_left_goes_when_the_next_one_begins() throws IOException {
    for (String name : new String[] {".x.1-1.tmp", ".y.1-1.tmp", ".y.tmp", ".other", "x.tmp"}) {
      Files.createDirectories(directory.resolve(name).resolve("inner"));
    }
    Files.createFile(directory.resolve(".x.1-1.lock"));
    try (Stage other = new Stage(directory.resolve("other"))) {
      new Stage(directory.resolve("place")).close();
      assertTrue(Files.exists(other.directory()));
    }
    assertEquals(Set.of(".y.1-1.tmp", ".y.tmp", ".other", "x.tmp"), names());
  }

  @Test
  void what_another_process_fills_stays() throws Exception {
    Path place = directory.resolve("place");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Filling.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('.', other.getInputStream().read());
      Set<String> filled = names();
      assertEquals(2, filled.size());
      new Stage(directory.resolve("mine")).close();
      assertEquals(filled, names());
    } finally {
      other.destroyForcibly().waitFor();
    }
    new Stage(directory.resolve("mine")).close();
    assertEquals(Set.of(), names());
  }

  /// Begins a stage and waits.
  static final class Filling {
    private Filling() {}

    public static void main(String[] args) throws IOException {
      new Stage(Path.of(args[0]));
      System.out.print('.');
      System.out.flush();
      System.in.read();
    }
  }
}
