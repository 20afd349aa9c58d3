package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.bundle.Bundle;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.export.Exported;
import dev.ocicap.export.Exporter;
import dev.ocicap.export.Exporters;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.learn.Attachment;
import dev.ocicap.learn.Learned;
import dev.ocicap.learn.Learning;
import dev.ocicap.learn.Setting;
import dev.ocicap.learn.Stop;
import dev.ocicap.learn.Subject;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ocicap learn`: finds the fewest capabilities with which a container works.
final class LearnCommand implements Command {
  private static final String TRACE_ONLY = "--trace-only";
  private static final String TRIALS_ONLY = "--trials-only";
  private static final String FROM_ZERO = "--from-zero";
  private static final String ATTACH = "--attach";
  private static final String FOR = "--for";
  private static final String STATE = "--root";
  private static final String WRITE = "--write";
  private static final String TO = "--to";
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Options.command();
    LearnOptions.declare(spec);
    return spec.addOption(
            Options.flag(
                "run once, until the container ends or Ctrl-C, and believe what was seen",
                TRACE_ONLY))
        .addOption(
            Options.flag("do not observe, only try: slower, and works for every user", TRIALS_ONLY))
        .addOption(
            Options.flag("begin with nothing, and add what is denied until it works", FROM_ZERO))
        .addOption(
            Options.single(
                "CONTAINER|PID",
                "watch a container that runs already, until it ends or Ctrl-C; BUNDLE is what"
                    + " --write and --to are about then, default: the container's own",
                ATTACH))
        .addOption(Options.single("SECONDS", "with --attach: watch no longer than this", FOR))
        .addOption(
            Options.single(
                "DIR", "with --attach: where the runtime keeps the state of its containers", STATE))
        .addOption(Options.flag("write what is needed, and nothing else, into the bundle", WRITE))
        .addOption(
            Options.single(
                String.join("|", Exporters.names()),
                "print what to tell another tool instead of the report",
                TO))
        .addOption(
            Options.single("text|json", "default: text; json is a stream of events", FORMAT));
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  @Override
  public boolean wordsReplace() {
    return true;
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    boolean json = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON) == Format.JSON;
    Learning.Mode mode = mode(invocation);
    Exporter exporter = exporter(invocation);
    LearnOptions options = new LearnOptions(invocation, console);
    if (invocation.has(ATTACH)) {
      refuseTrials(invocation, options);
      return attached(invocation, options, exporter, json, console);
    }
    for (String option : new String[] {FOR, STATE}) {
      if (invocation.has(option)) {
        throw OcicapException.usage(option + " is of use with " + ATTACH + " only", null);
      }
    }
    if (invocation.has(WRITE) && !options.isKept()) {
      throw OcicapException.usage(
          WRITE + ": the bundle of a docker command needs a place", WRITE + " --bundle DIR");
    }
    OciRuntime runtime = options.runtime();
    try (LearnOptions.Opened opened = options.open("learn")) {
      Subject subject = opened.subject();
      Learned learned =
          learned(
              options.setting(
                  subject, runtime, mode == Learning.Mode.TRACE_ONLY ? console.err() : null),
              mode,
              console,
              json);
      say(learned, exporter, subject, json, console);
      if (!learned.failure().isEmpty()) {
        List<Problem> known = StartFailures.of(opened.config(), learned.runtimeError(), console);
        Problems.print(known, console);
        if (known.isEmpty()) {
          hint(invocation, options, learned, console);
        }
      }
      if (invocation.has(WRITE)) {
        write(opened.bundle(), subject, learned, console);
      }
      return learned.isSound() ? ExitStatus.DONE : ExitStatus.NO;
    }
  }

  private static @Nullable Exporter exporter(Invocation invocation) {
    String word = invocation.value(TO).orElse(null);
    return word == null
        ? null
        : Exporters.find(word).orElseThrow(() -> Formats.none(TO, word, Exporters.names()));
  }

  private static void say(
      Learned learned,
      @Nullable Exporter exporter,
      @Nullable Subject subject,
      boolean json,
      Console console) {
    if (json) {
      ObjectNode last = JsonValues.object();
      last.set("result", LearnReport.node(learned));
      console.out().println(JsonText.compact(last));
    } else if (exporter != null && subject != null && learned.failure().isEmpty()) {
      Exported exported = exporter.capabilities(learned(subject, learned, console));
      console.out().print(exported.text());
      for (Exported.Loss loss : exported.losses()) {
        warn(loss.property() + ": " + loss.reason(), console);
      }
      LearnReport.printDoubts(learned, console.err());
      for (String note : learned.notes()) {
        console.err().println("ocicap: note: " + Escape.text(note));
      }
    } else {
      // Who wants flags for another tool must not take a report for them.
      LearnReport.print(learned, exporter == null ? console.out() : console.err());
    }
  }

  private static void warn(String message, Console console) {
    console.err().println("ocicap: warning: " + Escape.text(message));
  }

  /// What to try when the container does not work as it is.
  private static void hint(
      Invocation invocation, LearnOptions options, Learned learned, Console console) {
    String hint =
        options.endsItself() && learned.timedOut()
            ? "a service does not end: say when it works with --check CMD, --expect TEXT or --alive"
                + " SECONDS"
            : (Host.uid() == 0 ? "" : "sudo ")
                + "ocicap why "
                + (invocation.words() == null
                    ? invocation.positionals().getFirst()
                    : "-- docker run …");
    console.err().println("  hint: " + Escape.text(hint));
  }

  /// A container that runs already is watched, not run.
  private static void refuseTrials(Invocation invocation, LearnOptions options) {
    for (String option : new String[] {TRACE_ONLY, TRIALS_ONLY, FROM_ZERO}) {
      if (invocation.has(option)) {
        throw OcicapException.usage(ATTACH + " and " + option + " exclude each other", null);
      }
    }
    if (!options.endsItself()) {
      throw OcicapException.usage(
          ATTACH + " only watches: when a container works is of no use to it",
          "ocicap learn " + ATTACH + " CONTAINER");
    }
    if (invocation.words() != null) {
      throw OcicapException.usage(
          ATTACH + " and a docker command exclude each other",
          "ocicap learn " + ATTACH + " CONTAINER");
    }
    if (!invocation.positionals().isEmpty() && !invocation.has(TO) && !invocation.has(WRITE)) {
      throw OcicapException.usage(
          ATTACH + " needs no bundle unless " + TO + " or " + WRITE + " is given",
          "ocicap learn " + ATTACH + " CONTAINER");
    }
  }

  private static ExitStatus attached(
      Invocation invocation,
      LearnOptions options,
      @Nullable Exporter exporter,
      boolean json,
      Console console) {
    OciRuntime runtime = options.runtime();
    Stop stop = new Stop();
    Bundle bundle = null;
    Learned learned;
    try (Interruption _ = new Interruption(stop);
        LearnProgress progress = new LearnProgress(console, json, false)) {
      Attachment attachment =
          Attachment.find(
              invocation.value(ATTACH).orElse(""),
              runtime,
              invocation.value(STATE).map(root -> CliPaths.of(root, console)).orElse(null),
              progress::accept);
      if (exporter != null || invocation.has(WRITE)) {
        bundle = Bundle.open(bundle(invocation, attachment, console));
      }
      learned =
          attachment.watch(
              invocation.has(FOR) ? options.seconds(FOR, 1) : null,
              options.buffer(),
              options.parent(),
              runtime.executable(),
              stop);
    } catch (InterruptedException e) {
      throw new OcicapException(
          ExitStatus.INTERRUPTED, List.of(Problem.of("stopped before there was a result")));
    } catch (IOException e) {
      throw OcicapException.input(null, "watching failed: " + e.getMessage(), null, e);
    }
    Subject subject = bundle == null ? null : new Subject(bundle, bundle.config());
    say(learned, exporter, subject, json, console);
    if (bundle != null && subject != null && invocation.has(WRITE)) {
      write(bundle, subject, learned, console);
    }
    return learned.isSound() ? ExitStatus.DONE : ExitStatus.NO;
  }

  /// The bundle that was named, or that of the container.
  private static Path bundle(Invocation invocation, Attachment attachment, Console console) {
    return invocation.positionals().isEmpty()
        ? attachment
            .bundle()
            .orElseThrow(() ->
                OcicapException.usage(
                    TO + " and " + WRITE + " need a bundle, which a mere process has not",
                    "ocicap learn "
                        + ATTACH
                        + " "
                        + invocation.value(ATTACH).orElse("")
                        + (invocation.has(WRITE) ? " " + WRITE : " " + TO + " docker")
                        + " BUNDLE"))
        : CliPaths.of(invocation.positionals().getFirst(), console);
  }

  /// What the bundle is to grant: nothing that it does not grant now. A process that entered the
  /// container may have had more.
  private static RuntimeConfig learned(Subject subject, Learned learned, Console console) {
    CapabilitySet beyond = learned.needed().minus(subject.ceiling());
    if (!beyond.isEmpty()) {
      warn("used, but not in the bundle, and left out: " + beyond, console);
    }
    return subject.with(learned.needed().minus(beyond));
  }

  private static Learning.Mode mode(Invocation invocation) {
    Learning.Mode mode = Learning.Mode.FULL;
    int count = 0;
    if (invocation.has(TRACE_ONLY)) {
      mode = Learning.Mode.TRACE_ONLY;
      count++;
    }
    if (invocation.has(TRIALS_ONLY)) {
      mode = Learning.Mode.TRIALS_ONLY;
      count++;
    }
    if (invocation.has(FROM_ZERO)) {
      mode = Learning.Mode.FROM_ZERO;
      count++;
    }
    if (count > 1) {
      throw OcicapException.usage(
          TRACE_ONLY + ", " + TRIALS_ONLY + " and " + FROM_ZERO + " exclude each other", null);
    }
    return mode;
  }

  private static Learned learned(
      Setting setting, Learning.Mode mode, Console console, boolean json) {
    Stop stop = new Stop();
    try (Interruption _ = new Interruption(stop);
        LearnProgress progress =
            new LearnProgress(console, json, mode == Learning.Mode.TRACE_ONLY);
        Learning learning = Learning.open(setting, stop, progress::accept)) {
      return learning.learn(mode);
    } catch (InterruptedException e) {
      throw new OcicapException(
          ExitStatus.INTERRUPTED, List.of(Problem.of("stopped before there was a result")));
    } catch (IOException e) {
      throw OcicapException.input(
          null, "learning failed: " + String.valueOf(e.getMessage()), null, e);
    }
  }

  /// Writes the sets, and the filter that follows them.
  private static void write(Bundle bundle, Subject subject, Learned learned, Console console) {
    Place place = Place.file(bundle.file().path().toString());
    if (!learned.isSound()) {
      throw new OcicapException(
          ExitStatus.NO,
          List.of(
              new Problem(
                  place,
                  "was not written: the result is not one to rely on",
                  "ocicap why BUNDLE")));
    }
    RuntimeConfig config = learned(subject, learned, console);
    bundle.replaceConfig(config);
    subject.filter().warning(config).ifPresent(problem -> warn(problem.message(), console));
    console.err().println("wrote " + place);
  }
}
