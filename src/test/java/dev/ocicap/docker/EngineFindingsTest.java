package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import dev.ocicap.validate.Validator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What Docker Engine wrote and runc ran is what validation must be content with: every other
/// finding of weight would be a false alarm.
class EngineFindingsTest {
  /// What is really odd about what Docker hands on.
  private static final Map<String, Set<String>> DESERVED =
      Map.of(
          // -v /source:: mounts at the path ":", which runc warns of
          "vol-colon", Set.of("mount-destination-absolute"),
          // --annotation justkey: not a reverse domain name
          "annotation-no-value", Set.of("annotation-key-form"),
          // 500000 shares are cut to the largest weight
          "cpu-shares-huge", Set.of("cpu-shares-range"));

  @Test
  void real_configurations_that_ran_have_no_finding_of_weight() throws IOException {
    Validator validator = Validator.standard();
    Map<String, Set<String>> found = new TreeMap<>();
    int checked = 0;
    for (EngineCase one : EngineCase.reference()) {
      if (one.config() == null || !one.stage().equals("ok")) {
        continue;
      }
      checked++;
      byte[] text = text(one.config()).getBytes(StandardCharsets.UTF_8);
      for (Finding finding : validator.validate(one.id(), text)) {
        if (finding.level() != Level.ADVICE) {
          found.computeIfAbsent(one.id(), id -> new TreeSet<>()).add(finding.code());
        }
      }
    }
    assertTrue(checked > 300, "configurations: " + checked);
    assertEquals(new TreeMap<>(DESERVED), found);
  }

  /// The recorded configurations name the seccomp profile, the host's devices, the network
  /// namespace and the root file system instead of holding them.
  private static String text(JsonNode config) {
    ObjectNode copy = config.deepCopy();
    if (copy.get("linux") instanceof ObjectNode linux) {
      linux.remove("seccomp");
      if (linux.path("devices").path(0).isTextual()) {
        linux.remove("devices");
      }
    }
    return JsonText.lines(copy)
        .replace("\"<NETNS>\"", "\"/run/netns/it\"")
        .replace("\"<ROOTFS>\"", "\"/var/lib/docker/it\"");
  }
}
