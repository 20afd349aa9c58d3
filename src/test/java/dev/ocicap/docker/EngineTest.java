package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Real Docker is the measure: every recorded command becomes what Docker Engine 28.5.2 wrote for
/// it, or is refused as it was. [NormalForm] says what is not compared.
class EngineTest {

  /// Cases that differ, and why.
  private static final Map<String, String> DIFFERENCES =
      Map.of(
          "net-ip6-without-subnet",
          "only Docker Engine knows the addresses of a network that was made by the user",
          "pull-always",
          "Docker Engine could not reach the registry; the image is given to a conversion");

  @Test
  void a_command_becomes_what_docker_engine_writes() throws IOException {
    check(EngineCase.reference(), RecordedHost.v2Systemd(), DIFFERENCES);
  }

  @Test
  void odd_values_are_taken_or_refused_as_by_docker_engine() throws IOException {
    check(EngineCase.more(), RecordedHost.v2Systemd(), Map.of());
  }

  /// The same host without systemd and AppArmor.
  @Test
  void control_groups_can_be_made_without_systemd() throws IOException {
    TargetHost host = RecordedHost.v2Systemd().described("cgroup-driver=cgroupfs,lsm=none");
    check(EngineCase.elsewhere("engine-28-v2-cgroupfs.jsonl"), host, DIFFERENCES);
  }

  /// A host with control groups of version 1.
  @Test
  void control_groups_can_be_of_version_1() throws IOException {
    TargetHost host =
        RecordedHost.v2Systemd()
            .described("cgroup=v1,cgroup-driver=cgroupfs,lsm=none,cpuset-cpus=0-1,cpuset-mems=0");
    check(EngineCase.elsewhere("engine-28-v1-cgroupfs.jsonl"), host, Map.of());
  }

  private static void check(
      List<EngineCase> cases, TargetHost host, Map<String, String> differences) throws IOException {
    RecordedHost recorded = new RecordedHost();
    Map<String, String> wrong = new TreeMap<>();
    for (EngineCase one : cases) {
      String difference = difference(one, recorded, host);
      if (!difference.isEmpty()) {
        wrong.put(one.id(), one.line() + "\n" + difference);
      }
    }
    System.out.println((cases.size() - wrong.size()) + " / " + cases.size() + " cases match");
    List<String> unexpected = new ArrayList<>();
    wrong.forEach((id, text) -> {
      if (!differences.containsKey(id)) {
        unexpected.add(id + ": " + text);
      }
    });
    TreeSet<String> settled = new TreeSet<>(differences.keySet());
    settled.removeAll(wrong.keySet());
    assertEquals("", String.join("\n", unexpected));
    assertEquals(new TreeSet<>(), settled, "listed as different, and not different");
  }

  private static String difference(EngineCase one, RecordedHost recorded, TargetHost host) {
    JsonNode expected = one.config();
    JsonNode actual;
    try {
      actual = NormalForm.of(recorded.convert(one, host).config().json().root(), RecordedHost.ID);
    } catch (OcicapException e) {
      return expected == null ? "" : "refused: " + e.problems();
    }
    if (expected == null) {
      return one.stage().equals("ok") ? "" : "not refused (" + one.stage() + ")";
    }
    List<String> lines = new ArrayList<>();
    compare("", NormalForm.reparsed(expected), actual, lines);
    return String.join("\n", lines);
  }

  static void compare(String path, JsonNode expected, JsonNode actual, List<String> lines) {
    if (expected.equals(actual)) {
      return;
    }
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> keys = new TreeSet<>();
      expected.properties().forEach(member -> keys.add(member.getKey()));
      actual.properties().forEach(member -> keys.add(member.getKey()));
      for (String key : keys) {
        compare(path + "/" + key, expected.path(key), actual.path(key), lines);
      }
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(path + "/" + i, expected.get(i), actual.get(i), lines);
      }
    } else {
      lines.add("  " + path + "\n    engine " + shown(expected) + "\n    ocicap " + shown(actual));
    }
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : JsonText.compact(node);
  }
}
