package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Every subcommand.
final class Commands {
  private Commands() {}

  /// One row of the table.
  ///
  /// @param name the word after `ocicap`
  /// @param summary one line for the list of commands
  /// @param maker makes the command when it is called
  record Row(String name, String summary, Supplier<Command> maker) {}

  static final List<Row> ALL =
      List.of(
          new Row("generate", "write a new bundle or config.json", GenerateCommand::new),
          new Row("edit", "change a bundle or config.json", EditCommand::new),
          new Row("convert", "make the bundle that docker run would run", ConvertCommand::new),
          new Row("validate", "check bundles and config.json", ValidateCommand::new),
          new Row("explain", "say what a finding of validate means", ExplainCommand::new),
          new Row("schema", "print a JSON Schema of the specification", SchemaCommand::new),
          new Row("run", "become the container runtime with a bundle", RunCommand::run),
          new Row("create", "make a container of a bundle, to start it later", RunCommand::create),
          new Row("start", "start what 'create' made", ContainerCommand::start),
          new Row("exec", "start another process in a container", ExecCommand::new),
          new Row("list", "list the containers of all runtimes", ListCommand::new),
          new Row("state", "say what a runtime knows of a container", StateCommand::new),
          new Row("logs", "print what a detached container has printed", LogsCommand::new),
          new Row("kill", "send a signal to a container", ContainerCommand::kill),
          new Row("pause", "suspend all processes of a container", ContainerCommand::pause),
          new Row("resume", "let them go on", ContainerCommand::resume),
          new Row("update", "change the limits of a container", UpdateCommand::new),
          new Row("delete", "delete containers and what is left of them", DeleteCommand::new),
          new Row("runtimes", "list the container runtimes of this machine", RuntimesCommand::new),
          new Row("learn", "find the fewest capabilities that work", LearnCommand::new),
          new Row("why", "explain what a container is denied", WhyCommand::new),
          new Row("caps", "explain capabilities, decode and encode masks", CapsCommand::new),
          new Row(
              "predict", "say what a container's process will really have", PredictCommand::new),
          new Row("show", "show the capability sets and what else decides", ShowCommand::new),
          new Row("diff", "compare two configurations in terms of security", DiffCommand::new),
          new Row("ps", "list processes with their capabilities and containers", PsCommand::new),
          new Row("export", "say a bundle in other tools' terms", ExportCommand::new),
          new Row("audit", "grade how far containers are from the host", AuditCommand::new),
          new Row("doctor", "say what works on this machine, and mend it", DoctorCommand::new));

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
