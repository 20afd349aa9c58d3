package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The example bundles are what their commands make, and have no finding.
class BundlesTest {

  @TestFactory
  List<DynamicTest> every_example_bundle_is_what_its_command_makes() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> bundles = Files.list(Path.of("bundles"))) {
      for (Path bundle : bundles.sorted().toList()) {
        tests.add(DynamicTest.dynamicTest(bundle.toString(), () -> check(bundle)));
      }
    }
    assertTrue(tests.size() > 5);
    return tests;
  }

  private static void check(Path bundle) throws IOException {
    Path config = bundle.resolve("config.json");
    List<String> words = Transcript.words(Files.readString(bundle.resolve("command")).strip());
    assertEquals("ocicap", words.getFirst());
    String made = ocicap(0, words.subList(1, words.size()));
    JsonNode expected = JsonText.parse("config.json", Files.readString(config)).root();
    assertEquals(withoutTheHost(expected), withoutTheHost(JsonText.parse("made", made).root()));
    assertEquals("", ocicap(0, List.of("validate", "--level", "should", bundle.toString())));
  }

  /// Without what is the host's: generate gives a cgroup namespace where the host has cgroup v2
  /// alone, as runc does; and a device has the owner that it has on the host, where a runtime may
  /// change the owner of `/dev/null` when it is a container's standard input.
  private static JsonNode withoutTheHost(JsonNode config) {
    for (JsonNode device : config.at("/linux/devices")) {
      ((ObjectNode) device).remove(List.of("uid", "gid"));
    }
    ArrayNode namespaces = (ArrayNode) config.get("linux").get("namespaces");
    for (int i = namespaces.size() - 1; i >= 0; i--) {
      if (namespaces.get(i).path("type").asText().equals("cgroup")) {
        namespaces.remove(i);
      }
    }
    return config;
  }

  private static String ocicap(int status, List<String> args) {
    InProcess.Outcome outcome = InProcess.PLAIN.run("", args);
    assertEquals(status, outcome.status(), outcome.err());
    return outcome.out();
  }
}
