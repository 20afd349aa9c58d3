package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.audit.Audit;
import dev.ocicap.audit.AuditFinding;
import dev.ocicap.audit.AuditRule;
import dev.ocicap.audit.Policy;
import dev.ocicap.audit.Subject;
import dev.ocicap.audit.Subjects;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.ExecTransformation.Host;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.os.ProcessIdentity;
import dev.ocicap.predict.ContainerFiles;
import dev.ocicap.predict.Prediction;
import dev.ocicap.predict.RuntimeModel;
import dev.ocicap.processes.Container;
import dev.ocicap.processes.HiddenProcesses;
import dev.ocicap.processes.ProcessTable;
import dev.ocicap.processes.RunningProcess;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Place;
import dev.ocicap.report.Problem;
import dev.ocicap.report.TextTable;
import dev.ocicap.sarif.SarifLog;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `ocicap audit`: how far containers are from the host, with reasons and remedies.
final class AuditCommand implements Command {
  private static final String POLICY = "--policy";
  private static final String THRESHOLD = "--threshold";
  private static final String FORMAT = "--format";
  private static final List<String> FORMATS = List.of("text", "json", "sarif");

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positionals(
                "BUNDLE|FILE|PID|CONTAINER|-",
                "bundles, config.json, the output of docker inspect, process ids, or names of"
                    + " running containers"))
        .addOption(
            Options.single(
                String.join("|", Policy.NAMES) + "|FILE",
                "what must hold: a policy, or an allow-list of your own in JSON or YAML",
                POLICY))
        .addOption(Options.single("N", "status 1 when a score, 0 … 10, is above this", THRESHOLD))
        .addOption(Options.single(String.join("|", FORMATS), "default: text", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    String format = invocation.value(FORMAT).orElse("text");
    if (!FORMATS.contains(format)) {
      throw Formats.none(FORMAT, format, FORMATS);
    }
    double threshold = threshold(invocation.value(THRESHOLD));
    Policy policy = invocation.value(POLICY).map(word -> policy(word, console)).orElse(Policy.NONE);
    List<Audit> audits = new ArrayList<>();
    List<Problem> unusable = new ArrayList<>();
    for (String word : invocation.positionals()) {
      try {
        for (Subject subject : subjects(word, console)) {
          audits.add(Audit.of(subject, policy));
        }
      } catch (OcicapException e) {
        // One that has ended meanwhile, or cannot be read, does not keep the others from being
        // seen.
        if (e.status() != ExitStatus.INPUT || invocation.positionals().size() == 1) {
          throw e;
        }
        unusable.addAll(e.problems());
      }
    }
    console
        .out()
        .print(
            switch (format) {
              case "json" -> json(audits);
              case "sarif" -> sarif(audits);
              default -> text(audits, console.coloursOut());
            });
    if (!unusable.isEmpty()) {
      throw new OcicapException(ExitStatus.INPUT, unusable);
    }
    for (Audit audit : audits) {
      if (audit.score() > threshold || audit.violatesPolicy()) {
        return ExitStatus.NO;
      }
    }
    return ExitStatus.DONE;
  }

  private static double threshold(Optional<String> word) {
    if (word.isEmpty()) {
      return Double.MAX_VALUE;
    }
    try {
      double number = Double.parseDouble(word.get());
      if (number >= 0 && number <= 10) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw OcicapException.usage(
        THRESHOLD + ": '" + word.get() + "' is not a number from 0 to 10", THRESHOLD + " 5");
  }

  private static Policy policy(String word, Console console) {
    Optional<Policy> builtIn = Policy.find(word);
    if (builtIn.isPresent()) {
      return builtIn.get();
    }
    Path file = CliPaths.of(word, console);
    if (!Files.exists(file)) {
      throw Formats.none(POLICY, word, Policy.NAMES);
    }
    return Policy.parse(word, bytes(file));
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(ConfigFile.MAX_BYTES);
    } catch (IOException e) {
      throw ConfigFile.failure(file, "cannot read", e);
    }
  }

  private static List<Subject> subjects(String word, Console console) {
    if (word.equals(CliPaths.STANDARD_STREAM)) {
      try {
        return document(word, console.in().readNBytes(ConfigFile.MAX_BYTES), null);
      } catch (IOException e) {
        throw OcicapException.input(
            Place.file(word), "cannot read standard input: " + e.getMessage(), null, e);
      }
    }
    Path path = CliPaths.of(word, console);
    if (Files.exists(path)) {
      Path file = ConfigFile.find(path).path();
      return document(file.toString(), bytes(file), file.toAbsolutePath().getParent());
    }
    return List.of(process(word, console));
  }

  private static List<Subject> document(String name, byte[] bytes, @Nullable Path directory) {
    JsonText text = JsonText.parse(name, bytes);
    if (Subjects.isInspect(text.root())) {
      return Subjects.ofInspect(name, text.root());
    }
    RuntimeConfig config = RuntimeConfig.of(text);
    RuntimeModel runtime = new RuntimeModel(RuntimeModel.Kind.RUNC, RuntimeModel.Version.NEWEST);
    ContainerFiles files = directory == null ? null : ContainerFiles.of(config, directory, runtime);
    return List.of(Subjects.of(name, config, prediction(name, config, runtime, files), directory));
  }

  /// What the process will have; where its program is not there yet, what any plain one would have.
  private static Prediction prediction(
      String name, RuntimeConfig config, RuntimeModel runtime, @Nullable ContainerFiles files) {
    Prediction prediction =
        Prediction.of(config, new Prediction.Circumstances(runtime, Host.FULL, files, name));
    return prediction.result() instanceof Prediction.Failed && files != null
        ? prediction(name, config, runtime, null)
        : prediction;
  }

  /// A process by its id, or the first process of a container by the container's name or id.
  private static Subject process(String word, Console console) {
    long pid = -1;
    try {
      pid = Long.parseLong(word);
    } catch (NumberFormatException e) {
      pid = firstProcess(word, console);
    }
    ProcessIdentity identity = pid > 0 ? ProcessIdentity.of(pid).orElse(null) : null;
    if (identity == null) {
      throw OcicapException.input(
          Place.file(word),
          "neither a file nor a process nor a running container",
          HiddenProcesses.exist() ? "sudo ocicap audit " + word : "ocicap ps");
    }
    try {
      if (ProcessIdentity.isKernelThread(pid)) {
        throw OcicapException.input(
            Place.file(word), "a thread of the kernel, which no capability bounds", "ocicap ps");
      }
      Subject subject = Subjects.of(word, pid);
      // What a process that has ended left is no finding.
      if (identity.isAlive()) {
        return subject;
      }
    } catch (IOException | NumberFormatException e) {
      // It has ended.
    }
    throw OcicapException.input(
        Place.file(word), "the process ended while it was looked at", "ocicap ps");
  }

  /// The first process of the container with this name or id, or the only one whose id begins so;
  /// -1 when there is none.
  private static long firstProcess(String word, Console console) {
    long pid = -1;
    String id = "";
    for (RunningProcess process : ProcessTable.all(console.env())) {
      String other = process.container().map(Container::id).orElse("");
      if (other.equals(word)) {
        return process.pid();
      }
      if (!word.isEmpty() && other.startsWith(word) && !other.equals(id)) {
        if (!id.isEmpty()) {
          throw OcicapException.input(
              Place.file(word), "more than one container's id begins so", "ocicap ps --containers");
        }
        id = other;
        pid = process.pid();
      }
    }
    return pid;
  }

  private static String text(List<Audit> audits, boolean colours) {
    StringBuilder out = new StringBuilder();
    for (Audit audit : audits) {
      out.append(out.isEmpty() ? "" : "\n");
      String head = audit.score() + " " + audit.word();
      String colour = audit.score() >= 7.5 ? "31" : audit.score() >= 5 ? "33" : "32";
      out.append(Escape.text(audit.subject().name())).append(": ");
      out.append(colours ? "\u001b[1;" + colour + "m" + head + "\u001b[0m" : head).append('\n');
      TextTable table = new TextTable();
      for (AuditFinding finding : audit.findings()) {
        table.row(
            finding.rule() == AuditRule.POLICY ? "-" : weight(finding.weight()),
            finding.rule().severity().word(),
            finding.rule().code(),
            finding.message() + " (" + finding.remedy() + ")");
      }
      out.append(table.print("  "));
      if (!audit.subject().unknown().isEmpty()) {
        out.append("  note: could not be looked at: ");
        out.append(Escape.text(String.join(", ", audit.subject().unknown()))).append('\n');
      }
    }
    return out.toString();
  }

  private static String weight(double weight) {
    return Double.toString(Math.round(weight * 100) / 100.0);
  }

  private static String json(List<Audit> audits) {
    ArrayNode array = JsonValues.array();
    for (Audit audit : audits) {
      ObjectNode node = JsonValues.object();
      node.set("name", JsonValues.string(audit.subject().name()));
      // The printer writes a number as it spells itself.
      node.set("score", DoubleNode.valueOf(audit.score()));
      node.set("word", JsonValues.string(audit.word()));
      ArrayNode findings = JsonValues.array();
      for (AuditFinding finding : audit.findings()) {
        ObjectNode item = JsonValues.object();
        item.set("code", JsonValues.string(finding.rule().code()));
        item.set("severity", JsonValues.string(finding.rule().severity().word()));
        item.set("weight", DoubleNode.valueOf(Math.round(finding.weight() * 100) / 100.0));
        item.set("message", JsonValues.string(finding.message()));
        item.set("remedy", JsonValues.string(finding.remedy()));
        item.set("pointer", JsonValues.string(finding.pointer()));
        item.set("reference", JsonValues.string(finding.rule().reference()));
        findings.add(item);
      }
      node.set("findings", findings);
      if (!audit.subject().unknown().isEmpty()) {
        node.set("unknown", JsonValues.strings(audit.subject().unknown()));
      }
      array.add(node);
    }
    return JsonText.lines(array);
  }

  private static String sarif(List<Audit> audits) {
    List<SarifLog.Rule> rules = new ArrayList<>();
    for (AuditRule rule : AuditRule.values()) {
      rules.add(
          new SarifLog.Rule(
              rule.code(), level(rule), rule.summary(), rule.summary() + ": " + rule.reference()));
    }
    List<SarifLog.Result> results = new ArrayList<>();
    for (Audit audit : audits) {
      for (AuditFinding finding : audit.findings()) {
        results.add(
            new SarifLog.Result(
                finding.rule().code(),
                level(finding.rule()),
                audit.subject().name() + ": " + finding.message() + " (" + finding.remedy() + ")",
                audit.subject().place(),
                finding.pointer()));
      }
    }
    return SarifLog.write(Help.version(), rules, results);
  }

  private static String level(AuditRule rule) {
    return switch (rule.severity()) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW -> "note";
    };
  }
}
