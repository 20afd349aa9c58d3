package dev.ocicap.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an image says about its containers (image-spec config.md#properties).
///
/// @param entrypoint the first words of the command
/// @param command the words after them, which the words of the command line replace
/// @param environment `NAME=value`
/// @param user `USER[:GROUP]`, or ""
/// @param workingDirectory or ""
/// @param volumes paths in the container that are volumes
/// @param labels by name
/// @param stopSignal or ""
/// @param exposedPorts `80/tcp`
/// @param os or "" when unknown
/// @param architecture Go's name, or "" when unknown
/// @param healthcheck Docker's own
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String user,
    String workingDirectory,
    List<String> volumes,
    Map<String, String> labels,
    String stopSignal,
    List<String> exposedPorts,
    String os,
    String architecture,
    Healthcheck healthcheck) {

  /// An image that says nothing, such as a bare root file system.
  public static final ImageConfig EMPTY =
      new ImageConfig(
          List.of(),
          List.of(),
          List.of(),
          "",
          "",
          List.of(),
          Map.of(),
          "",
          List.of(),
          "",
          "",
          Healthcheck.NONE);

  /// Copies the lists.
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    volumes = List.copyOf(volumes);
    labels = Map.copyOf(labels);
    exposedPorts = List.copyOf(exposedPorts);
  }

  /// The configuration in an image's configuration blob (image-spec config.md), or in what `docker
  /// image inspect` prints, an array of which the first element counts.
  ///
  /// @throws OcicapException when a value has the wrong type
  public static ImageConfig parse(JsonText text) {
    JsonNode root = text.root();
    String pointer = "";
    if (root.isArray() && !root.isEmpty()) {
      root = root.get(0);
      pointer = "/0";
    }
    if (!root.isObject()) {
      throw OcicapException.input(
          text.place(pointer), "an image's configuration is a JSON object", null);
    }
    Reader image = new Reader(text, root, pointer);
    Reader config = image.child("config", "Config");
    Reader health = config.child("Healthcheck", "Healthcheck");
    return new ImageConfig(
        config.strings("Entrypoint"),
        config.strings("Cmd"),
        config.strings("Env"),
        config.string("User"),
        config.string("WorkingDir"),
        config.keys("Volumes"),
        config.map("Labels"),
        config.string("StopSignal"),
        config.keys("ExposedPorts"),
        image.string(root.has("os") ? "os" : "Os"),
        image.string(root.has("architecture") ? "architecture" : "Architecture"),
        new Healthcheck(
            health.strings("Test"),
            health.number("Interval"),
            health.number("Timeout"),
            health.number("StartPeriod"),
            health.number("StartInterval"),
            health.number("Retries")));
  }

  /// Reads members of one object; what is absent or null is empty.
  private record Reader(JsonText text, JsonNode node, String pointer) {

    Reader child(String key, String otherKey) {
      String used = node.hasNonNull(key) ? key : otherKey;
      JsonNode child = node.path(used);
      if (!child.isObject() && node.hasNonNull(used)) {
        throw wrong(used, "an object");
      }
      return new Reader(text, child, pointer + "/" + used);
    }

    String string(String key) {
      if (!node.hasNonNull(key)) {
        return "";
      }
      if (!node.get(key).isTextual()) {
        throw wrong(key, "a string");
      }
      return node.get(key).textValue();
    }

    long number(String key) {
      if (!node.hasNonNull(key)) {
        return 0;
      }
      if (!node.get(key).canConvertToLong()) {
        throw wrong(key, "an integer");
      }
      return node.get(key).longValue();
    }

    List<String> strings(String key) {
      List<String> strings = new ArrayList<>();
      if (node.hasNonNull(key)) {
        if (!node.get(key).isArray()) {
          throw wrong(key, "an array");
        }
        for (JsonNode element : node.get(key)) {
          if (!element.isTextual()) {
            throw wrong(key, "an array of strings");
          }
          strings.add(element.textValue());
        }
      }
      return strings;
    }

    Map<String, String> map(String key) {
      Map<String, String> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : members(key)) {
        if (!member.getValue().isTextual()) {
          throw wrong(key, "an object of strings");
        }
        map.put(member.getKey(), member.getValue().textValue());
      }
      return map;
    }

    List<String> keys(String key) {
      List<String> keys = new ArrayList<>();
      for (Map.Entry<String, JsonNode> member : members(key)) {
        keys.add(member.getKey());
      }
      return keys;
    }

    private Iterable<Map.Entry<String, JsonNode>> members(String key) {
      if (!node.hasNonNull(key)) {
        return List.of();
      }
      if (!node.get(key).isObject()) {
        throw wrong(key, "an object");
      }
      return node.get(key).properties();
    }

    private OcicapException wrong(String key, String wanted) {
      return OcicapException.input(
          text.place(pointer + "/" + key), "'" + key + "' is not " + wanted, null);
    }
  }
}
