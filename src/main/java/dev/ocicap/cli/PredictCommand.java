package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.bundle.ConfigFile;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation.Host;
import dev.ocicap.cap.ExecTransformation.Running;
import dev.ocicap.cap.SetName;
import dev.ocicap.json.JsonText;
import dev.ocicap.json.JsonValues;
import dev.ocicap.predict.ContainerFiles;
import dev.ocicap.predict.Lost;
import dev.ocicap.predict.Prediction;
import dev.ocicap.predict.Regain;
import dev.ocicap.predict.RuntimeModel;
import dev.ocicap.report.Escape;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.TextTable;
import dev.ocicap.spec.RuntimeConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ocicap predict`: what the process will really have, and why not more.
final class PredictCommand implements Command {
  private static final String RUNTIME = "--runtime";
  private static final String HOST_CAPS = "--host-caps";
  private static final String SCAN = "--scan";
  private static final String FORMAT = "--format";

  @Override
  public CommandSpec spec() {
    return Options.command()
        .addPositional(
            Options.positional("BUNDLE|FILE|-", "the configuration; - reads standard input"))
        .addOption(
            Options.single(
                "NAME[@VERSION]|PATH",
                "runc (default) or crun; where versions differ, the installed one's is asked for",
                RUNTIME))
        .addOption(
            Options.single(
                "MASK",
                "what the process that starts the runtime has, in hexadecimal or by names;"
                    + " default: this process' bounding set",
                HOST_CAPS))
        .addOption(
            Options.flag(
                "list the set-id and file-capability programs of the root file system, and what"
                    + " each would give back",
                SCAN))
        .addOption(Options.single("text|json", "default: text", FORMAT));
  }

  @Override
  public ExitStatus run(Invocation invocation, Console console) {
    Format format = Formats.choose(invocation, FORMAT, Format.TEXT, Format.JSON);
    String name = invocation.positionals().getFirst();
    RuntimeConfig config = CliPaths.read(name, console);
    RuntimeModel runtime = RuntimeModels.of(invocation.value(RUNTIME), config, console);
    Host host = host(invocation, config);
    ContainerFiles files = files(name, config, runtime, console);
    Prediction prediction =
        Prediction.of(config, new Prediction.Circumstances(runtime, host, files, name));
    List<String> notes = new ArrayList<>(prediction.notes());
    List<Regain> programs = null;
    if (invocation.has(SCAN)) {
      programs = scan(config, prediction, files, notes);
    }
    switch (format) {
      case JSON -> console.out().print(JsonText.lines(json(prediction, programs, notes)));
      case TEXT, MARKDOWN, HTML -> text(prediction, config, programs, notes, console);
    }
    // As other commands that answer a question: 1 is "no, it does not start".
    return prediction.result() instanceof Prediction.Failed ? ExitStatus.NO : ExitStatus.DONE;
  }

  private static Host host(Invocation invocation, RuntimeConfig config) {
    CapabilitySet set =
        invocation
            .value(HOST_CAPS)
            .map(word -> CapabilityNames.maskOrNames(HOST_CAPS, word))
            .orElseGet(dev.ocicap.host.Host::bounding);
    // Whoever makes a user namespace has every capability in it.
    return config.hasUserNamespace() ? Host.FULL : new Host(set, set);
  }

  private static @Nullable ContainerFiles files(
      String name, RuntimeConfig config, RuntimeModel runtime, Console console) {
    if (name.equals(CliPaths.STANDARD_STREAM)) {
      return null;
    }
    Path file = ConfigFile.find(CliPaths.of(name, console)).path().toAbsolutePath();
    Path directory = file.getParent();
    return directory == null ? null : ContainerFiles.of(config, directory, runtime);
  }

  private static List<Regain> scan(
      RuntimeConfig config,
      Prediction prediction,
      @Nullable ContainerFiles files,
      List<String> notes) {
    if (files == null || !files.rootfs().isFilled()) {
      return List.of();
    }
    try {
      return Prediction.scan(config, prediction, files, notes);
    } catch (IOException e) {
      throw ConfigFile.failure(files.rootfs().root(), "cannot scan", e);
    }
  }

  private static void text(
      Prediction prediction,
      RuntimeConfig config,
      @Nullable List<Regain> programs,
      List<String> notes,
      Console console) {
    PrintStream out = console.out();
    // Not a switch over types, which is linked anew at each start.
    if (prediction.result() instanceof Prediction.Failed failed) {
      out.println("the container does not start: " + Escape.text(failed.reason()));
      out.println("  stage:  " + failed.stage());
      out.println("  remedy: " + Escape.text(failed.remedy()));
    } else {
      started(prediction, config, out);
    }
    for (Lost lost : prediction.lost()) {
      out.println("lost: " + Escape.text(lost.capability()) + ": " + Escape.text(lost.reason()));
      out.println("  remedy: " + Escape.text(lost.remedy()));
    }
    for (String note : notes) {
      out.println("note: " + Escape.text(note));
    }
    if (programs != null && prediction.result() instanceof Prediction.Started) {
      out.println(
          programs.isEmpty()
              ? "no program with set-id bits or file capabilities"
              : "programs with set-id bits or file capabilities:");
      TextTable table = new TextTable();
      for (Regain regain : programs) {
        table.row(regain.path(), regain.verdict(), regain.how());
      }
      out.print(table.print("  "));
    }
  }

  private static void started(Prediction prediction, RuntimeConfig config, PrintStream out) {
    Running running = ((Prediction.Started) prediction.result()).running();
    TextTable table = new TextTable();
    for (SetName set : SetName.values()) {
      CapabilitySet members = running.capabilities().set(set);
      table.row(set.key(), members.hex(), names(members));
    }
    out.print(table.print(""));
    out.println(
        "user "
            + ids(running.uid(), running.euid())
            + ", group "
            + ids(running.gid(), running.egid())
            + (config.noNewPrivileges() ? ", noNewPrivileges" : ""));
    if (!prediction.program().isEmpty()) {
      out.println("program " + Escape.text(prediction.program()));
    }
    if (!prediction.gained().isEmpty()) {
      out.println("in force though effective does not name it: " + prediction.gained());
    }
  }

  private static String names(CapabilitySet set) {
    return set.equals(CapabilitySet.ALL) ? "full" : set.toString();
  }

  private static String ids(long real, long effective) {
    return real == effective ? Long.toString(real) : real + " (effective " + effective + ")";
  }

  /// The names and the order of `/proc/PID/status`.
  private static void started(ObjectNode node, Prediction prediction) {
    Running running = ((Prediction.Started) prediction.result()).running();
    for (SetName set :
        new SetName[] {
          SetName.INHERITABLE,
          SetName.PERMITTED,
          SetName.EFFECTIVE,
          SetName.BOUNDING,
          SetName.AMBIENT
        }) {
      node.set(set.procKey(), JsonValues.string(running.capabilities().set(set).hex()));
    }
    node.set("uid", JsonValues.number(running.uid()));
    node.set("euid", JsonValues.number(running.euid()));
    node.set("gid", JsonValues.number(running.gid()));
    node.set("egid", JsonValues.number(running.egid()));
    ArrayNode lost = JsonValues.array();
    for (Lost one : prediction.lost()) {
      ObjectNode item = JsonValues.object();
      item.set("capability", JsonValues.string(one.capability()));
      item.set("reason", JsonValues.string(one.reason()));
      item.set("remedy", JsonValues.string(one.remedy()));
      lost.add(item);
    }
    node.set("lost", lost);
  }

  private static ObjectNode json(
      Prediction prediction, @Nullable List<Regain> programs, List<String> notes) {
    ObjectNode node = JsonValues.object();
    if (prediction.result() instanceof Prediction.Failed failed) {
      ObjectNode error = JsonValues.object();
      error.set("stage", JsonValues.string(failed.stage()));
      error.set("reason", JsonValues.string(failed.reason()));
      error.set("remedy", JsonValues.string(failed.remedy()));
      node.set("error", error);
    } else {
      started(node, prediction);
    }
    node.set("notes", JsonValues.strings(notes));
    if (programs != null) {
      ArrayNode array = JsonValues.array();
      for (Regain regain : programs) {
        ObjectNode item = JsonValues.object();
        item.set("path", JsonValues.string(regain.path()));
        item.set("has", JsonValues.string(regain.how()));
        item.set("euid", JsonValues.number(regain.euid()));
        item.set("gives", JsonValues.string(regain.gained().hex()));
        item.set("verdict", JsonValues.string(regain.verdict()));
        array.add(item);
      }
      node.set("programs", array);
    }
    return node;
  }
}
