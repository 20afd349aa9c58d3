package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every subcommand.
final class Commands {
  private Commands() {}

  /// One row of the table.
  ///
  /// @param name the word after `ocicap`
  /// @param summary one line for the list of commands
  record Row(String name, String summary) {

    /// The command. (A reference to a constructor in each row would be a class to load for each, at
    /// every start.)
    Command make() {
      return switch (name) {
        case "generate" -> new GenerateCommand();
        case "edit" -> new EditCommand();
        case "convert" -> new ConvertCommand();
        case "validate" -> new ValidateCommand();
        case "explain" -> new ExplainCommand();
        case "schema" -> new SchemaCommand();
        case "run" -> RunCommand.run();
        case "create" -> RunCommand.create();
        case "start" -> ContainerCommand.start();
        case "exec" -> new ExecCommand();
        case "list" -> new ListCommand();
        case "state" -> new StateCommand();
        case "logs" -> new LogsCommand();
        case "kill" -> ContainerCommand.kill();
        case "pause" -> ContainerCommand.pause();
        case "resume" -> ContainerCommand.resume();
        case "update" -> new UpdateCommand();
        case "delete" -> new DeleteCommand();
        case "runtimes" -> new RuntimesCommand();
        case "learn" -> new LearnCommand();
        case "why" -> new WhyCommand();
        case "caps" -> new CapsCommand();
        case "predict" -> new PredictCommand();
        case "show" -> new ShowCommand();
        case "diff" -> new DiffCommand();
        case "ps" -> new PsCommand();
        case "export" -> new ExportCommand();
        case "audit" -> new AuditCommand();
        case "doctor" -> new DoctorCommand();
        default -> throw new IllegalStateException(name);
      };
    }
  }

  static final List<Row> ALL =
      List.of(
          new Row("generate", "write a new bundle or config.json"),
          new Row("edit", "change a bundle or config.json"),
          new Row("convert", "make the bundle that docker run would run"),
          new Row("validate", "check bundles and config.json"),
          new Row("explain", "say what a finding of validate means"),
          new Row("schema", "print a JSON Schema of the specification"),
          new Row("run", "become the container runtime with a bundle"),
          new Row("create", "make a container of a bundle, to start it later"),
          new Row("start", "start what 'create' made"),
          new Row("exec", "start another process in a container"),
          new Row("list", "list the containers of all runtimes"),
          new Row("state", "say what a runtime knows of a container"),
          new Row("logs", "print what a detached container has printed"),
          new Row("kill", "send a signal to a container"),
          new Row("pause", "suspend all processes of a container"),
          new Row("resume", "let them go on"),
          new Row("update", "change the limits of a container"),
          new Row("delete", "delete containers and what is left of them"),
          new Row("runtimes", "list the container runtimes of this machine"),
          new Row("learn", "find the fewest capabilities that work"),
          new Row("why", "explain what a container is denied"),
          new Row("caps", "explain capabilities, decode and encode masks"),
          new Row("predict", "say what a container's process will really have"),
          new Row("show", "show the capability sets and what else decides"),
          new Row("diff", "compare two configurations in terms of security"),
          new Row("ps", "list processes with their capabilities and containers"),
          new Row("export", "say a bundle in other tools' terms"),
          new Row("audit", "grade how far containers are from the host"),
          new Row("doctor", "say what works on this machine, and mend it"));

  static Optional<Row> find(String name) {
    for (Row row : ALL) {
      if (row.name().equals(name)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Row row : ALL) {
      names.add(row.name());
    }
    return names;
  }
}
