package dev.ocicap.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.spec.ContainerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runtimes that answer otherwise than runc, with programs in their place.
class KnownContainerTest {
  @TempDir Path directory;

  /// youki 0.7.0 prints a table whatever format is asked for, and its states as any runtime.
  private Path youki() throws IOException {
    Path program = directory.resolve("youki");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $2 in
          list) printf 'ID  PID  STATUS   BUNDLE  CREATED  CREATOR\\na   7    Running  /b      x        root\\n' ;;
          state) printf '{"ociVersion": "1.1.0-dev", "id": "%s", "status": "running", "pid": 7}\\n' "$3" ;;
        esac
        """);
    assertTrue(program.toFile().setExecutable(true));
    return program;
  }

  @Test
  void the_containers_of_youki_are_asked_for_one_by_one() throws IOException {
    Path root = directory.resolve("state");
    for (String id : List.of("a", "b")) {
      Files.createDirectories(root.resolve(id));
      Files.writeString(root.resolve(id).resolve("youki_config.json"), "{}");
    }
    KnownContainer.Search search =
        new KnownContainer.Search(
            youki().toString(),
            Map.of(RuntimeOption.ROOT, root.toString()),
            Map.of("PATH", "/usr/bin:/bin"),
            0,
            directory);
    List<String> found = new ArrayList<>();
    for (ContainerState state : search.list(search.runtimes().getFirst())) {
      found.add(state.id() + " " + state.status() + " " + state.pid());
    }
    found.sort(null);
    assertEquals(List.of("a running 7", "b running 7"), found);
  }
}
