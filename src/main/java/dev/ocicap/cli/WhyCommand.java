package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.learn.Diagnosis;
import dev.ocicap.learn.Diagnosis.Denial;
import dev.ocicap.learn.Diagnosis.Effect;
import dev.ocicap.learn.Evidence;
import dev.ocicap.learn.Learning;
import dev.ocicap.learn.Setting;
import dev.ocicap.learn.Stop;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/// `ocicap why`: runs a container, says which capabilities it was denied, and whether granting them
/// would help.
final class WhyCommand implements Command {
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Options.command();
    LearnOptions.declare(spec);
    return spec.addOption(
        Options.single("FORMAT", "text (default) or json, a stream of events", FORMAT));
  }

  @Override
  public String wordsLabel() {
    return "docker run …";
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    boolean json = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON) == Format.JSON;
    LearnOptions options = new LearnOptions(invocation, console);
    OciRuntime runtime = options.runtime();
    try (LearnOptions.Opened opened = options.open("why")) {
      Diagnosis diagnosis =
          diagnosis(options.setting(opened.subject(), runtime, null), console, json);
      if (json) {
        ObjectNode last = JsonValues.object();
        last.set("result", node(diagnosis));
        console.out().println(JsonText.compact(last));
      } else {
        print(diagnosis, remedy(invocation), console.out());
      }
      return diagnosis.worked() ? ExitStatus.DONE : ExitStatus.NO;
    }
  }

  private static Diagnosis diagnosis(Setting setting, Console console, boolean json) {
    Stop stop = new Stop();
    try (Interruption _ = new Interruption(stop);
        LearnProgress progress = new LearnProgress(console, json, false);
        Learning learning = Learning.open(setting, stop, progress::accept)) {
      return learning.diagnose(Host.bounding());
    } catch (InterruptedException e) {
      throw new OcicapException(
          ExitStatus.INTERRUPTED, List.of(Problem.of("stopped before there was a result")));
    } catch (IOException e) {
      throw OcicapException.input(null, "the trial runs failed: " + e.getMessage(), null, e);
    }
  }

  /// What to type to grant a capability, without its name.
  private static String[] remedy(Invocation invocation) {
    return invocation.words() == null
        ? new String[] {"ocicap edit --add ", " " + invocation.positionals().getFirst()}
        : new String[] {"docker run --cap-add ", " …"};
  }

  private static void print(Diagnosis diagnosis, String[] remedy, PrintStream out) {
    out.println(
        diagnosis.worked()
            ? "the container works"
            : "the container does not work: " + Escape.text(diagnosis.reason()));
    if (diagnosis.denials().isEmpty()) {
      out.println(
          diagnosis.worked()
              ? "no capability was denied"
              : "no capability was denied: the reason is another one, such as the seccomp filter,"
                  + " a read-only mount or a missing file");
    }
    for (Denial denial : diagnosis.denials()) {
      Capability capability = denial.capability();
      CapabilityFacts facts = CapabilityFacts.of(capability);
      out.println();
      out.println(
          "denied: " + capability.shortName() + ", which lets a process " + facts.meaning());
      for (Evidence one : denial.evidence()) {
        out.println("  asked for by " + Escape.text(one.toString()));
      }
      out.println("  " + denial.effect().meaning() + outcome(diagnosis, denial));
      out.println("  risk: " + facts.risk().word() + ": " + facts.because());
      if (denial.effect() == Effect.WORKS || denial.effect() == Effect.PASSES) {
        out.println("  try: " + remedy[0] + capability.shortName() + Escape.text(remedy[1]));
      }
    }
    if (diagnosis.together()) {
      out.println();
      out.println("no single one makes the container work, all of them together do");
    }
    for (String gap : diagnosis.gaps()) {
      out.println("INCOMPLETE: " + Escape.text(gap));
    }
  }

  private static String outcome(Diagnosis diagnosis, Denial denial) {
    return denial.outcome().isEmpty()
            || denial.effect() == Effect.WORKS
            || denial.outcome().equals(diagnosis.reason())
        ? ""
        : ": " + Escape.text(denial.outcome());
  }

  private static ObjectNode node(Diagnosis diagnosis) {
    ObjectNode node = JsonValues.object();
    node.set("worked", JsonValues.bool(diagnosis.worked()));
    node.set("reason", JsonValues.string(diagnosis.reason()));
    ArrayNode denials = JsonValues.array();
    for (Denial denial : diagnosis.denials()) {
      ObjectNode row = JsonValues.object();
      row.set("capability", JsonValues.string(denial.capability().name()));
      row.set("effect", JsonValues.string(denial.effect().name().toLowerCase(Locale.ROOT)));
      row.set("outcome", JsonValues.string(denial.outcome()));
      row.set("risk", JsonValues.string(CapabilityFacts.of(denial.capability()).risk().word()));
      ArrayNode evidence = JsonValues.array();
      for (Evidence one : denial.evidence()) {
        ObjectNode item = JsonValues.object();
        LearnProgress.describe(one, item);
        evidence.add(item);
      }
      row.set("evidence", evidence);
      denials.add(row);
    }
    node.set("denials", denials);
    node.set("together", JsonValues.bool(diagnosis.together()));
    node.set("complete", JsonValues.bool(diagnosis.gaps().isEmpty()));
    node.set("gaps", JsonValues.strings(diagnosis.gaps()));
    node.set("runs", JsonValues.number(diagnosis.runs()));
    return node;
  }
}
