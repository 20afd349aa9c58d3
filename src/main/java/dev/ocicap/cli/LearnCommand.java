package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.export.Exported;
import dev.ocicap.export.Exporter;
import dev.ocicap.export.Exporters;
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
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

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
                "watch a container that runs already, until it ends or Ctrl-C",
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
  public ExitStatus run(Invocation invocation, Console console) {
    boolean json = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON) == Format.JSON;
    Learning.Mode mode = mode(invocation);
    Exporter exporter = exporter(invocation);
    LearnOptions options = new LearnOptions(invocation, console);
    if (invocation.has(ATTACH)) {
      if (exporter != null) {
        throw OcicapException.usage(TO + " needs the bundle, which " + ATTACH + " has not", null);
      }
      Learned learned = attached(invocation, options, console, json);
      say(learned, null, null, json, console);
      return learned.isSound() ? ExitStatus.DONE : ExitStatus.NO;
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
        hint(invocation, options, learned, console);
      }
      if (invocation.has(WRITE)) {
        write(opened, subject, learned, console);
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
      Exported exported = exporter.capabilities(subject.with(learned.needed()));
      console.out().print(exported.text());
      for (Exported.Loss loss : exported.losses()) {
        warn(loss.property() + ": " + loss.reason(), console);
      }
      LearnReport.printDoubts(learned, console.err());
    } else {
      LearnReport.print(learned, console.out());
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
            : invocation.words() == null
                ? "ocicap why " + invocation.positionals().getFirst()
                : "ocicap why -- docker run …";
    console.err().println("  hint: " + Escape.text(hint));
  }

  private static Learned attached(
      Invocation invocation, LearnOptions options, Console console, boolean json) {
    if (!invocation.positionals().isEmpty()
        || invocation.words() != null
        || invocation.has(WRITE)) {
      throw OcicapException.usage(
          ATTACH + " has no bundle to run or to write", "ocicap learn " + ATTACH + " CONTAINER");
    }
    String container = invocation.value(ATTACH).orElse("");
    OciRuntime runtime = options.runtime();
    Stop stop = new Stop();
    try (Interruption _ = new Interruption(stop);
        LearnProgress progress = new LearnProgress(console, json, false)) {
      Attachment attachment =
          Attachment.find(
              container,
              runtime,
              invocation.value(STATE).map(root -> CliPaths.of(root, console)).orElse(null),
              progress::accept);
      return attachment.watch(
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
  private static void write(
      LearnOptions.Opened opened, Subject subject, Learned learned, Console console) {
    Place place = Place.file(opened.bundle().file().path().toString());
    if (!learned.isSound()) {
      throw new OcicapException(
          ExitStatus.NO,
          List.of(
              new Problem(
                  place,
                  "was not written: the result is not one to rely on",
                  "ocicap why BUNDLE")));
    }
    RuntimeConfig config = subject.with(learned.needed());
    opened.bundle().replaceConfig(config);
    subject.filter().warning(config).ifPresent(problem -> warn(problem.message(), console));
    console.err().println("wrote " + place);
  }
}
