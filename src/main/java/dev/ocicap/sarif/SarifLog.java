package dev.ocicap.sarif;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Place;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A SARIF 2.1.0 log with one run of ocicap.
public final class SarifLog {
  private SarifLog() {}

  /// A rule.
  ///
  /// @param code its name
  /// @param level `error`, `warning` or `note`
  /// @param summary one sentence
  /// @param help its page
  public record Rule(String code, String level, String summary, String help) {}

  /// A result.
  ///
  /// @param code the name of its rule
  /// @param level `error`, `warning` or `note`
  /// @param message what was found, with the remedy
  /// @param place where
  /// @param pointer the JSON pointer of the value at fault; "" is the whole document
  public record Result(String code, String level, String message, Place place, String pointer) {}

  /// The log as JSON text.
  ///
  /// @param version ocicap's
  public static String write(String version, List<Rule> rules, List<Result> results) {
    Map<String, Integer> indexes = new LinkedHashMap<>();
    ArrayNode ruleNodes = JsonValues.array();
    for (Rule rule : rules) {
      indexes.put(rule.code(), ruleNodes.size());
      ruleNodes.add(rule(rule));
    }
    ArrayNode resultNodes = JsonValues.array();
    for (Result result : results) {
      resultNodes.add(result(result, indexes.getOrDefault(result.code(), -1)));
    }
    ObjectNode driver = JsonValues.object();
    driver.set("name", JsonValues.string("ocicap"));
    driver.set("version", JsonValues.string(version));
    driver.set("rules", ruleNodes);
    ObjectNode tool = JsonValues.object();
    tool.set("driver", driver);
    ObjectNode run = JsonValues.object();
    run.set("tool", tool);
    run.set("columnKind", JsonValues.string("unicodeCodePoints"));
    run.set("results", resultNodes);
    ObjectNode root = JsonValues.object();
    root.set("$schema", JsonValues.string("https://json.schemastore.org/sarif-2.1.0.json"));
    root.set("version", JsonValues.string("2.1.0"));
    root.set("runs", JsonValues.array().add(run));
    return JsonText.lines(root);
  }

  private static ObjectNode rule(Rule rule) {
    ObjectNode configuration = JsonValues.object();
    configuration.set("level", JsonValues.string(rule.level()));
    ObjectNode node = JsonValues.object();
    node.set("id", JsonValues.string(rule.code()));
    node.set("shortDescription", message(rule.summary()));
    node.set("help", message(rule.help()));
    node.set("defaultConfiguration", configuration);
    return node;
  }

  private static ObjectNode result(Result result, int index) {
    ObjectNode node = JsonValues.object();
    node.set("ruleId", JsonValues.string(result.code()));
    node.set("ruleIndex", JsonValues.number(index));
    node.set("level", JsonValues.string(result.level()));
    node.set("message", message(Escape.text(result.message())));
    node.set("locations", JsonValues.array().add(location(result)));
    return node;
  }

  private static ObjectNode location(Result result) {
    ObjectNode artifact = JsonValues.object();
    artifact.set("uri", JsonValues.string(uri(result.place().file())));
    ObjectNode physical = JsonValues.object();
    physical.set("artifactLocation", artifact);
    if (result.place().line() > 0) {
      ObjectNode region = JsonValues.object();
      region.set("startLine", JsonValues.number(result.place().line()));
      region.set("startColumn", JsonValues.number(result.place().column()));
      physical.set("region", region);
    }
    ObjectNode logical = JsonValues.object();
    logical.set("fullyQualifiedName", JsonValues.string(result.pointer()));
    ObjectNode location = JsonValues.object();
    location.set("physicalLocation", physical);
    location.set("logicalLocations", JsonValues.array().add(logical));
    return location;
  }

  private static ObjectNode message(String text) {
    ObjectNode node = JsonValues.object();
    node.set("text", JsonValues.string(text));
    return node;
  }

  /// The path as a URI reference (RFC 3986): everything but unreserved characters and `/` is
  /// percent-encoded.
  static String uri(String path) {
    StringBuilder out = new StringBuilder(path.startsWith("/") ? "file://" : "");
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      if (plain) {
        out.append((char) c);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }
}
