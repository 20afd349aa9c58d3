package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.export.Exported;
import dev.ocicap.export.Exporter;
import dev.ocicap.export.Exporters;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What a docker command becomes, exported as a docker command, becomes the same again: tried with
/// every command that was recorded with Docker. Where it does not, the export has said so.
class ExportedCommandTest {

  /// Cases that differ though nothing is reported, and why.
  private static final Map<String, String> DIFFERENCES =
      Map.of(
          "docker run --rm -e APP_MODE ocicap/full:1 env",
          "a variable of the image that the command removes is in no configuration",
          "docker run --rm --mount type=bind,source=/oracle/host/data,target=/data,"
              + "bind-recursive=writable,readonly ocicap/plain:1 true",
          "the ordinary option makes what is mounted below read-only too, which is stricter",
          "docker run --rm -v : ocicap/plain:1 true",
          "Docker takes a colon for a path here and nowhere else");

  private record Sent(EngineCase one, RuntimeConfig config, Exported exported) {}

  @Test
  void a_configuration_of_docker_survives_the_way_through_its_own_command() throws Exception {
    RecordedHost recorded = new RecordedHost();
    TargetHost host = RecordedHost.v2Systemd();
    Exporter exporter = Exporters.find("docker").orElseThrow();
    List<Sent> all = new ArrayList<>();
    for (EngineCase one : EngineCase.reference()) {
      try {
        RuntimeConfig config = absolute(recorded.convert(one, host).config());
        String image = DockerRunCommand.parse(one.argv()).image();
        all.add(new Sent(one, config, exporter.export(config, names(image))));
      } catch (OcicapException e) {
        // Docker refuses it too, as EngineTest knows.
      }
    }
    List<List<String>> words = words(all.stream().map(sent -> sent.exported().text()).toList());
    Set<String> differ = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    int equal = 0;
    for (int i = 0; i < all.size(); i++) {
      Sent sent = all.get(i);
      String difference = difference(sent, words.get(i), recorded, host);
      if (difference.isEmpty()) {
        equal++;
      } else if (DIFFERENCES.containsKey(sent.one().line())) {
        differ.add(sent.one().line());
      } else if (sent.exported().losses().isEmpty()) {
        wrong.add(sent.one().line() + "\n" + sent.exported().text() + difference);
      }
    }
    assertEquals("", String.join("\n", wrong));
    assertEquals(new TreeSet<>(DIFFERENCES.keySet()), differ, "listed, and not different");
    assertTrue(all.size() - equal <= 15, (all.size() - equal) + " of " + all.size() + " differ");
  }

  private static Exporter.Names names(String image) {
    return new Exporter.Names(
        "x", image, "/x", (major, minor) -> major == 254 && minor == 0 ? "/dev/vda" : "");
  }

  private static String difference(
      Sent sent, List<String> words, RecordedHost recorded, TargetHost host) {
    JsonNode expected = NormalForm.of(sent.config().json().root(), RecordedHost.ID);
    JsonNode actual;
    try {
      RuntimeConfig again =
          absolute(recorded.convert(DockerRunCommand.parse(words), sent.one(), host).config());
      actual = NormalForm.of(again.json().root(), RecordedHost.ID);
    } catch (OcicapException e) {
      return "  refused: " + e.problems();
    }
    List<String> lines = new ArrayList<>();
    compare("", expected, actual, lines);
    return String.join("\n", lines);
  }

  /// The places of Docker's files as paths.
  private static RuntimeConfig absolute(RuntimeConfig config) {
    return RuntimeConfig.parse(
        "config.json", config.text().replace("<DATA-ROOT>", "/var/lib/docker"));
  }

  private static void compare(String path, JsonNode expected, JsonNode actual, List<String> lines) {
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> keys = new TreeSet<>();
      expected.fieldNames().forEachRemaining(keys::add);
      actual.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        compare(path + "/" + key, expected.path(key), actual.path(key), lines);
      }
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(path + "/" + i, expected.get(i), actual.get(i), lines);
      }
    } else if (!expected.equals(actual)) {
      lines.add("  " + path + "\n    was    " + expected + "\n    became " + actual);
    }
  }

  /// The words of each line, as a shell splits them.
  private static List<List<String>> words(List<String> lines) throws Exception {
    StringBuilder script = new StringBuilder();
    for (String line : lines) {
      script.append("for word in ").append(line.strip());
      script.append("; do printf '%s\\0' \"$word\"; done; printf '\\n\\0'\n");
    }
    Path file = Files.createTempFile("ocicap", ".sh");
    Files.writeString(file, script);
    Process process =
        new ProcessBuilder("/bin/sh", file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    Files.delete(file);
    List<List<String>> words = new ArrayList<>(List.of(new ArrayList<>()));
    for (String word : out.split("\0", -1)) {
      if (word.equals("\n")) {
        words.add(new ArrayList<>());
      } else {
        words.getLast().add(word);
      }
    }
    return words;
  }
}
