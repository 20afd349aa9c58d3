package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilityFacts;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.host.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.learn.Diagnosis;
import dev.ocicap.learn.Diagnosis.Denial;
import dev.ocicap.learn.Diagnosis.Effect;
import dev.ocicap.learn.Diagnosis.Refused;
import dev.ocicap.learn.Diagnosis.Refuser;
import dev.ocicap.learn.Evidence;
import dev.ocicap.learn.Learning;
import dev.ocicap.learn.Refusal;
import dev.ocicap.learn.Setting;
import dev.ocicap.learn.Stop;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.runtime.OciRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `ocicap why`: runs a container, says which capabilities it was denied, and whether granting them
/// would help.
final class WhyCommand implements Command {
  private static final String FORMAT = "--format";
  private static final int MOST = 10;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Options.command();
    LearnOptions.declare(spec);
    return spec.addOption(
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
        print(
            diagnosis, (wanted, calls) -> remedy(invocation, opened, wanted, calls), console.out());
      }
      Problems.print(StartFailures.of(opened.config(), diagnosis.runtimeError(), console), console);
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

  /// What makes a container work.
  @FunctionalInterface
  private interface Remedy {
    /// What to type, in lines.
    ///
    /// @param calls the system calls that the filter must let pass
    List<String> of(CapabilitySet wanted, List<String> calls);
  }

  private static List<String> remedy(
      Invocation invocation, LearnOptions.Opened opened, CapabilitySet wanted, List<String> calls) {
    return invocation.words() == null
        ? List.of(edit(invocation.positionals().getFirst(), wanted, calls))
        : docker(opened.config().user().isRoot(), wanted, calls);
  }

  private static String edit(String bundle, CapabilitySet wanted, List<String> calls) {
    StringBuilder line = new StringBuilder("  try: ocicap edit");
    if (!wanted.isEmpty()) {
      line.append(" --add ").append(wanted.toString().replace(" ", ""));
    }
    if (!calls.isEmpty()) {
      line.append(" --seccomp-allow ").append(String.join(",", calls));
    }
    return line.append(' ').append(bundle).toString();
  }

  private static List<String> docker(boolean root, CapabilitySet wanted, List<String> calls) {
    List<String> lines = new ArrayList<>();
    StringBuilder flags = new StringBuilder();
    for (Capability capability : wanted.members()) {
      flags.append(" --cap-add ").append(capability.shortName());
    }
    if (!calls.isEmpty()) {
      lines.add(
          "  docker reads a filter from a file, which must allow " + String.join(", ", calls));
      flags.append(" --security-opt seccomp=FILE");
    }
    if (root || wanted.isEmpty()) {
      lines.add("  try: docker run" + flags + " …");
    } else {
      lines.add("  docker gives it to root only; for another user a bundle can:");
      lines.add("  try: ocicap convert --ambient --bundle DIR -- docker run" + flags + " …");
    }
    return lines;
  }

  private static void print(Diagnosis diagnosis, Remedy remedy, PrintStream out) {
    out.println(
        diagnosis.worked()
            ? "the container works"
            : "the container does not work: " + Escape.text(diagnosis.reason()));
    if (diagnosis.denials().isEmpty()) {
      out.println("no capability was denied" + (diagnosis.worked() ? "" : otherReason(diagnosis)));
    }
    for (Denial denial : diagnosis.denials()) {
      out.println();
      print(diagnosis, denial, out);
      if (isWorthTrying(diagnosis, denial)) {
        print(remedy.of(CapabilitySet.of(denial.capability()), List.of()), out);
      }
    }
    refused(diagnosis, out);
    together(diagnosis, remedy, out);
    for (String gap : diagnosis.gaps()) {
      out.println("INCOMPLETE: " + Escape.text(gap));
    }
  }

  private static void together(Diagnosis diagnosis, Remedy remedy, PrintStream out) {
    CapabilitySet wanted = diagnosis.together();
    String calls = String.join(", ", diagnosis.passed());
    if (wanted.isEmpty() && calls.isEmpty()) {
      return;
    }
    out.println();
    if (calls.isEmpty()) {
      out.println("no single one makes the container work, these do: " + wanted);
    } else if (wanted.isEmpty()) {
      out.println("the container works when the filter lets pass: " + calls);
    } else {
      out.println("the container works with " + wanted + " when the filter lets pass: " + calls);
    }
    print(remedy.of(wanted, diagnosis.passed()), out);
  }

  private static void print(List<String> lines, PrintStream out) {
    for (String line : lines) {
      out.println(Escape.text(line));
    }
  }

  private static String otherReason(Diagnosis diagnosis) {
    if (!diagnosis.passed().isEmpty()) {
      return "";
    }
    if (!diagnosis.runtimeError().isEmpty()) {
      return ": the runtime failed";
    }
    return diagnosis.started()
        ? ": the reason is another one, such as a read-only mount or a missing file"
        : ": 'ocicap predict' and 'ocicap validate --host' say what keeps a container from starting";
  }

  private static void print(Diagnosis diagnosis, Denial denial, PrintStream out) {
    Capability capability = denial.capability();
    CapabilityFacts facts = CapabilityFacts.of(capability);
    out.println("denied: " + capability.shortName() + ", which lets a process " + facts.meaning());
    for (Evidence one : denial.evidence()) {
      out.println("  asked for by " + Escape.text(one.toString()));
    }
    out.println("  " + denial.effect().meaning() + outcome(diagnosis, denial));
    out.println("  risk: " + facts.risk().word() + ": " + facts.because());
  }

  /// Where the container works already, what lets a call pass is all there is to say.
  private static boolean isWorthTrying(Diagnosis diagnosis, Denial denial) {
    return denial.effect() == Effect.WORKS
        || (denial.effect() == Effect.PASSES && diagnosis.worked());
  }

  private static void refused(Diagnosis diagnosis, PrintStream out) {
    for (Refuser refuser : Refuser.values()) {
      int count = 0;
      for (Refused one : diagnosis.refused()) {
        if (one.by() == refuser) {
          if (count == 0) {
            out.println();
            out.println("refused by " + refuser.meaning() + ":");
          }
          if (++count <= MOST) {
            out.println("  " + Escape.text(one.refusal().toString()) + ": " + error(one));
          }
        }
      }
      if (count > MOST) {
        out.println("  and " + (count - MOST) + " more");
      }
    }
  }

  private static String error(Refused one) {
    String error = one.refusal().error();
    return error.equals(Refusal.ENDED) ? "the process is ended (" + error + ")" : error;
  }

  private static String outcome(Diagnosis diagnosis, Denial denial) {
    return denial.outcome().isEmpty()
            || denial.effect() == Effect.WORKS
            || denial.effect() == Effect.TOGETHER
            || denial.outcome().equals(diagnosis.reason())
        ? ""
        : ": " + Escape.text(denial.outcome());
  }

  private static ObjectNode node(Diagnosis diagnosis) {
    ObjectNode node = JsonValues.object();
    node.set("worked", JsonValues.bool(diagnosis.worked()));
    node.set("started", JsonValues.bool(diagnosis.started()));
    node.set("reason", JsonValues.string(diagnosis.reason()));
    if (!diagnosis.runtimeError().isEmpty()) {
      node.set("runtimeError", JsonValues.string(diagnosis.runtimeError()));
    }
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
    node.set("together", LearnProgress.names(diagnosis.together()));
    node.set("allow", JsonValues.strings(diagnosis.passed()));
    ArrayNode refused = JsonValues.array();
    for (Refused one : diagnosis.refused()) {
      ObjectNode row = JsonValues.object();
      row.set("systemCall", JsonValues.string(one.refusal().systemCall()));
      row.set("program", JsonValues.string(one.refusal().program()));
      row.set("error", JsonValues.string(one.refusal().error()));
      row.set("count", JsonValues.number(one.refusal().count()));
      row.set("by", JsonValues.string(one.by().name().toLowerCase(Locale.ROOT)));
      refused.add(row);
    }
    node.set("refused", refused);
    node.set("complete", JsonValues.bool(diagnosis.gaps().isEmpty()));
    node.set("gaps", JsonValues.strings(diagnosis.gaps()));
    node.set("runs", JsonValues.number(diagnosis.runs()));
    return node;
  }
}
