package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// The format is that of diff(1), "Unified Format".
class TextDiffTest {
  @Test
  void equal_texts_have_no_difference() {
    assertEquals("", TextDiff.print("f", "a\nb\n", "a\nb\n", true));
  }

  @Test
  void changes_that_are_near_share_a_hunk_and_others_do_not() {
    String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n";
    String after =
        before.replace("\n2\n", "\nzwei\n").replace("5\n6", "6").replace("15\n", "15\nx\n");
    assertEquals(
        """
        --- f
        +++ f
        @@ -1,8 +1,7 @@
         1
        -2
        +zwei
         3
         4
        -5
         6
         7
         8
        @@ -13,3 +12,4 @@
         13
         14
         15
        +x
        """,
        TextDiff.print("f", before, after, false));
  }

  @Test
  void colours_tell_the_two_sides_apart_and_control_characters_are_shown() {
    assertEquals(
        """
        <1m>--- f<0m>
        <1m>+++ f<0m>
        <36m>@@ -1 +1 @@<0m>
        <31m>-a<0m>
        <32m>+\t\\u001b[2J<0m>
        """
            .replace("<", "\u001b[")
            .replace("m>", "m"),
        TextDiff.print("f", "a\n", "\t\u001b[2J\n", true));
  }

  @Test
  void a_missing_final_newline_is_shown() {
    assertEquals(
        """
        --- f
        +++ f
        @@ -1,2 +1 @@
         a
        -\\ No newline at end of file
        """,
        TextDiff.print("f", "a", "a\n", false));
  }
}
