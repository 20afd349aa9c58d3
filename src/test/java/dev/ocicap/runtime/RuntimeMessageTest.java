package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// Lines as runc 1.1.5 writes them.
class RuntimeMessageTest {

  @Test
  void the_message_of_a_line_of_the_log_is_taken_out() {
    assertEquals(
        "runc run failed: exec: \"/no such\": stat C:\\x:\nno such file",
        RuntimeMessage.of(
            "time=\"2026-11-25T09:42:13Z\" level=error msg=\"runc run failed: exec: \\\"/no such\\\":"
                + " stat C:\\\\x:\\nno such file\""));
  }

  @Test
  void other_lines_stay() {
    for (String line :
        new String[] {"", "chown: /tmp: Operation not permitted", "time=1 level=error"}) {
      assertEquals(line, RuntimeMessage.of(line));
    }
  }
}
