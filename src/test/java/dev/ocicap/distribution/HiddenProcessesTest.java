package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.containers.Containers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands about processes where `/proc` hides those of others, as another user.
@Tag("distribution")
class HiddenProcessesTest {
  /// A `/proc` of its own, in a pid namespace of its own: the shell is process 1.
  private static final String SCRIPT =
      "mount -t proc -o hidepid=2 proc /proc && setpriv --reuid=65534 --regid=65534"
          + " --clear-groups --inh-caps=-all \"$@\"; exit $?";

  @TempDir Path directory;

  private Containers.Result hidden(String... words) throws Exception {
    Containers.require("runc");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> command =
        new ArrayList<>(List.of("unshare", "--mount", "--pid", "--fork", "sh", "-c", SCRIPT, "sh"));
    command.add(Installation.built().copyTo(directory.resolve("ocicap")).launcher().toString());
    command.addAll(List.of(words));
    return Containers.execute(command, Map.of());
  }

  @Test
  void a_list_of_processes_says_that_others_are_hidden() throws Exception {
    Containers.Result result = hidden("ps");
    assertEquals(0, result.status(), result.err());
    assertEquals(2, result.out().lines().count(), result.out());
    assertEquals(
        "ocicap: note: /proc hides the processes of other users here (hidepid)\n", result.err());
  }

  @Test
  void a_hidden_process_is_none_and_the_hint_says_how_to_see_it() throws Exception {
    Containers.Result listed = hidden("ps", "--pid", "1");
    assertEquals(1, listed.status());
    assertTrue(listed.err().contains("hint: sudo ocicap ps --pid 1\n"), listed.err());
  }

  @Test
  void a_hidden_process_is_not_audited() throws Exception {
    Containers.Result audited = hidden("audit", "1");
    assertEquals(3, audited.status());
    assertEquals("", audited.out());
    assertTrue(audited.err().contains("hint: sudo ocicap audit 1\n"), audited.err());
  }
}
