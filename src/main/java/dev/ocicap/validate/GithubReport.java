package dev.ocicap.validate;

import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import java.util.List;

/// Findings as workflow commands of GitHub Actions: `::error file=…,line=…::message`.
final class GithubReport {
  private GithubReport() {}

  static String write(List<FileReport> reports) {
    StringBuilder out = new StringBuilder();
    for (FileReport report : reports) {
      for (Finding finding : report.findings()) {
        out.append("::")
            .append(command(finding.level()))
            .append(" file=")
            .append(property(finding.place().file()));
        if (finding.place().line() > 0) {
          out.append(",line=").append(finding.place().line());
          out.append(",col=").append(finding.place().column());
        }
        out.append(",title=")
            .append(property(finding.code()))
            .append("::")
            .append(data(Escape.text(ReportFormat.sentence(finding))))
            .append('\n');
      }
    }
    return out.toString();
  }

  private static String command(Level level) {
    return switch (level) {
      case MUST -> "error";
      case SHOULD -> "warning";
      case ADVICE -> "notice";
    };
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
