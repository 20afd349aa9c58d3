package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import dev.ocicap.validate.Rule;
import dev.ocicap.validate.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap explain`: the page of a rule, or the list of all.
final class ExplainCommand implements Command {

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.optionalPositionals(
                "RULE", "the word in brackets behind a finding; none lists all"));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    List<String> codes = invocation.positionals();
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
