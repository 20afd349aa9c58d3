package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `generate --each` with lines that nobody typed.
class ManyGenerationsTest {
  @TempDir Path directory;

  private InProcess.Outcome each(byte[] lines) {
    return InProcess.PLAIN.in(directory).run(lines, List.of("generate", "--each", "-"));
  }

  @Test
  void bytes_that_no_word_can_hold_are_refused_and_the_other_lines_are_done() {
    byte[] lines =
        "--hostname a?b\n--hostname ok\n--env A=?\n".getBytes(StandardCharsets.ISO_8859_1);
    lines[12] = (byte) 0xff;
    lines[lines.length - 2] = 0;
    InProcess.Outcome result = each(lines);
    assertEquals(3, result.status());
    assertEquals(
        """
        -:1:1: error: the line holds a NUL or a byte that is not UTF-8
        -:3:1: error: the line holds a NUL or a byte that is not UTF-8
        """,
        result.err());
    assertEquals(1, result.out().split("\"hostname\": \"ok\"", -1).length - 1);
    assertEquals(1, result.out().split("\"ociVersion\"", -1).length - 1);
  }

  @Test
  void a_line_without_an_end_is_not_read_whole() {
    InProcess.Outcome result = each("x".repeat(20 << 20).getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(3, result.status());
    assertEquals("-:1:1: error: a line of more than a million characters\n", result.err());
  }

  @Test
  void no_lines_are_no_documents() {
    assertEquals(new InProcess.Outcome(0, "", ""), each(new byte[0]));
  }
}
