package dev.ocicap.validate;

import dev.ocicap.report.Escape;
import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import java.util.List;

/// Findings for people.
final class TextReport {
  private TextReport() {}

  static String write(List<FileReport> reports, ReportFormat.Look look) {
    StringBuilder out = new StringBuilder();
    for (FileReport report : reports) {
      for (int i = 0; i < report.findings().size(); i++) {
        write(report.findings().get(i), report.excerpts().get(i), look, out);
      }
    }
    return out.toString();
  }

  private static void write(
      Finding finding, Excerpt excerpt, ReportFormat.Look look, StringBuilder out) {
    out.append(Escape.text(finding.place().toString()))
        .append(": ")
        .append(coloured(finding.level(), look.colours()))
        .append(' ')
        .append(Escape.text(finding.message()))
        .append(" [")
        .append(finding.code())
        .append("]\n");
    if (look.source() && !excerpt.equals(Excerpt.NONE)) {
      source(finding, excerpt, out);
    }
    if (finding.hint() != null) {
      out.append("  hint: ").append(Escape.text(finding.hint())).append('\n');
    }
  }

  private static void source(Finding finding, Excerpt excerpt, StringBuilder out) {
    String number = Integer.toString(finding.place().line());
    String before = Escape.text(excerpt.before().replace("\t", "  "));
    out.append("  ").append(number).append(" | ").append(before);
    out.append(Escape.text(excerpt.after().replace("\t", "  "))).append('\n');
    out.append("  ").append(" ".repeat(number.length())).append(" | ");
    out.append(" ".repeat(before.codePointCount(0, before.length()))).append("^\n");
  }

  private static String coloured(Level level, boolean colours) {
    String word = ReportFormat.severity(level) + ":";
    if (!colours) {
      return word;
    }
    return switch (level) {
      case MUST -> "\u001b[1;31m" + word + "\u001b[0m";
      case SHOULD -> "\u001b[1;33m" + word + "\u001b[0m";
      case ADVICE -> "\u001b[1;36m" + word + "\u001b[0m";
    };
  }
}
