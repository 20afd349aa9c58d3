package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.edit.RootlessEdits;
import dev.ocicap.json.JsonText;
import dev.ocicap.spec.DefaultConfig;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--rootless`: the ranges of subuid(5), and what `runc spec --rootless` makes of the document.
class RootlessTest {
  @TempDir Path directory;

  private Optional<RootlessEdits.Range> range(String text) throws IOException {
    Path file = directory.resolve("subuid");
    Files.writeString(file, text);
    return Rootless.range(file, "ann", 1000);
  }

  @Test
  void a_range_is_found_by_name_or_number() throws IOException {
    Optional<RootlessEdits.Range> expected = Optional.of(new RootlessEdits.Range(100_000, 65_536));
    assertEquals(expected, range("bob:1:2\nann:100000:65536\nann:5:6\n"));
    assertEquals(expected, range("1000:100000:65536"));
  }

  @Test
  void nothing_else_is_a_range() throws IOException {
    assertEquals(Optional.empty(), range("annabel:100000:65536\n"));
    assertEquals(Optional.empty(), range("ann:x:65536\nann:1\nann:1:0\nann:4294967295:2\n"));
    assertEquals(Optional.empty(), Rootless.range(directory.resolve("none"), "ann", 1000));
  }

  @Test
  void the_ranges_come_behind_the_caller_who_is_root_inside() {
    JsonNode linux =
        DefaultConfig.runc(false)
            .edit(
                RootlessEdits.rootless(
                    1000,
                    1001,
                    new RootlessEdits.Range(100_000, 65_536),
                    new RootlessEdits.Range(200_000, 7)))
            .json()
            .root()
            .path("linux");
    assertEquals(
        "[{\"containerID\":0,\"hostID\":1000,\"size\":1},"
            + "{\"containerID\":1,\"hostID\":100000,\"size\":65536}]",
        JsonText.compact(linux.path("uidMappings")));
    assertEquals(
        "[{\"containerID\":0,\"hostID\":1001,\"size\":1},"
            + "{\"containerID\":1,\"hostID\":200000,\"size\":7}]",
        JsonText.compact(linux.path("gidMappings")));
    assertEquals(
        "[{\"type\":\"pid\"},{\"type\":\"ipc\"},{\"type\":\"uts\"},{\"type\":\"mount\"},"
            + "{\"type\":\"user\"}]",
        JsonText.compact(linux.path("namespaces")));
  }

  @Test
  void a_single_id_is_mapped_to_the_process_and_no_network_sysctl_stays() {
    RuntimeConfig config =
        RuntimeConfig.parse(
            "test",
            """
            {"process": {"user": {"uid": 7, "gid": 8}},
             "linux": {"sysctl": {"net.ipv4.ip_forward": "1", "kernel.shmmax": "1"}}}
            """);
    JsonNode linux =
        config
            .edit(RootlessEdits.rootless(1000, 1001))
            .edit(RootlessEdits.mapProcess())
            .json()
            .root()
            .path("linux");
    assertEquals(
        "[{\"containerID\":7,\"hostID\":1000,\"size\":1}]",
        JsonText.compact(linux.path("uidMappings")));
    assertEquals(
        "[{\"containerID\":8,\"hostID\":1001,\"size\":1}]",
        JsonText.compact(linux.path("gidMappings")));
    assertEquals("{\"kernel.shmmax\":\"1\"}", JsonText.compact(linux.path("sysctl")));
  }
}
