package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Plays every transcript of `cases/cli`. What they expect was written by hand from the
/// specification, `runc spec`'s output, and the conventions of the command line.
class TranscriptTest {
  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> every_transcript_plays() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/cases/cli"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList()) {
        tests.add(
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  Path own = Files.createTempDirectory(directory, "transcript");
                  new Transcript(own).play(Files.readString(file));
                }));
      }
    }
    assertTrue(!tests.isEmpty());
    return tests;
  }
}
