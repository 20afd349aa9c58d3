package dev.ocicap.cli;

import dev.ocicap.image.Image;
import dev.ocicap.report.OcicapException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options that take the command in an image's label, as `atomic run` did (atomic-run(1)), with
/// the variables that it set: `IMAGE`, `NAME`, `OPT1` to `OPT3`, `CONFDIR`, `LOGDIR` and `DATADIR`.
final class LabelOptions {
  static final String LABEL = "--label";
  private static final String NAME = "--name";
  private static final List<String> OPTS = List.of("--opt1", "--opt2", "--opt3");

  private LabelOptions() {}

  /// Declares the options.
  static void declare(CommandSpec spec) {
    spec.addOption(
            Options.single(
                "RUN|INSTALL|UNINSTALL",
                "instead of a command: the one in this label of --image, with ${IMAGE}, ${NAME} and"
                    + " ${OPT1} to ${OPT3} replaced; it is shown",
                LABEL))
        .addOption(
            Options.single("NAME", "what ${NAME} is in a label; default: the image's name", NAME));
    for (String opt : OPTS) {
      spec.addOption(Options.single("TEXT", "what ${" + variable(opt) + "} is in a label", opt));
    }
  }

  private static String variable(String opt) {
    return opt.substring(2).toUpperCase(Locale.ROOT);
  }

  /// The commands in the label, each of which is shown.
  ///
  /// @throws OcicapException when no image is named, or it has no such label
  static List<DockerCommands.Read> commands(
      Invocation invocation, Console console, Conversions conversions) {
    String label = invocation.value(LABEL).orElseThrow();
    Image image = conversions.namedImage(LABEL);
    DockerCommands commands =
        DockerCommands.ofLabel(
            label,
            image.config(),
            variables(invocation, Conversions.reference(image)),
            conversions.client());
    List<DockerCommands.Read> shown = new ArrayList<>();
    for (DockerCommands.@Nullable Read one = commands.next(); one != null; one = commands.next()) {
      if (one instanceof DockerCommands.Typed typed) {
        Notes.note(console, label + ": " + typed.text());
      }
      shown.add(one);
    }
    return shown;
  }

  private static Map<String, String> variables(Invocation invocation, String reference) {
    Map<String, String> variables = new HashMap<>();
    variables.put("IMAGE", reference);
    int last = reference.lastIndexOf('/') + 1;
    int colon = reference.indexOf(':', last);
    String stem = reference.substring(last, colon < 0 ? reference.length() : colon);
    String name = invocation.value(NAME).orElse(stem);
    variables.put("NAME", name);
    variables.put("CONFDIR", "/etc/" + name);
    variables.put("LOGDIR", "/var/log/" + name);
    variables.put("DATADIR", "/var/lib/" + name);
    for (String opt : OPTS) {
      variables.put(variable(opt), invocation.value(opt).orElse(""));
    }
    return variables;
  }
}
