package dev.ocicap.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What nobody writes, and what a hostile text does; the rest is compared with bash by
/// [ShellComparisonTest].
class ShellBracesTest {
  @Test
  void too_much_is_not_expanded() {
    assertNull(ShellBraces.expand("{a,b}".repeat(20)), "a million words");
    assertNull(ShellBraces.expand("{1..10001}"));
    assertNull(ShellBraces.expand("{a,b}".repeat(20_000)));
    assertNull(ShellBraces.expand("{".repeat(100_000)));
    assertNull(ShellBraces.expand("{a,".repeat(20_000) + "}".repeat(20_000)));
    assertNull(ShellBraces.expand("{" + "{1..9999},".repeat(400) + "}"));
  }

  /// bash makes as many words of them, the innermost first in its own list.
  @Test
  void deep_is_expanded_within_reason() {
    assertEquals(101, List.copyOf(words("{a,".repeat(100) + "b" + "}".repeat(100))).size());
    assertEquals(List.of("{".repeat(300)), words("{".repeat(300)));
    assertEquals(List.of("x"), words("x"));
  }

  private static List<String> words(String word) {
    List<String> words = ShellBraces.expand(word);
    return words == null ? List.of() : words;
  }
}
