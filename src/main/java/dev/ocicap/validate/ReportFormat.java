package dev.ocicap.validate;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How findings are written.
public enum ReportFormat {
  /// For people: `file:line:column: level: message [code]`, the line and a caret, the hint.
  TEXT,
  /// For programs, ocicap's own.
  JSON,
  /// SARIF 2.1.0, which code scanning services read.
  SARIF,
  /// JUnit's XML, which continuous integration services read.
  JUNIT,
  /// The workflow commands of GitHub Actions, which annotate the lines of a change.
  GITHUB;

  /// The word in options.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The words of all formats.
  public static List<String> words() {
    List<String> words = new ArrayList<>();
    for (ReportFormat format : values()) {
      words.add(format.word());
    }
    return words;
  }

  /// The format of a word.
  public static Optional<ReportFormat> find(String word) {
    for (ReportFormat format : values()) {
      if (format.word().equals(word)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /// How a report looks beyond its format.
  ///
  /// @param source whether text shows the line and a caret
  /// @param colours whether text is coloured
  /// @param version the version of ocicap, for the formats that name their tool
  public record Look(boolean source, boolean colours, String version) {}

  /// The whole report. It depends on nothing but its arguments.
  public String write(List<FileReport> reports, Look look) {
    return switch (this) {
      case TEXT -> TextReport.write(reports, look);
      case JSON -> JsonReport.write(reports);
      case SARIF -> SarifReport.write(reports, look.version());
      case JUNIT -> JunitReport.write(reports);
      case GITHUB -> GithubReport.write(reports);
    };
  }

  /// The word that other tools have for a level.
  static String severity(Level level) {
    return switch (level) {
      case MUST -> "error";
      case SHOULD -> "warning";
      case ADVICE -> "note";
    };
  }

  /// The message with the hint behind it, on one line.
  static String sentence(Finding finding) {
    return finding.hint() == null
        ? finding.message()
        : finding.message() + " (hint: " + finding.hint() + ")";
  }
}
