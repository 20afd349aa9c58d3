package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveStampsTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);

  @TempDir Path directory;

  @Test
  void a_file_that_did_not_change_is_known_and_any_change_is_seen() throws Exception {
    Path file = Files.writeString(directory.resolve("a.tar"), "old");
    FileTime modified = Files.getLastModifiedTime(file);
    ArchiveStamps stamps = new ArchiveStamps(directory.resolve("cache"));
    assertEquals(Optional.empty(), stamps.find(file, ArchiveStamps.of(file)));
    Thread.sleep(2_100);
    stamps.keep(file, ArchiveStamps.of(file), DIGEST);
    assertEquals(Optional.of(DIGEST), stamps.find(file, ArchiveStamps.of(file)));
    // The same length, and the time of modification set back as tar and cp -p do.
    Files.writeString(file, "new");
    Files.setLastModifiedTime(file, modified);
    assertEquals(Optional.empty(), stamps.find(file, ArchiveStamps.of(file)));
  }

  @Test
  void nothing_is_kept_of_a_file_that_changed_just_now_or_while_it_was_read() throws Exception {
    Path file = Files.writeString(directory.resolve("a.tar"), "old");
    ArchiveStamps stamps = new ArchiveStamps(directory.resolve("cache"));
    ArchiveStamps.Stamp before = ArchiveStamps.of(file);
    stamps.keep(file, before, DIGEST);
    assertEquals(Optional.empty(), stamps.find(file, ArchiveStamps.of(file)));
    Thread.sleep(2_100);
    before = ArchiveStamps.of(file);
    Files.writeString(file, "longer");
    stamps.keep(file, before, DIGEST);
    assertEquals(Optional.empty(), stamps.find(file, before));
  }

  @Test
  void a_damaged_entry_and_a_missing_file_are_no_answer() throws IOException {
    Path file = Files.writeString(directory.resolve("a.tar"), "old");
    ArchiveStamps stamps = new ArchiveStamps(directory.resolve("cache"));
    Path entries = Files.createDirectories(directory.resolve("cache/archives"));
    Files.writeString(
        entries.resolve(Sha256.of(file.toRealPath().toString().getBytes(StandardCharsets.UTF_8))),
        "short\nx");
    assertEquals(Optional.empty(), stamps.find(file, ArchiveStamps.of(file)));
    Path missing = directory.resolve("missing");
    assertEquals(Optional.empty(), stamps.find(missing, ArchiveStamps.of(missing)));
  }
}
