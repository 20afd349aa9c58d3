package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The help texts.
final class Help {
  private Help() {}

  static String version() {
    @Nullable String version = Help.class.getPackage().getImplementationVersion();
    return version == null ? "(development)" : version;
  }

  /// The list of commands and exit statuses.
  static void overview(PrintStream out) {
    out.println("Usage: ocicap COMMAND [OPTIONS]");
    out.println();
    out.println("OCI runtime bundles with the fewest Linux capabilities that work.");
    out.println();
    out.println("Commands:");
    for (Commands.Row row : Commands.ALL) {
      out.println("  " + row.name() + " ".repeat(12 - row.name().length()) + row.summary());
    }
    out.println();
    out.println("Try: ocicap generate --add setuid");
    out.println("     ocicap COMMAND --help");
    out.println();
    exitStatuses(out);
  }

  /// The help of one command.
  static void command(Commands.Row row, Command command, CommandSpec spec, PrintStream out) {
    String summary = row.summary();
    StringBuilder usage =
        new StringBuilder("Usage: ocicap ").append(row.name()).append(" [OPTIONS]");
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      usage
          .append(' ')
          .append(positional.paramLabel())
          .append(positional.arity().isVariable() ? "…" : "");
    }
    if (!command.trailLabel().isEmpty()) {
      usage.append(' ').append(command.trailLabel());
    }
    if (!command.wordsLabel().isEmpty()) {
      usage.append(" [-- ").append(command.wordsLabel()).append(']');
    }
    out.println(usage);
    out.println();
    out.println(Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".");
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      out.println();
      entry(positional.paramLabel(), positional.description(), out);
    }
    List<OptionSpec> rest = new ArrayList<>(spec.options());
    List<Section> sections = command.sections();
    for (Section section : sections) {
      for (String name : section.options()) {
        rest.remove(spec.findOption(name));
      }
    }
    options("Options", rest, out);
    for (Section section : sections) {
      List<OptionSpec> options = new ArrayList<>();
      for (String name : section.options()) {
        options.add(spec.findOption(name));
      }
      options(section.heading(), options, out);
    }
    out.println();
    exitStatuses(out);
  }

  /// Some options of a command under a heading.
  ///
  /// @param options one name of each
  record Section(String heading, List<String> options) {
    Section {
      options = List.copyOf(options);
    }
  }

  private static void options(String heading, List<OptionSpec> options, PrintStream out) {
    boolean begun = false;
    for (OptionSpec option : options) {
      if (!option.hidden()) {
        if (!begun) {
          out.println();
          out.println(heading + ":");
          begun = true;
        }
        String names = String.join(", ", option.names());
        String indent = option.names()[0].startsWith("--") ? "    " : "";
        entry(indent + names + value(option), option.description(), out);
      }
    }
  }

  private static String value(OptionSpec option) {
    if (option.arity().max() == 0 || option.type() == Boolean.class) {
      return "";
    }
    return option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : " " + option.paramLabel();
  }

  private static void entry(String left, String[] description, PrintStream out) {
    String line = "  " + left;
    if (line.length() > COLUMN - 2) {
      out.println(line);
      line = "";
    }
    line += " ".repeat(COLUMN - line.length());
    for (String word : String.join(" ", description).split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        out.println(line.stripTrailing());
        line = " ".repeat(COLUMN);
      }
      line += word + " ";
    }
    out.println(line.stripTrailing());
  }

  private static final int COLUMN = 34;
  private static final int WIDTH = 100;

  private static void exitStatuses(PrintStream out) {
    out.println("Exit statuses:");
    for (ExitStatus status : ExitStatus.values()) {
      String code = Integer.toString(status.code());
      out.println("  " + " ".repeat(3 - code.length()) + code + "  " + status.meaning());
    }
  }
}
