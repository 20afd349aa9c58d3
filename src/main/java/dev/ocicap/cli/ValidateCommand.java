package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.Level;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.validate.Batch;
import dev.ocicap.validate.FileReport;
import dev.ocicap.validate.ReportFormat;
import dev.ocicap.validate.Target;
import dev.ocicap.validate.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap validate`: what is wrong with configurations.
final class ValidateCommand implements Command {
  private static final String LEVEL = "--level";
  private static final String FORMAT = "--format";
  private static final String SCHEMA_ONLY = "--schema-only";
  private static final String SCHEMA = "--schema";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positionals(
                "PATH",
                "bundles, files, folders (every config.json below), or - for standard input"))
        .addOption(
            Options.single(
                "LEVEL",
                "show findings of must, should (default) or advice, and all that weigh more",
                LEVEL))
        .addOption(
            Options.single(
                "FORMAT",
                String.join(", ", ReportFormat.words()) + "; text is the default",
                FORMAT))
        .addOption(Options.flag("check against the specification's schema only", SCHEMA_ONLY))
        .addOption(
            Options.single("DIR", "schemas of your own: DIR/VERSION/config.schema.json", SCHEMA));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Level level = level(invocation.value(LEVEL).orElse(Level.SHOULD.word()));
    ReportFormat format = format(invocation.value(FORMAT).orElse(ReportFormat.TEXT.word()));
    Validator validator = Validator.standard();
    if (invocation.has(SCHEMA)) {
      validator =
          validator.withSchemas(CliPaths.of(invocation.value(SCHEMA).orElseThrow(), console));
    }
    if (invocation.has(SCHEMA_ONLY)) {
      validator = validator.schemaOnly();
    }
    List<Target> targets = targets(invocation.positionals(), console);
    List<FileReport> reports = new ArrayList<>();
    int findings = 0;
    for (FileReport all : new Batch(validator).check(targets, (done, of) -> {})) {
      FileReport report = all.atLeast(level);
      findings += report.findings().size();
      reports.add(report);
    }
    console
        .out()
        .print(
            format.write(
                reports,
                new ReportFormat.Look(
                    console.outIsTerminal(), console.coloursOut(), Help.version())));
    return findings == 0 ? ExitStatus.DONE : ExitStatus.NO;
  }

  /// Everything that is missing is said at once.
  private static List<Target> targets(List<String> words, Console console) {
    List<Target> targets = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String word : words) {
      try {
        if (word.equals(CliPaths.STANDARD_STREAM)) {
          targets.add(Target.of(word, console.in()));
        } else {
          targets.addAll(Target.find(CliPaths.of(word, console)));
        }
      } catch (OcicapException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, problems);
    }
    return targets;
  }

  private static Level level(String word) {
    List<String> words = new ArrayList<>();
    for (Level level : Level.values()) {
      if (level.word().equals(word)) {
        return level;
      }
      words.add(level.word());
    }
    throw unknown(LEVEL, word, words);
  }

  private static ReportFormat format(String word) {
    return ReportFormat.find(word).orElseThrow(() -> unknown(FORMAT, word, ReportFormat.words()));
  }

  private static OcicapException unknown(String option, String word, List<String> words) {
    return OcicapException.usage(
        option + ": '" + word + "' is none of " + String.join(", ", words),
        option
            + " "
            + Suggestion.nearest(word.toLowerCase(Locale.ROOT), words).orElse(words.getFirst()));
  }
}
