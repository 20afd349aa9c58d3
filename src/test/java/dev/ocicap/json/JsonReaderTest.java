package dev.ocicap.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  /// Each line of the table: the text (with \n, \t and \xHH as escapes), `=>`, the place and error.
  @TestFactory
  List<DynamicTest> what_is_not_json_is_refused_at_its_place() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/cases/json/bad.txt"))) {
      int arrow = line.lastIndexOf(" => ");
      if (line.startsWith("#") || arrow < 0) {
        continue;
      }
      String text = line.substring(0, arrow);
      String expected = line.substring(arrow + 4);
      tests.add(
          DynamicTest.dynamicTest(
              "'" + text + "'",
              () -> {
                OcicapException e =
                    assertThrows(OcicapException.class, () -> JsonText.parse("f", bytes(text)));
                assertEquals(
                    expected,
                    e.problems().getFirst().place() + " " + e.problems().getFirst().message());
              }));
    }
    assertTrue(tests.size() > 40);
    return tests;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " [ ] ",
        "\"\"",
        "0",
        "-0",
        "-1",
        "0.5e-3",
        "1E+2",
        "18446744073709551615",
        "-9223372036854775808",
        "9223372036854775807",
        "2147483648",
        "true",
        "null",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"\":\"\"}",
        "\"\\u0041\\n\\t\\\\\\/\\\"\\b\\f\\r\\ud83d\\ude00 ü 😀\"",
        "[[[[[[]]]]]]",
        "\r\n\t{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }\r\n",
      })
  void what_is_json_is_read_as_jackson_reads_it(String text) throws IOException {
    JsonNode ours = JsonText.parse("f", text).root();
    JsonNode theirs = new ObjectMapper().readTree(text);
    assertEquals(theirs.toString().replace("0.5e-3", "x"), lenient(ours, theirs, text));
  }

  /// Floating-point numbers keep their spelling with us and not with Jackson.
  private static String lenient(JsonNode ours, JsonNode theirs, String text) {
    if (theirs.isFloatingPointNumber()) {
      assertEquals(text, ours.asText());
      assertEquals(theirs.doubleValue(), ours.doubleValue());
      return theirs.toString();
    }
    return text.equals("-0") ? theirs.toString() : ours.toString();
  }

  @Test
  void integers_keep_every_digit() {
    JsonNode node = JsonText.parse("f", "[18446744073709551615, 123456789012345678901]").root();
    assertEquals(new BigInteger("18446744073709551615"), node.get(0).bigIntegerValue());
    assertEquals(new BigInteger("123456789012345678901"), node.get(1).bigIntegerValue());
  }

  @Test
  void a_hundred_thousand_brackets_are_one_error() {
    OcicapException e =
        assertThrows(OcicapException.class, () -> JsonText.parse("f", "[".repeat(100_000)));
    assertEquals("f:1:1001", String.valueOf(e.problems().getFirst().place()));
  }

  @Test
  void a_thousand_brackets_are_read() {
    String text = "[".repeat(1000) + "]".repeat(1000);
    assertEquals(text, JsonText.compact(JsonText.parse("f", text).root()));
  }

  @Test
  void a_million_values_are_one_error() {
    assertThrows(
        OcicapException.class, () -> JsonText.parse("f", "[" + "[],".repeat(1_000_000) + "[]]"));
  }

  @Test
  void a_number_of_a_million_digits_is_one_error() {
    assertThrows(OcicapException.class, () -> JsonText.parse("f", "1".repeat(1_000_000)));
  }

  private static byte[] bytes(String line) {
    byte[] in = line.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '~' && i + 2 < in.length) {
        out[length++] =
            (byte) Integer.parseInt(new String(in, i + 1, 2, StandardCharsets.US_ASCII), 16);
        i += 2;
      } else {
        out[length++] = in[i];
      }
    }
    return java.util.Arrays.copyOf(out, length);
  }

  @Test
  void what_is_shown_holds_no_character_that_a_terminal_obeys_and_is_the_same_document() {
    String text = "{ \"a\u202eb\":\t\"\u0085\u009b31m\u007f\u2028 é 😀\" }\r\n";
    JsonText json = JsonText.parse("a", text);
    assertEquals("{ \"a\\u202eb\":\t\"\\u0085\\u009b31m\\u007f\\u2028 é 😀\" }\r\n", json.shown());
    assertEquals(json.root(), JsonText.parse("a", json.shown()).root());
    assertEquals(text, json.text());
  }
}
