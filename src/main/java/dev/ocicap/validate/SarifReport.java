package dev.ocicap.validate;

import dev.ocicap.report.Finding;
import dev.ocicap.sarif.SarifLog;
import java.util.ArrayList;
import java.util.List;

/// Findings as SARIF.
final class SarifReport {
  private SarifReport() {}

  static String write(List<FileReport> reports, String version) {
    List<SarifLog.Rule> rules = new ArrayList<>();
    for (Rule rule : Rules.ALL) {
      rules.add(
          new SarifLog.Rule(
              rule.code(), ReportFormat.severity(rule.level()), rule.summary(), rule.page()));
    }
    List<SarifLog.Result> results = new ArrayList<>();
    for (FileReport report : reports) {
      for (Finding finding : report.findings()) {
        results.add(
            new SarifLog.Result(
                finding.code(),
                ReportFormat.severity(finding.level()),
                ReportFormat.sentence(finding),
                finding.place(),
                finding.pointer()));
      }
    }
    return SarifLog.write(version, rules, results);
  }
}
