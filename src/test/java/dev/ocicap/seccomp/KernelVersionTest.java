package dev.ocicap.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelVersionTest {
  @ParameterizedTest
  @CsvSource({
    "6.18.44-foo, 6, 18",
    "4.8, 4, 8",
    "3.12-1-amd64, 3, 12",
    "5.4.0-216-generic, 5, 4",
    "6.1-rc5, 6, 1",
    "5.15.167.4-microsoft-standard-WSL2, 5, 15",
  })
  void the_first_two_numbers_of_a_release_count(String release, int major, int minor) {
    assertEquals(new KernelVersion(major, minor), KernelVersion.parse(release));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6", "6.", ".18", "x.y", "-6.18", "6,18", "99999.1", "1234567.1"})
  void what_does_not_begin_with_two_numbers_is_refused(String release) {
    OcicapException e = assertThrows(OcicapException.class, () -> KernelVersion.parse(release));
    assertTrue(
        e.problems().getFirst().message().startsWith("'" + release + "' is not a kernel version"));
  }

  @Test
  void numbers_are_compared_as_numbers() {
    assertTrue(KernelVersion.parse("4.10").isAtLeast(KernelVersion.parse("4.8")));
    assertTrue(KernelVersion.parse("10.0").isAtLeast(KernelVersion.parse("4.8")));
    assertTrue(KernelVersion.parse("4.8").isAtLeast(KernelVersion.parse("4.8.99")));
    assertFalse(KernelVersion.parse("4.7").isAtLeast(KernelVersion.parse("4.8")));
    assertFalse(KernelVersion.parse("3.19").isAtLeast(KernelVersion.parse("4.8")));
  }
}
