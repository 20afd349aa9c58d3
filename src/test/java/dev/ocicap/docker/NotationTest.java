package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The values that docker's flags take, one line of `notations.txt` each.
class NotationTest {
  private static final ClientEnvironment CLIENT =
      new ClientEnvironment(
          name -> null, "/here", ClientEnvironment.Stdin.UNKNOWN, null, HostFiles.local());

  @Test
  void a_value_is_read_and_printed_as_docker_means_it() throws IOException {
    List<String> wrong = new ArrayList<>();
    int lines = 0;
    for (String line : Files.readAllLines(RecordedHost.CASES.resolve("notations.txt"))) {
      if (line.startsWith("#")) {
        continue;
      }
      lines++;
      List<String> columns = List.of(line.split(" \\| ?", -1));
      String value = columns.get(1).equals(" ") ? "" : columns.get(1);
      String expected = columns.get(2);
      String actual = printed(columns.get(0), value);
      boolean refused = expected.startsWith("! ") && actual.startsWith("! ");
      boolean fits = refused ? actual.contains(expected.substring(2)) : actual.equals(expected);
      if (!fits) {
        wrong.add(line + "\n  but was " + actual);
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertTrue(lines > 150);
  }

  @Test
  void what_is_printed_is_read_as_the_same() throws IOException {
    for (String line : Files.readAllLines(RecordedHost.CASES.resolve("notations.txt"))) {
      List<String> columns = List.of(line.split(" \\| ?", -1));
      String kind = columns.getFirst();
      boolean text = !List.of("size", "int", "duration", "cpus", "list").contains(kind);
      if (!line.startsWith("#") && text && !columns.get(2).startsWith("! ")) {
        assertEquals(columns.get(2), printed(kind, columns.get(2)), line);
      }
    }
  }

  static String printed(String kind, String value) {
    try {
      return switch (kind) {
        case "size" -> Long.toString(ByteSize.parse(value).bytes());
        case "int" -> Long.toString(GoSyntax.parseInt(value));
        case "duration" -> Long.toString(GoSyntax.parseDuration(value));
        case "cpus" -> Long.toString(CpuNotation.nanos(value));
        case "ulimit" -> UlimitNotation.parse(value).toString();
        case "device" -> DeviceNotation.parse(value).toString();
        case "rule" -> DeviceRuleNotation.parse(value).toString();
        case "volume" -> VolumeNotation.parse(value, CLIENT).toString();
        case "mount" -> MountNotation.parse(value, CLIENT).toString();
        case "tmpfs" -> TmpfsNotation.parse(value).toString();
        case "port" -> PortNotation.parse(value).toString();
        case "network" -> NetworkNotation.parse(value).toString();
        case "platform" -> PlatformNotation.parse(value).toString();
        case "list" -> NumberList.parse(value).numbers().toString();
        case "image" -> {
          String problem = ImageReference.problem(value);
          yield problem == null ? value : "! " + problem;
        }
        default -> throw new IllegalArgumentException(kind);
      };
    } catch (BadValue e) {
      return "! " + e.reason();
    }
  }
}
