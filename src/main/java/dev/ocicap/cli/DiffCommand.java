package dev.ocicap.cli;

import dev.ocicap.insight.HtmlPage;
import dev.ocicap.insight.SecurityDiff;
import dev.ocicap.insight.SecurityView;
import dev.ocicap.insight.ViewReport;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import java.util.List;

/// `ocicap diff`: what differs between two configurations for security, whatever their text.
final class DiffCommand implements Command {
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positionals(
                "A B", "two configurations: bundles, files, or - for standard input"))
        .addOption(Options.single("text|json|html", "default: text", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON, Format.HTML);
    List<String> names = invocation.positionals();
    if (names.size() != 2) {
      throw OcicapException.usage(
          "diff compares two configurations, not " + names.size(), "ocicap diff OLD NEW");
    }
    SecurityView before =
        SecurityView.of(names.getFirst(), CliPaths.read(names.getFirst(), console));
    SecurityView after = SecurityView.of(names.get(1), CliPaths.read(names.get(1), console));
    SecurityDiff diff = SecurityDiff.of(before, after, false);
    console
        .out()
        .print(
            switch (format) {
              case JSON -> JsonText.lines(ViewReport.json(diff));
              case HTML -> HtmlPage.diff(before, after);
              case TEXT, MARKDOWN -> new ViewReport(console.coloursOut()).text(diff);
            });
    return diff.isEmpty() ? ExitStatus.DONE : ExitStatus.NO;
  }
}
