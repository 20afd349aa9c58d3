package dev.ocicap.cli;

import dev.ocicap.doctor.Ability;
import dev.ocicap.doctor.HostSurvey;
import dev.ocicap.doctor.Verdict;
import dev.ocicap.json.JsonText;
import dev.ocicap.os.Programs;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.runtime.OciRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `ocicap doctor`: what this machine offers, and what of ocicap works here.
final class DoctorCommand implements Command {
  private static final String RUNTIME = "--runtime";
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.optionalPositionals(
                "ABILITY",
                "only these, and exit with 1 unless each works: "
                    + String.join(", ", names())
                    + "; all when nothing is given, and exit with 0"))
        .addOption(
            Options.repeated(
                "NAME|PATH", "ask this runtime instead of those that are installed", RUNTIME))
        .addOption(Options.single("FORMAT", "text (default) or json", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON);
    List<Ability> asked = abilities(invocation.positionals());
    HostSurvey host = HostSurvey.of(Path.of("/"), runtimes(invocation, console), console.env());
    Map<Ability, Verdict> verdicts = new LinkedHashMap<>();
    boolean all = true;
    for (Ability ability : asked.isEmpty() ? Ability.ALL : asked) {
      Verdict verdict = ability.on(host);
      verdicts.put(ability, verdict);
      all &= verdict.answer() == Verdict.Answer.YES;
    }
    DoctorReport report = new DoctorReport(host, verdicts);
    console
        .out()
        .print(
            format == Format.JSON
                ? JsonText.lines(report.json())
                : report.text(asked.isEmpty(), console.coloursOut()));
    return asked.isEmpty() || all ? ExitStatus.DONE : ExitStatus.NO;
  }

  private static List<OciRuntime> runtimes(Invocation invocation, Console console) {
    List<OciRuntime> runtimes = new ArrayList<>();
    for (String named : invocation.values(RUNTIME)) {
      runtimes.add(OciRuntime.find(named, console.env()));
    }
    if (runtimes.isEmpty()) {
      runtimes.addAll(OciRuntime.installed(console.env()));
      String variable = console.env().getOrDefault(OciRuntime.VARIABLE, "");
      if (!variable.isEmpty()) {
        // One that does not exist is a finding here, and no reason to say nothing.
        OciRuntime preferred =
            new OciRuntime(
                Programs.find(variable, console.env()).orElse(CliPaths.of(variable, console)));
        runtimes.remove(preferred);
        runtimes.addFirst(preferred);
      }
    }
    return runtimes;
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Ability ability : Ability.ALL) {
      names.add(ability.name());
    }
    return names;
  }

  private static List<Ability> abilities(List<String> words) {
    List<Ability> abilities = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String word : words) {
      int index = names().indexOf(word);
      if (index >= 0) {
        abilities.add(Ability.ALL.get(index));
      } else {
        problems.add(
            Problem.of(
                "'" + word + "' is no ability that doctor knows",
                Suggestion.nearest(word, names())
                    .map(name -> "ocicap doctor " + name)
                    .orElse("ocicap doctor --help")));
      }
    }
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.USAGE, problems);
    }
    return abilities;
  }
}
