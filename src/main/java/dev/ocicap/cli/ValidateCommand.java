package dev.ocicap.cli;

import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.Level;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.report.Suggestion;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.validate.Batch;
import dev.ocicap.validate.Features;
import dev.ocicap.validate.FileReport;
import dev.ocicap.validate.HostCheck;
import dev.ocicap.validate.Repair;
import dev.ocicap.validate.ReportFormat;
import dev.ocicap.validate.RuntimeCheck;
import dev.ocicap.validate.RuntimeRelease;
import dev.ocicap.validate.Target;
import dev.ocicap.validate.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `ocicap validate`: what is wrong with configurations.
final class ValidateCommand implements Command {
  private static final String LEVEL = "--level";
  private static final String FORMAT = "--format";
  private static final String SCHEMA_ONLY = "--schema-only";
  private static final String SCHEMA = "--schema";
  private static final String RUNTIME = "--runtime";
  private static final String HOST = "--host";
  private static final String FIX = "--fix";
  private static final String DRY_RUN = "--dry-run";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positionals(
                "PATH",
                "bundles, files, folders (every config.json below), or - for standard input"))
        .addOption(
            Options.single(
                "must|should|advice",
                "show findings of this level and all that weigh more; default: should",
                LEVEL))
        .addOption(Options.single(String.join("|", ReportFormat.words()), "default: text", FORMAT))
        .addOption(
            Options.single("RUNTIME", "also ask whether runc, crun or PATH accepts it", RUNTIME))
        .addOption(Options.flag("also ask whether it runs on this machine", HOST))
        .addOption(Options.flag("mend what has one right repair", FIX))
        .addOption(Options.flag("with --fix: only say what it would mend", DRY_RUN))
        .addOption(Options.flag("check against the specification's schema only", SCHEMA_ONLY))
        .addOption(
            Options.single(
                "DIR",
                "schemas of your own: DIR/VERSION/config.schema.json, or the specification's folder",
                SCHEMA));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Level level = level(invocation.value(LEVEL).orElse(Level.SHOULD.word()));
    ReportFormat format = format(invocation.value(FORMAT).orElse(ReportFormat.TEXT.word()));
    boolean fix = invocation.has(FIX);
    if (invocation.has(DRY_RUN) && !fix) {
      throw OcicapException.usage(DRY_RUN + " needs " + FIX, FIX + " " + DRY_RUN);
    }
    Validator validator = validator(invocation, console);
    Target.Found found = find(invocation.positionals(), console);
    if (found.targets().isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, found.problems());
    }
    boolean refused =
        fix && new Mending(validator, invocation.has(DRY_RUN), console).mend(found.targets());
    Batch.Result result;
    try (ProgressLine progress = new ProgressLine(console)) {
      result = new Batch(validator.atLeast(level)).check(found.targets(), progress::update);
    }
    ReportFormat.Look look =
        new ReportFormat.Look(console.outIsTerminal(), console.coloursOut(), Help.version());
    console.out().print(format.write(result.reports(), look));
    List<Problem> problems = new ArrayList<>(found.problems());
    problems.addAll(result.problems());
    if (!problems.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, problems);
    }
    return refused || hasFindings(result.reports()) ? ExitStatus.NO : ExitStatus.DONE;
  }

  private static boolean hasFindings(List<FileReport> reports) {
    for (FileReport report : reports) {
      if (!report.findings().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static Validator validator(Invocation invocation, Console console) {
    Validator validator = Validator.standard();
    if (invocation.has(SCHEMA)) {
      validator =
          validator.withSchemas(CliPaths.of(invocation.value(SCHEMA).orElseThrow(), console));
    }
    if (invocation.has(SCHEMA_ONLY)) {
      validator = validator.schemaOnly();
    }
    Optional<HostCheck> host =
        invocation.has(HOST) ? Optional.of(hostCheck(console)) : Optional.empty();
    if (invocation.has(RUNTIME)) {
      OciRuntime runtime = OciRuntime.find(invocation.value(RUNTIME).orElseThrow(), console.env());
      validator = validator.with(runtimeCheck(runtime, host, console));
    }
    return host.isPresent() ? validator.with(host.get()) : validator;
  }

  private static RuntimeCheck runtimeCheck(
      OciRuntime runtime, Optional<HostCheck> host, Console console) {
    RuntimeProbe probe = RuntimeProbe.of(runtime, console.env());
    RuntimeRelease release = RuntimeRelease.parse(probe.banner());
    Features features = Features.UNKNOWN;
    if (probe.features().isPresent()) {
      try {
        features = Features.parse(runtime.executable().toString(), probe.features().get());
      } catch (OcicapException e) {
        throw noRuntime(runtime, "what its 'features' prints is not JSON");
      }
    } else if (!release.isKnown()) {
      throw noRuntime(runtime, "it knows neither '--version' nor 'features'");
    }
    return new RuntimeCheck(
        release, features, host.isPresent() && host.get().host().cgroupHybrid());
  }

  private static OcicapException noRuntime(OciRuntime runtime, String reason) {
    return OcicapException.input(
        null,
        RUNTIME + ": '" + runtime.executable() + "' is not an OCI runtime: " + reason,
        RUNTIME + " runc");
  }

  private static HostCheck hostCheck(Console console) {
    return HostChecks.ofCaller(console)
        .orElseThrow(() -> OcicapException.input(null, HOST + ": there is no /proc here", null));
  }

  /// Mends files.
  private record Mending(Validator validator, boolean dryRun, Console console) {

    /// Whether something would be mended and was not.
    boolean mend(List<Target> targets) {
      List<Target.InFile> files = new ArrayList<>();
      for (Target target : targets) {
        switch (target) {
          case Target.InFile file -> files.add(file);
          case Target.InMemory _ ->
              throw OcicapException.usage(
                  FIX + " cannot mend standard input", "ocicap validate " + FIX + " FILE");
        }
      }
      boolean refused = false;
      for (Target.InFile file : files) {
        refused |= mend(file);
      }
      return refused;
    }

    private boolean mend(Target.InFile target) {
      RuntimeConfig config;
      try {
        config = RuntimeConfig.parse(target.name(), target.read());
      } catch (OcicapException e) {
        return false; // the report says what is wrong with it
      }
      Repair repair = Repair.of(config, validator);
      if (!repair.isChange()) {
        return false;
      }
      if (!dryRun) {
        new ConfigFile(target.path()).replace(repair.config());
      }
      console
          .err()
          .println(
              Escape.text(target.name())
                  + (dryRun ? ": would mend " : ": mended ")
                  + String.join(", ", repair.codes()));
      if (dryRun) {
        console
            .err()
            .print(
                TextDiff.print(
                    target.name(), config.text(), repair.config().text(), console.coloursErr()));
      }
      return dryRun;
    }
  }

  /// Everything that is there is checked, whatever is missing beside it.
  private static Target.Found find(List<String> words, Console console) {
    if (words.indexOf(CliPaths.STANDARD_STREAM) != words.lastIndexOf(CliPaths.STANDARD_STREAM)) {
      throw OcicapException.usage("'-' is given twice: standard input is read once", null);
    }
    List<Target> targets = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String word : words) {
      if (word.equals(CliPaths.STANDARD_STREAM)) {
        targets.add(Target.of(word, console.in()));
      } else {
        Target.Found found = Target.find(CliPaths.of(word, console));
        targets.addAll(found.targets());
        problems.addAll(found.problems());
      }
    }
    return new Target.Found(targets, problems);
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
