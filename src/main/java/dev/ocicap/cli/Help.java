package dev.ocicap.cli;

import dev.ocicap.report.ExitStatus;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

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
    spec.usageMessage()
        .width(100)
        .sortOptions(false)
        .sortSynopsis(false)
        .abbreviateSynopsis(true)
        .description(Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".", "");
    if (!command.wordsLabel().isEmpty()) {
      spec.usageMessage().synopsisSubcommandLabel("");
    }
    String usage =
        new CommandLine(spec, CommandLine.defaultFactory())
            .getUsageMessage(CommandLine.Help.Ansi.OFF);
    if (!command.wordsLabel().isEmpty()) {
      int end = usage.indexOf('\n');
      usage = usage.substring(0, end) + " [-- " + command.wordsLabel() + "]" + usage.substring(end);
    }
    out.print(usage);
    out.println();
    exitStatuses(out);
  }

  private static void exitStatuses(PrintStream out) {
    out.println("Exit statuses:");
    for (ExitStatus status : ExitStatus.values()) {
      String code = Integer.toString(status.code());
      out.println("  " + " ".repeat(3 - code.length()) + code + "  " + status.meaning());
    }
  }
}
