package dev.ocicap.validate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Findings for programs: `{"paths":[{"path","findings":[…]}]}`.
final class JsonReport {
  private JsonReport() {}

  static String write(List<FileReport> reports) {
    ArrayNode paths = JsonValues.array();
    for (FileReport report : reports) {
      ArrayNode findings = JsonValues.array();
      for (Finding finding : report.findings()) {
        findings.add(finding(finding));
      }
      ObjectNode path = JsonValues.object();
      path.set("path", JsonValues.string(report.path()));
      path.set("findings", findings);
      paths.add(path);
    }
    ObjectNode root = JsonValues.object();
    root.set("paths", paths);
    return JsonText.lines(root);
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode node = JsonValues.object();
    node.set("code", JsonValues.string(finding.code()));
    node.set("level", JsonValues.string(finding.level().word()));
    node.set("layer", JsonValues.string(finding.layer().word()));
    node.set("pointer", JsonValues.string(finding.pointer()));
    node.set("line", JsonValues.number(finding.place().line()));
    node.set("column", JsonValues.number(finding.place().column()));
    node.set("message", JsonValues.string(finding.message()));
    set(node, "hint", finding.hint());
    set(node, "reference", finding.reference());
    return node;
  }

  private static void set(ObjectNode node, String key, @Nullable String text) {
    node.set(key, text == null ? node.nullNode() : JsonValues.string(text));
  }
}
