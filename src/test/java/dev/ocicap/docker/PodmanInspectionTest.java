package dev.ocicap.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.image.ImageConfig;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What `podman inspect` of Podman 4.3.1 printed of four containers that `podman create` had made:
/// what it says itself of the container is the measure.
class PodmanInspectionTest {
  private static final Path FILE = Path.of("src/test/resources/cases/docker/podman-inspect.json");

  private record Told(JsonNode inspected, JsonNode config) {}

  private static Map<String, Told> told() throws IOException {
    JsonText text = JsonText.parse("podman-inspect.json", Files.readAllBytes(FILE));
    Map<String, Told> told = new TreeMap<>();
    int at = 0;
    for (ContainerInspection.Container one : ContainerInspection.parse(text)) {
      ClientEnvironment client =
          new ClientEnvironment(
              name -> null, "/", ClientEnvironment.Stdin.UNKNOWN, null, new NoFiles());
      DockerRunCommand command = DockerRunCommand.parse(one.words());
      Converted converted =
          DockerConversion.convert(
              command,
              ImageConfig.EMPTY,
              ImageFiles.none(),
              RecordedHost.v2Systemd(),
              one.client(client),
              ConversionOptions.of(RecordedHost.ID, ConversionOptions.Form.DOCUMENT, "/volumes")
                  .with(
                      new ConversionOptions.Grants(
                          command.engine(), ConversionOptions.DOCKER_SETS, false)));
      JsonNode inspected = text.root().get(at++);
      told.put(
          inspected.get("Name").textValue(), new Told(inspected, converted.config().json().root()));
    }
    return told;
  }

  @Test
  void the_sets_are_those_that_podman_names() throws IOException {
    for (Told one : told().values()) {
      JsonNode sets = one.config().at("/process/capabilities");
      TreeSet<String> lacking = new TreeSet<>();
      for (Capability capability : Capability.values()) {
        lacking.add(capability.name());
      }
      lacking.removeAll(names(one.inspected().get("BoundingCaps")));
      Set<String> bounding = names(sets.path("bounding"));
      Set<String> effective = names(sets.path("effective"));
      if (one.inspected().at("/HostConfig/Privileged").asBoolean()) {
        // The machine of the recording lacked some.
        bounding.removeAll(lacking);
        effective.removeAll(lacking);
      }
      assertEquals(names(one.inspected().get("BoundingCaps")), bounding);
      assertEquals(names(one.inspected().get("EffectiveCaps")), effective);
    }
  }

  @Test
  void the_command_is_the_one_that_was_typed() throws IOException {
    Map<String, Told> told = told();
    assertEquals(List.of("sh", "-c", "sleep 1"), args(told, "web"));
    assertEquals(List.of("sh", "-c", "x"), args(told, "all"));
    assertEquals(List.of("sh", "-c", "echo \"a b\""), args(told, "joined"));
    assertEquals(List.of("ls"), args(told, "plain"));
  }

  @Test
  void mounts_limits_and_annotations_are_kept() throws IOException {
    JsonNode web = config(told(), "web");
    // --tmpfs /run:size=5m, which podman writes as size=5m,rw,rprivate,nosuid,nodev,tmpcopyup.
    assertEquals("[nodev, nosuid, rprivate, rw, size=5m, tmpcopyup]", options(web, "/run"));
    assertEquals("[rbind, ro, rprivate]", options(web, "/data"));
    assertEquals(67108864, web.at("/linux/resources/memory/limit").asLong());
    assertEquals("b", web.at("/annotations/org.example.a").asText());
    assertEquals("/etc", web.at("/process/cwd").asText());
    assertEquals(true, web.at("/process/noNewPrivileges").asBoolean());
    assertEquals(true, web.at("/root/readonly").asBoolean());
    // A named volume; podman says rw,rprivate,nosuid,nodev,rbind.
    assertEquals("[nodev, nosuid, rbind, rprivate, rw]", options(config(told(), "all"), "/v"));
  }

  private static String options(JsonNode config, String destination) {
    for (JsonNode mount : config.get("mounts")) {
      if (mount.get("destination").textValue().equals(destination)) {
        TreeSet<String> options = new TreeSet<>();
        mount.get("options").forEach(option -> options.add(option.textValue()));
        return options.toString();
      }
    }
    return "no such mount";
  }

  private static JsonNode config(Map<String, Told> told, String name) {
    return Objects.requireNonNull(told.get(name)).config();
  }

  private static List<String> args(Map<String, Told> told, String name) {
    List<String> args = new ArrayList<>();
    config(told, name).at("/process/args").forEach(word -> args.add(word.textValue()));
    return args;
  }

  private static Set<String> names(JsonNode array) {
    TreeSet<String> names = new TreeSet<>();
    array.forEach(name -> names.add(name.textValue()));
    return names;
  }
}
