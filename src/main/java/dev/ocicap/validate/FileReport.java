package dev.ocicap.validate;

import dev.ocicap.report.Finding;
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
}
