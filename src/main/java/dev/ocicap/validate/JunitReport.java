package dev.ocicap.validate;

import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import java.util.List;

/// Findings as JUnit's XML: a file is a suite, a finding a failed case; a clean file has one case
/// that passed.
final class JunitReport {
  private JunitReport() {}

  static String write(List<FileReport> reports) {
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    int tests = 0;
    int failures = 0;
    for (FileReport report : reports) {
      tests += Math.max(1, report.findings().size());
      failures += report.findings().size();
    }
    out.append("<testsuites name=\"ocicap validate\"").append(counts(tests, failures));
    for (FileReport report : reports) {
      suite(report, out);
    }
    return out.append("</testsuites>\n").toString();
  }

  private static void suite(FileReport report, StringBuilder out) {
    int count = report.findings().size();
    out.append("  <testsuite name=\"").append(xml(report.path())).append('"');
    out.append(counts(Math.max(1, count), count));
    if (count == 0) {
      out.append("    <testcase name=\"valid\" classname=\"").append(xml(report.path()));
      out.append("\"/>\n");
    }
    for (Finding finding : report.findings()) {
      out.append("    <testcase name=\"")
          .append(xml(finding.code() + " " + finding.pointer()))
          .append("\" classname=\"")
          .append(xml(report.path()))
          .append("\">\n      <failure type=\"")
          .append(finding.level().word())
          .append("\" message=\"")
          .append(xml(finding.message()))
          .append("\">")
          .append(xml(finding.place() + ": " + ReportFormat.sentence(finding)))
          .append("</failure>\n    </testcase>\n");
    }
    out.append("  </testsuite>\n");
  }

  private static String counts(int tests, int failures) {
    return " tests=\"" + tests + "\" failures=\"" + failures + "\" errors=\"0\" skipped=\"0\">\n";
  }

  /// Characters that XML cannot hold are shown as escapes.
  private static String xml(String text) {
    return Escape.text(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\ufffe", "\\ufffe")
        .replace("\uffff", "\\uffff");
  }
}
