package dev.ocicap.validate;

import dev.ocicap.report.Finding;
import dev.ocicap.report.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What was found in one file.
///
/// @param path the file as the user named it
/// @param findings in the order of the text
/// @param excerpts where each finding stands, one for each finding
public record FileReport(String path, List<Finding> findings, List<Excerpt> excerpts) {
  /// Copies the lists.
  public FileReport {
    findings = List.copyOf(findings);
    excerpts = List.copyOf(excerpts);
  }

  static FileReport of(String path, Finding finding) {
    return new FileReport(path, List.of(finding), Collections.nCopies(1, Excerpt.NONE));
  }

  /// The same with only the findings that weigh at least as much.
  public FileReport atLeast(Level level) {
    List<Finding> kept = new ArrayList<>();
    List<Excerpt> lines = new ArrayList<>();
    for (int i = 0; i < findings.size(); i++) {
      if (findings.get(i).level().compareTo(level) <= 0) {
        kept.add(findings.get(i));
        lines.add(excerpts.get(i));
      }
    }
    return new FileReport(path, kept, lines);
  }
}
