package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Baseline;
import dev.ocicap.insight.HtmlPage;
import dev.ocicap.insight.SecurityDiff;
import dev.ocicap.insight.SecurityView;
import dev.ocicap.insight.ViewReport;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ocicap show`: the five sets side by side, and what else decides.
final class ShowCommand implements Command {
  private static final String AGAINST = "--against";
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positionals("BUNDLE|FILE|-", "configurations; - reads standard input"))
        .addOption(
            Options.single(
                String.join("|", Baseline.words()) + "|BUNDLE",
                "compare with what an engine grants by default, or with another configuration",
                AGAINST))
        .addOption(
            Options.single(
                "text|json|html", "default: text; json has the names of config.json", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON, Format.HTML);
    Optional<String> other = invocation.value(AGAINST);
    Optional<Baseline> baseline = other.flatMap(Baseline::find);
    SecurityView against = null;
    if (baseline.isPresent()) {
      against = SecurityView.of(baseline.get());
    } else if (other.isPresent()) {
      against = SecurityView.of(other.get(), CliPaths.read(other.get(), console));
    }
    List<SecurityView> views = new ArrayList<>();
    for (String name : invocation.positionals()) {
      views.add(SecurityView.of(name, CliPaths.read(name, console)));
    }
    switch (format) {
      case JSON -> console.out().print(JsonText.lines(json(views, against, baseline.isPresent())));
      case HTML -> console.out().print(HtmlPage.show(views, against, baseline.isPresent()));
      case TEXT, MARKDOWN -> {
        ViewReport report = new ViewReport(console.coloursOut());
        boolean first = true;
        for (SecurityView view : views) {
          console.out().print(first ? "" : "\n");
          first = false;
          console.out().print(report.text(view, against));
        }
      }
    }
    return ExitStatus.DONE;
  }

  private static ArrayNode json(
      List<SecurityView> views, @Nullable SecurityView against, boolean capabilitiesOnly) {
    ArrayNode array = JsonValues.array();
    for (SecurityView view : views) {
      ObjectNode node = ViewReport.json(view);
      if (against != null) {
        node.set("against", JsonValues.string(against.name()));
        node.set("changes", ViewReport.json(SecurityDiff.of(against, view, capabilitiesOnly)));
      }
      array.add(node);
    }
    return array;
  }
}
