package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Rule;
import dev.ocicap.validate.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ocicap explain`: the page of a rule, or the list of all; or which property of a bundle a
/// runtime's error comes from.
final class ExplainCommand implements Command {
  private static final String ERROR = "--error";
  private static final String QUIET = "--quiet";
  private static final int MAX_ERROR_BYTES = 1024 * 1024;

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.optionalPositionals(
                "RULE",
                "the word in brackets behind a finding; none lists all; with --error the bundle"))
        .addOption(
            Options.single(
                "FILE|-",
                "say which property of a bundle this comes from: what a runtime wrote to standard"
                    + " error, or its log",
                ERROR))
        .addOption(Options.flag("with --error: say nothing when the error is not known", QUIET));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    List<String> codes = invocation.positionals();
    if (invocation.has(ERROR)) {
      return error(invocation, codes, console);
    }
    if (codes.isEmpty()) {
      for (Rule rule : Rules.ALL) {
        console
            .out()
            .println(
                rule.code()
                    + " ".repeat(Math.max(1, 36 - rule.code().length()))
                    + rule.level().word()
                    + " ".repeat(8 - rule.level().word().length())
                    + rule.layer().word());
      }
      return ExitStatus.DONE;
    }
    for (String code : codes) {
      explain(rule(code), console);
    }
    return ExitStatus.DONE;
  }

  /// Status 0 when something was found, as errors on standard error.
  private static ExitStatus error(Invocation invocation, List<String> bundles, Console console) {
    String file = invocation.value(ERROR).orElseThrow();
    if (bundles.size() != 1) {
      throw OcicapException.usage(
          ERROR + " needs the bundle that the runtime was given",
          "ocicap explain " + ERROR + " FILE BUNDLE");
    }
    RuntimeConfig config = CliPaths.read(bundles.getFirst(), console);
    List<Problem> problems = StartFailures.of(config, text(file, console), console);
    if (problems.isEmpty() && invocation.has(QUIET)) {
      return ExitStatus.NO;
    }
    if (problems.isEmpty()) {
      throw new OcicapException(
          ExitStatus.NO,
          List.of(
              Problem.of(
                  "nothing in the configuration is known to cause this error",
                  "ocicap validate --host --level must " + bundles.getFirst())));
    }
    Problems.print(problems, console);
    return ExitStatus.DONE;
  }

  private static String text(String file, Console console) {
    try (InputStream in =
        file.equals(CliPaths.STANDARD_STREAM)
            ? console.in()
            : Files.newInputStream(CliPaths.of(file, console))) {
      return new String(in.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw OcicapException.input(Place.file(file), "cannot read: " + e.getMessage(), null, e);
    }
  }

  private static void explain(Rule rule, Console console) {
    console
        .out()
        .println(rule.code() + " (" + rule.layer().word() + ", " + rule.level().word() + ")");
    console.out().println();
    console.out().print(rule.page());
    if (rule.reference() != null) {
      console.out().println();
      console.out().println("Reference: " + rule.reference());
    }
    if (rule.isRepairable()) {
      console.out().println("Mended by: ocicap validate --fix PATH");
    }
  }

  private static Rule rule(String code) {
    return Rules.find(code)
        .orElseThrow(() ->
            OcicapException.usage(
                "unknown rule '" + code + "'",
                near(code).map(near -> "ocicap explain " + near).orElse("ocicap explain")));
  }

  /// The first rule that begins with the word, else the one that is spelt most like it.
  private static Optional<String> near(String word) {
    List<String> codes = new ArrayList<>();
    for (Rule rule : Rules.ALL) {
      if (!word.isEmpty() && rule.code().startsWith(word)) {
        return Optional.of(rule.code());
      }
      codes.add(rule.code());
    }
    return Suggestion.nearest(word, codes);
  }
}
