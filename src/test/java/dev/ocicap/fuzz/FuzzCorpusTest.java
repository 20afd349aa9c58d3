package dev.ocicap.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Plays the corpus of every target, and a bounded number of mutations of it that are the same each
/// time.
class FuzzCorpusTest {
  private static final int MUTATIONS = 2000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void every_directory_of_the_corpus_is_a_targets() throws IOException {
    try (Stream<Path> directories = Files.list(Targets.CORPUS)) {
      TreeSet<String> names = new TreeSet<>();
      directories.forEach(directory -> names.add(directory.getFileName().toString()));
      TreeSet<String> expected = new TreeSet<>();
      Targets.ALL.forEach(target -> expected.add(target.name()));
      assertEquals(expected, names);
    }
  }

  @TestFactory
  Stream<DynamicTest> the_corpus_causes_nothing_but_refusals() {
    return Targets.ALL.stream()
        .map(target -> DynamicTest.dynamicTest(target.name(), () -> play(target)));
  }

  private static void play(Targets.Target target) throws IOException {
    List<byte[]> corpus = corpus(target);
    assertTrue(corpus.size() >= 3, "a corpus of " + corpus.size());
    Random random = new Random(target.name().hashCode());
    Assertions.assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (byte[] input : corpus) {
            target.run(input);
          }
          for (int i = 0; i < MUTATIONS; i++) {
            byte[] input = mutated(corpus, random);
            try {
              target.run(input);
            } catch (IllegalStateException e) {
              throw new AssertionError("mutation " + i + ": " + Arrays.toString(input), e);
            }
          }
        });
  }

  private static List<byte[]> corpus(Targets.Target target) throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    try (Stream<Path> files = Files.list(Targets.CORPUS.resolve(target.name())).sorted()) {
      for (Path file : files.toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    return corpus;
  }

  /// One input with a few bytes changed, removed or doubled, or the head of one with the tail of
  /// another.
  private static byte[] mutated(List<byte[]> corpus, Random random) {
    byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
    for (int i = random.nextInt(4); i >= 0 && input.length > 0; i--) {
      int at = random.nextInt(input.length);
      int length = Math.min(1 + random.nextInt(8), input.length - at);
      switch (random.nextInt(4)) {
        case 0 -> input[at] = (byte) random.nextInt(256);
        case 1 -> input = joined(input, at, input, at + length);
        case 2 -> input = joined(input, at + length, input, at);
        case 3 -> {
          byte[] other = corpus.get(random.nextInt(corpus.size()));
          input = joined(input, at, other, other.length == 0 ? 0 : random.nextInt(other.length));
        }
        default -> throw new AssertionError();
      }
    }
    return input;
  }

  private static byte[] joined(byte[] head, int end, byte[] tail, int start) {
    byte[] joined = Arrays.copyOf(head, end + tail.length - start);
    System.arraycopy(tail, start, joined, end, tail.length - start);
    return joined;
  }
}
