package dev.ocicap.cap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every case is what runc 1.1.5 and crun 1.8.1 were seen to make of a bundle on Linux 6.18: the
/// masks and ids of `/proc/PID/status`, or the refusal.
class ExecTransformationTest {
  /// The machine of the measurement: its root lacks CAP_SYS_RESOURCE.
  private static final CapabilitySet MEASURED =
      CapabilitySet.ALL.minus(CapabilitySet.of(Capability.CAP_SYS_RESOURCE));

  @TestFactory
  List<DynamicTest> what_the_kernel_was_seen_to_do() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/cases/cap/exec.jsonl"))) {
      JsonNode node = JsonText.parse("exec.jsonl", line).root();
      for (String runtime : new String[] {"runc", "crun"}) {
        tests.add(
            DynamicTest.dynamicTest(
                runtime + " case " + node.get("id"),
                () -> assertEquals(expected(node.get(runtime)), predicted(node))));
      }
    }
    return tests;
  }

  private static String expected(JsonNode measured) {
    if (measured.has("error")) {
      String error = measured.get("error").textValue();
      return error.startsWith("exec ") ? "EXEC" : "CREATE";
    }
    StringBuilder text = new StringBuilder();
    for (SetName name : SetName.values()) {
      text.append(measured.get(name.procKey()).textValue()).append(' ');
    }
    for (String id : new String[] {"uid", "euid", "gid", "egid"}) {
      text.append(measured.get(id).asLong()).append(' ');
    }
    return text.toString();
  }

  private static String predicted(JsonNode node) {
    ProcessCapabilities sets = ProcessCapabilities.NONE;
    for (SetName name : SetName.values()) {
      CapabilitySet set = CapabilitySet.NONE;
      for (JsonNode capability : node.get("capabilities").path(name.key())) {
        // Both runtimes leave out what is spelt otherwise, such as ALL or CHOWN.
        set = Capability.spelt(capability.textValue()).map(set::plus).orElse(set);
      }
      sets = sets.with(name, set);
    }
    List<Long> groups = new ArrayList<>();
    for (JsonNode gid : node.get("additionalGids")) {
      groups.add(gid.asLong());
    }
    ExecTransformation.Outcome outcome =
        ExecTransformation.apply(
            sets,
            new ExecTransformation.Identity(
                node.get("uid").asLong(), node.get("gid").asLong(), groups),
            node.get("noNewPrivileges").asBoolean(),
            program(node.get("program")),
            new ExecTransformation.Host(MEASURED, MEASURED));
    return switch (outcome) {
      case ExecTransformation.Refused refused -> refused.stage().name();
      case ExecTransformation.Running running -> {
        StringBuilder text = new StringBuilder();
        for (SetName name : SetName.values()) {
          text.append(running.capabilities().set(name).hex()).append(' ');
        }
        yield text.append(running.uid() + " " + running.euid())
            .append(" " + running.gid() + " " + running.egid() + " ")
            .toString();
      }
    };
  }

  private static Program program(JsonNode node) {
    Optional<FileCapabilities> capabilities = Optional.empty();
    if (node.has("fileCapabilities")) {
      JsonNode file = node.get("fileCapabilities");
      capabilities =
          Optional.of(
              new FileCapabilities(
                  CapabilitySet.parseHex(file.get("permitted").textValue()),
                  CapabilitySet.parseHex(file.get("inheritable").textValue()),
                  file.get("effective").asBoolean()));
    }
    return new Program(capabilities, id(node, "setuidOwner"), id(node, "setgidGroup"));
  }

  private static OptionalLong id(JsonNode node, String key) {
    return node.has(key) ? OptionalLong.of(node.get(key).asLong()) : OptionalLong.empty();
  }
}
