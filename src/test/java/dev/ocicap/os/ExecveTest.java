package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/// The call itself is tested from outside, with the distribution.
class ExecveTest {
  @Test
  void a_limit_of_open_files_is_read_from_its_line() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96365                96365                processes
        Max open files            1024                 unlimited            files
        """;
    assertArrayEquals(new long[] {1024, -1}, Execve.openFiles(limits));
  }
}
