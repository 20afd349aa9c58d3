package dev.ocicap.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One command as it was given to Docker 28 or Podman 5.8, and what became of it.
///
/// The first file holds whole cases. Its first line is the configuration of the plainest command;
/// each case has the JSON merge patch (RFC 7396) that leads from it to the case's configuration. In
/// the other files, of other hosts, the first line is what is different in every case, and a case
/// has the patch for what is different beyond that.
///
/// @param id its name
/// @param line as it was typed
/// @param argv as a POSIX shell splits it
/// @param stdin `null`, `tty` or `pipe`
/// @param console the size of the terminal on standard output, or null
/// @param stage `ok`, or who refused it
/// @param config what Docker Engine wrote, in normal form, or null when it came to nothing
record EngineCase(
    String id,
    String line,
    List<String> argv,
    String stdin,
    ClientEnvironment.@Nullable ConsoleSize console,
    String stage,
    @Nullable JsonNode config) {

  private static final String REFERENCE = "engine-28-v2-systemd-apparmor.jsonl";

  /// The cases of the host with control groups of version 2, systemd and AppArmor.
  static List<EngineCase> reference() throws IOException {
    List<JsonNode> lines = lines(REFERENCE);
    return cases(lines.getFirst().get("base"), lines.subList(1, lines.size()));
  }

  /// More cases of that host: each notation with odd values, and many flags at once.
  static List<EngineCase> more() throws IOException {
    return cases(lines(REFERENCE).getFirst().get("base"), lines("engine-28-more.jsonl"));
  }

  /// Commands as they were given to Podman 5.8.6.
  static List<EngineCase> podman() throws IOException {
    List<JsonNode> lines = lines("podman-5.8.jsonl");
    return cases(lines.getFirst().get("base"), lines.subList(1, lines.size()));
  }

  private static List<EngineCase> cases(JsonNode base, List<JsonNode> lines) {
    List<EngineCase> cases = new ArrayList<>();
    for (JsonNode line : lines) {
      List<String> argv = new ArrayList<>();
      line.get("argv").forEach(word -> argv.add(word.asText()));
      JsonNode console = line.get("console");
      cases.add(
          new EngineCase(
              line.get("id").asText(),
              line.get("line").asText(),
              argv,
              line.path("stdin").asText("null"),
              console == null
                  ? null
                  : new ClientEnvironment.ConsoleSize(
                      console.get(0).asInt(), console.get(1).asInt()),
              line.get("stage").asText(),
              line.has("config") ? patched(base, line.get("config")) : null));
    }
    return cases;
  }

  /// The same commands on another host; fewer of them.
  static List<EngineCase> elsewhere(String file) throws IOException {
    Map<String, EngineCase> reference = new LinkedHashMap<>();
    for (EngineCase one : reference()) {
      reference.put(one.id, one);
    }
    JsonNode plainest = lines(REFERENCE).getFirst().get("base");
    List<JsonNode> lines = lines(file);
    JsonNode common = lines.getFirst().get("common");
    List<EngineCase> cases = new ArrayList<>();
    for (JsonNode line : lines.subList(1, lines.size())) {
      EngineCase other = Objects.requireNonNull(reference.get(line.get("id").asText()));
      String stage = line.get("stage").asText();
      JsonNode config = null;
      if (line.has("config") || stage.equals("ok") || stage.equals("runtime")) {
        JsonNode base = other.config == null ? plainest : other.config;
        config = patched(base, common);
        config = line.has("config") ? patched(config, line.get("config")) : config;
      }
      cases.add(
          new EngineCase(
              other.id, other.line, other.argv, other.stdin, other.console, stage, config));
    }
    return cases;
  }

  private static List<JsonNode> lines(String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(RecordedHost.CASES.resolve(file))) {
      lines.add(JsonText.parse(file, line).root());
    }
    return lines;
  }

  private static JsonNode patched(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result = target.isObject() ? target.deepCopy() : JsonValues.object();
    patch
        .properties()
        .forEach(member -> {
          if (member.getValue().isNull()) {
            result.remove(member.getKey());
          } else {
            JsonNode old = result.path(member.getKey());
            result.set(member.getKey(), patched(old, member.getValue()));
          }
        });
    return result;
  }
}
