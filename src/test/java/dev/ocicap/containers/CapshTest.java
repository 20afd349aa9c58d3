package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cli.InProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// `ocicap caps MASK` and libcap's `capsh --decode` answer alike.
class CapshTest {
  private static final Path CAPSH = Path.of("/usr/sbin/capsh");

  @Test
  void masks_are_decoded_as_capsh_decodes_them() throws Exception {
    Containers.need(Files.isExecutable(CAPSH), "libcap's capsh is not installed");
    Random random = new Random(41);
    for (int i = 0; i < 40; i++) {
      long mask =
          switch (i) {
            case 0 -> 0;
            case 1 -> -1L;
            case 2 -> 0xa80425fbL;
            default -> random.nextLong() >>> random.nextInt(64);
          };
      String hex = String.format("%016x", mask);
      assertEquals(
          Containers.execute(List.of(CAPSH.toString(), "--decode=" + hex), Map.of()).out(),
          InProcess.PLAIN.output("caps", hex));
    }
  }
}
