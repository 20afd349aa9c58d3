package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes that several bundles share while they are made.
class NewVolumesTest {
  private final NewVolumes volumes = new NewVolumes();

  @TempDir Path directory;

  @Test
  void one_that_could_not_be_made_is_made_for_the_next() {
    Path volume = directory.resolve("root/data/_data");
    Runnable failing =
        () -> {
          make(volume);
          throw new IllegalStateException("full");
        };
    assertThrows(IllegalStateException.class, () -> volumes.use(volume, failing));
    assertFalse(Files.exists(directory.resolve("root")));
    volumes.use(volume, () -> make(volume));
    assertTrue(Files.isDirectory(volume));
  }

  @Test
  void the_last_one_to_leave_takes_it_away() throws IOException {
    Path volume = directory.resolve("root/data/_data");
    volumes.use(volume, () -> make(volume));
    volumes.use(volume, () -> make(directory.resolve("never")));
    volumes.leave(volume);
    assertTrue(Files.isDirectory(volume), "the second uses it");
    volumes.leave(volume);
    assertFalse(Files.exists(directory.resolve("root")));
    assertFalse(Files.exists(directory.resolve("never")));
  }

  @Test
  void what_was_there_before_stays() throws IOException {
    Path volume = Files.createDirectories(directory.resolve("data/_data"));
    volumes.use(volume, () -> make(directory.resolve("never")));
    volumes.leave(volume);
    assertTrue(Files.isDirectory(volume));
    Path file = Files.writeString(directory.resolve("file"), "kept");
    assertThrows(OcicapException.class, () -> volumes.use(file, () -> make(file)));
    assertEquals("kept", Files.readString(file));
    assertFalse(Files.exists(directory.resolve("never")));
  }

  private static void make(Path volume) {
    try {
      Files.createDirectory(volume);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
