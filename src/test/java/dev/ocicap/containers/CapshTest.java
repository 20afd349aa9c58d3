package dev.ocicap.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
          ocicap("caps", hex));
    }
  }

  private static String ocicap(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(new ByteArrayInputStream(new byte[0]), out, err, Map.of(), args);
    assertEquals(0, status, () -> err.toString(StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
