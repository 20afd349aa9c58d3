package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.OcicapException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
  @TempDir Path directory;

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> names(Path path) {
    List<String> names = new ArrayList<>();
    for (Target target : Target.find(path).targets()) {
      names.add(directory.relativize(Path.of(target.name())).toString());
    }
    return names;
  }

  @Test
  void folders_are_searched_in_the_order_of_names_and_bundles_are_not_searched()
      throws IOException {
    write("b/config.json", "{}");
    write("a/z/config.json", "{}");
    write("a/b/config.json", "{}");
    write("b/rootfs/app/config.json", "{}");
    write("c/other.json", "{}");
    Files.createSymbolicLink(directory.resolve("a/loop"), directory);
    assertEquals(List.of("a/b/config.json", "a/z/config.json", "b/config.json"), names(directory));
    assertEquals(List.of("c/other.json"), names(directory.resolve("c/other.json")));
    assertEquals("no config.json here or below", problem(directory.resolve("c")));
    assertEquals("no such file or directory", problem(directory.resolve("gone")));
  }

  private static String problem(Path path) {
    Target.Found found = Target.find(path);
    assertEquals(List.of(), found.targets());
    assertEquals(1, found.problems().size());
    return found.problems().getFirst().message();
  }

  @Test
  void many_at_once_give_what_one_after_the_other_gives() throws IOException {
    for (int i = 0; i < 300; i++) {
      write(
          i + "/config.json",
          "{\"ociVersion\": \"1." + i % 5 + ".0\", \"hostnam\": " + i + ", \"process\": {}}");
    }
    List<Target> targets = Target.find(directory).targets();
    Validator validator = Validator.standard();
    List<FileReport> alone = new ArrayList<>();
    for (Target target : targets) {
      alone.add(validator.check(target.name(), target.read()));
    }
    List<Integer> progress = new ArrayList<>();
    assertEquals(
        new Batch.Result(alone, List.of()),
        new Batch(validator).check(targets, (done, all) -> progress.add(done + all)));
    assertEquals(300, progress.size());
    assertEquals(600, progress.getLast());
  }

  @Test
  void a_stream_is_read_no_further_than_the_limit() {
    byte[] huge = new byte[ConfigFile.MAX_BYTES + 1000];
    assertEquals(
        ConfigFile.MAX_BYTES + 1, Target.of("-", new ByteArrayInputStream(huge)).read().length);
  }

  @Test
  void what_cannot_be_read_keeps_nothing_else_from_being_checked() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      targets.add(new Target.InMemory("m" + i, "[]".getBytes(StandardCharsets.UTF_8)));
    }
    targets.add(3, new Target.InFile(directory.resolve("gone")));
    Batch.Result result = new Batch(Validator.standard()).check(targets, (done, all) -> {});
    assertEquals(10, result.reports().size());
    assertEquals("m3", result.reports().get(3).path());
    assertEquals(1, result.problems().size());
  }

  @Test
  void a_missing_schema_ends_the_whole_batch() {
    List<Target> targets =
        Collections.nCopies(10, new Target.InMemory("m", "{}".getBytes(StandardCharsets.UTF_8)));
    Batch batch = new Batch(Validator.standard().withSchemas(directory));
    assertThrows(OcicapException.class, () -> batch.check(targets, (done, all) -> {}));
  }
}
