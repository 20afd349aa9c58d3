package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  @Test
  void variables_keep_their_order_and_bytes() {
    Environment environment = Environment.parse("B=1\0A=x=y\0EMPTY=\0a.b=\n\u00ff\0");
    assertEquals(List.of("B", "A", "EMPTY", "a.b"), List.copyOf(environment.variables().keySet()));
    assertEquals(
        Map.of("B", "1", "A", "x=y", "EMPTY", "", "a.b", "\n\u00ff"), environment.variables());
  }

  @Test
  void the_first_of_two_counts_and_what_has_no_name_is_left_out() {
    assertEquals(
        Map.of("A", "1"), Environment.parse("A=1\0A=2\0no equals sign\0=x\0\0").variables());
  }
}
