package dev.ocicap.validate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Findings as SARIF 2.1.0 (OASIS), one run of one tool.
final class SarifReport {
  private SarifReport() {}

  static String write(List<FileReport> reports, String version) {
    Map<String, Integer> indexes = new LinkedHashMap<>();
    ArrayNode rules = JsonValues.array();
    for (Rule rule : Rules.ALL) {
      indexes.put(rule.code(), rules.size());
      rules.add(rule(rule));
    }
    ArrayNode results = JsonValues.array();
    for (FileReport report : reports) {
      for (Finding finding : report.findings()) {
        results.add(result(finding, indexes.getOrDefault(finding.code(), -1)));
      }
    }
    ObjectNode driver = JsonValues.object();
    driver.set("name", JsonValues.string("ocicap"));
    driver.set("version", JsonValues.string(version));
    driver.set("rules", rules);
    ObjectNode tool = JsonValues.object();
    tool.set("driver", driver);
    ObjectNode run = JsonValues.object();
    run.set("tool", tool);
    run.set("columnKind", JsonValues.string("unicodeCodePoints"));
    run.set("results", results);
    ObjectNode root = JsonValues.object();
    root.set("$schema", JsonValues.string("https://json.schemastore.org/sarif-2.1.0.json"));
    root.set("version", JsonValues.string("2.1.0"));
    root.set("runs", JsonValues.array().add(run));
    return JsonText.lines(root);
  }

  private static ObjectNode rule(Rule rule) {
    ObjectNode configuration = JsonValues.object();
    configuration.set("level", JsonValues.string(ReportFormat.severity(rule.level())));
    ObjectNode node = JsonValues.object();
    node.set("id", JsonValues.string(rule.code()));
    node.set("shortDescription", message(rule.summary()));
    node.set("help", message(rule.page()));
    node.set("defaultConfiguration", configuration);
    return node;
  }

  private static ObjectNode result(Finding finding, int index) {
    ObjectNode node = JsonValues.object();
    node.set("ruleId", JsonValues.string(finding.code()));
    node.set("ruleIndex", JsonValues.number(index));
    node.set("level", JsonValues.string(ReportFormat.severity(finding.level())));
    node.set("message", message(Escape.text(ReportFormat.sentence(finding))));
    node.set("locations", JsonValues.array().add(location(finding)));
    return node;
  }

  private static ObjectNode location(Finding finding) {
    ObjectNode artifact = JsonValues.object();
    artifact.set("uri", JsonValues.string(uri(finding.place().file())));
    ObjectNode physical = JsonValues.object();
    physical.set("artifactLocation", artifact);
    if (finding.place().line() > 0) {
      ObjectNode region = JsonValues.object();
      region.set("startLine", JsonValues.number(finding.place().line()));
      region.set("startColumn", JsonValues.number(finding.place().column()));
      physical.set("region", region);
    }
    ObjectNode logical = JsonValues.object();
    logical.set("fullyQualifiedName", JsonValues.string(finding.pointer()));
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
