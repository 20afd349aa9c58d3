package dev.ocicap.cli;

import dev.ocicap.cap.CapabilityRequest;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.edit.CapabilityEdits;
import dev.ocicap.edit.ContainerEdits;
import dev.ocicap.edit.ProcessEdits;
import dev.ocicap.edit.SpecEdit;
import dev.ocicap.report.OcicapException;
import dev.ocicap.spec.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// The options that `generate` and `edit` share. Each row of the table is one option and the edit
/// it stands for; edits are applied in the order of the table, whatever the order on the command
/// line.
final class EditOptions {
  private EditOptions() {}

  /// What an option's values are turned into edits with.
  ///
  /// @param env the caller's environment, for `--env NAME`
  /// @param available what `ALL` means
  record Context(Map<String, String> env, CapabilitySet available) {}

  /// How often and with what an option may be given.
  enum Kind {
    /// `--flag`, `--flag=true` or `--flag=false`.
    BOOLEAN,
    /// One value; the last one counts.
    SINGLE,
    /// A value each time.
    REPEATED
  }

  /// Turns the values of one option into an edit.
  @FunctionalInterface
  interface Factory {
    SpecEdit edit(String option, List<String> values, Context context);
  }

  /// One row of the table.
  record Row(Kind kind, List<String> names, String label, String description, Factory factory) {}

  private static final String ADD = "--add";
  private static final String DROP = "--drop";

  static final List<Row> ALL =
      List.of(
          new Row(
              Kind.SINGLE,
              List.of("-u", "--user"),
              "UID[:GID]",
              "user of the process, by numbers; the group is 0 unless given",
              (option, values, context) -> ProcessEdits.user(user(option, values.getLast()))),
          new Row(
              Kind.REPEATED,
              List.of("-e", "--env"),
              "NAME[=VALUE]",
              "set an environment variable; a bare NAME takes the caller's value",
              (option, values, context) -> env(option, values, context.env())),
          new Row(
              Kind.SINGLE,
              List.of("-w", "--cwd"),
              "DIR",
              "working directory of the process, absolute",
              (option, values, context) -> ProcessEdits.cwd(absolute(option, values.getLast()))),
          new Row(
              Kind.BOOLEAN,
              List.of("-t", "--terminal"),
              "",
              "give the process a terminal",
              (option, values, context) -> ProcessEdits.terminal(bool(option, values.getLast()))),
          new Row(
              Kind.BOOLEAN,
              List.of("--no-new-privileges"),
              "",
              "let no program gain privileges through set-id bits or file capabilities",
              (option, values, context) ->
                  ProcessEdits.noNewPrivileges(bool(option, values.getLast()))),
          new Row(
              Kind.SINGLE,
              List.of("--hostname"),
              "NAME",
              "host name inside the container",
              (option, values, context) -> ContainerEdits.hostname(values.getLast())),
          new Row(
              Kind.BOOLEAN,
              List.of("--readonly"),
              "",
              "mount the root file system read-only",
              (option, values, context) ->
                  ContainerEdits.readonly(bool(option, values.getLast()))));

  /// Declares the options.
  static void declare(CommandSpec spec) {
    spec.addOption(
        Options.repeated(
            "CAPABILITY[,…]",
            "grant capabilities: names in any case, with or without CAP_; ALL for every one this"
                + " host has. An add wins over a drop of the same name",
            ADD,
            "--cap-add"));
    spec.addOption(
        Options.repeated(
            "CAPABILITY[,…]",
            "take capabilities away; ALL leaves only what is added",
            DROP,
            "--cap-drop"));
    for (Row row : ALL) {
      String[] names = row.names().toArray(new String[0]);
      spec.addOption(
          switch (row.kind()) {
            case BOOLEAN -> Options.bool(row.description(), names);
            case SINGLE -> Options.single(row.label(), row.description(), names);
            case REPEATED -> Options.repeated(row.label(), row.description(), names);
          });
    }
  }

  /// The edit that the given options stand for.
  static SpecEdit edit(Invocation invocation, Context context) {
    List<SpecEdit> edits = new ArrayList<>();
    for (Row row : ALL) {
      String option = row.names().getLast();
      List<String> values = invocation.values(option);
      if (!values.isEmpty()) {
        edits.add(row.factory().edit(option, values, context));
      }
    }
    edits.add(
        CapabilityEdits.change(
            dev.ocicap.cap.CapabilityPlan.of(capabilities(invocation)),
            context.available(),
            o -> {}));
    return SpecEdit.all(edits);
  }

  /// What the options ask of capabilities.
  static CapabilityRequest capabilities(Invocation invocation) {
    return CapabilityNames.request(ADD, invocation.values(ADD), DROP, invocation.values(DROP));
  }

  private static boolean bool(String option, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw OcicapException.usage(
              option + ": '" + value + "' is neither true nor false", option + "=false");
    };
  }

  private static String absolute(String option, String path) {
    if (!path.startsWith("/")) {
      throw OcicapException.usage(
          option + ": '" + path + "' is not an absolute path", option + " /" + path);
    }
    return path;
  }

  private static User user(String option, String value) {
    int colon = value.indexOf(':');
    String uid = colon < 0 ? value : value.substring(0, colon);
    String gid = colon < 0 ? "0" : value.substring(colon + 1);
    return new User(id(option, uid), id(option, gid), List.of());
  }

  private static long id(String option, String text) {
    long id = 0;
    boolean digits = !text.isEmpty() && text.length() <= 10;
    for (int i = 0; digits && i < text.length(); i++) {
      char c = text.charAt(i);
      digits = c >= '0' && c <= '9';
      id = id * 10 + (c - '0');
    }
    if (!digits || id > 0xffffffffL) {
      throw OcicapException.usage(
          option + ": '" + text + "' is not an id from 0 to 4294967295", option + " 1000:1000");
    }
    return id;
  }

  private static SpecEdit env(String option, List<String> values, Map<String, String> caller) {
    List<SpecEdit> edits = new ArrayList<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      String name = equals < 0 ? value : value.substring(0, equals);
      if (name.isEmpty() || name.indexOf('\0') >= 0) {
        throw OcicapException.usage(
            option + ": '" + value + "' has no variable name", option + " NAME=value");
      }
      String inherited = caller.get(name);
      if (equals >= 0) {
        edits.add(ProcessEdits.env(name, value.substring(equals + 1)));
      } else if (inherited != null) {
        edits.add(ProcessEdits.env(name, inherited));
      } else {
        edits.add(ProcessEdits.removeEnv(name));
      }
    }
    return SpecEdit.all(edits);
  }
}
