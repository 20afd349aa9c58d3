package dev.ocicap.cli;

import dev.ocicap.data.Texts;
import dev.ocicap.manual.Block;
import dev.ocicap.manual.Block.Entries;
import dev.ocicap.manual.Block.Entry;
import dev.ocicap.manual.Block.Example;
import dev.ocicap.manual.Block.Heading;
import dev.ocicap.manual.Page;
import dev.ocicap.report.ExitStatus;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The pages of help: one of all commands, and one of each.
///
/// The distribution has them as files, which its launcher prints without a JVM; this class makes
/// them, at build time and where no launcher is.
final class Help {
  /// Where descriptions begin.
  private static final int COLUMN = 28;

  private static final int NARROW = 15;

  /// What the environment may say, where help and the manual list it.
  private static final List<Entry> ENVIRONMENT =
      List.of(
          new Entry(
              List.of("OCICAP_RUNTIME"), "", "the container runtime, where no --runtime is given"),
          new Entry(List.of("OCICAP_JAVA_HOME"), "", "the Java to run with"),
          new Entry(List.of("OCICAP_DEBUG"), "", "not empty: show where an error came from"),
          new Entry(List.of("NO_COLOR"), "", "not empty: no colours"));

  private Help() {}

  static String version() {
    // Of the distribution, which is made with this text.
    return Texts.find("/help/version").orElse("(development)");
  }

  /// Some options of a command under a heading.
  ///
  /// @param options one name of each
  record Section(String heading, List<String> options) {
    Section {
      options = List.copyOf(options);
    }
  }

  /// The page of a command or a topic.
  ///
  /// @throws OcicapException when the word is neither
  static Page named(String word) {
    Optional<Commands.Row> command = Commands.find(word);
    if (command.isPresent()) {
      return command(command.get());
    }
    return Topics.find(word)
        .map(Topics::page)
        .orElseThrow(() -> {
          List<String> words = new ArrayList<>(Topics.names());
          words.addAll(Commands.names());
          return OcicapException.usage(
              "help: '" + word + "' is neither a command nor a topic",
              Suggestion.nearest(word, words)
                  .map(nearest -> "ocicap help " + nearest)
                  .orElse("ocicap help"));
        });
  }

  /// The page of all commands and topics.
  static Page overview() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Heading("Commands"));
    List<Entry> commands = new ArrayList<>();
    for (Commands.Row row : Commands.ALL) {
      commands.add(new Entry(List.of(row.name()), "", row.summary()));
    }
    blocks.add(new Entries(NARROW, commands));
    blocks.add(new Heading("Topics"));
    List<Entry> topics = new ArrayList<>();
    for (Topics.Row row : Topics.ALL) {
      topics.add(new Entry(List.of(row.name()), "", row.summary()));
    }
    blocks.add(new Entries(NARROW, topics));
    blocks.add(new Heading("Try"));
    blocks.add(
        new Example(
            List.of(
                "$ ocicap generate --add setuid",
                "$ ocicap COMMAND --help",
                "$ ocicap help TOPIC")));
    blocks.add(new Heading("Environment"));
    blocks.add(new Entries(COLUMN, ENVIRONMENT));
    exitStatuses(blocks);
    return new Page(
        "ocicap",
        1,
        "OCI runtime bundles with the fewest Linux capabilities that work",
        "ocicap COMMAND [OPTIONS]",
        blocks);
  }

  /// The page of one command. What `help/commands/NAME.md` says stands below the summary, and what
  /// it says under headings below the options.
  static Page command(Commands.Row row) {
    Command command = row.make();
    CommandSpec spec = command.spec();
    List<Block> blocks = new ArrayList<>();
    List<Block> below = new ArrayList<>();
    for (Block block : Topics.blocks("commands", row.name())) {
      (block instanceof Heading || !below.isEmpty() ? below : blocks).add(block);
    }
    List<Entry> positionals = new ArrayList<>();
    for (PositionalSpec positional : spec.positionals()) {
      positionals.add(new Entry(List.of(positional.paramLabel()), "", positional.description()));
    }
    if (!positionals.isEmpty()) {
      blocks.add(new Entries(COLUMN, positionals));
    }
    List<OptionSpec> rest = new ArrayList<>(spec.options());
    List<Section> sections = command.sections();
    for (Section section : sections) {
      for (String name : section.options()) {
        rest.remove(spec.find(name));
      }
    }
    options("Options", rest, blocks);
    for (Section section : sections) {
      List<OptionSpec> options = new ArrayList<>();
      for (String name : section.options()) {
        options.add(spec.find(name));
      }
      options(section.heading(), options, blocks);
    }
    blocks.addAll(below);
    exitStatuses(blocks);
    return new Page("ocicap-" + row.name(), 1, row.summary(), usage(row, command, spec), blocks);
  }

  private static String usage(Commands.Row row, Command command, CommandSpec spec) {
    StringBuilder usage = new StringBuilder("ocicap ").append(row.name()).append(" [OPTIONS]");
    boolean replace = command.wordsReplace();
    usage.append(replace ? " (" : "");
    String blank = replace ? "" : " ";
    for (PositionalSpec positional : spec.positionals()) {
      String label = positional.paramLabel() + (positional.variable() ? "…" : "");
      boolean optional = !replace && !positional.required();
      usage.append(blank).append(optional ? "[" + label + "]" : label);
      blank = " ";
    }
    if (!command.trailLabel().isEmpty()) {
      usage.append(' ').append(command.trailLabel());
    }
    if (!command.wordsLabel().isEmpty()) {
      usage
          .append(replace ? " | -- " : " [-- ")
          .append(command.wordsLabel())
          .append(replace ? ')' : ']');
    }
    return usage.toString();
  }

  private static void options(String heading, List<OptionSpec> options, List<Block> blocks) {
    List<Entry> entries = new ArrayList<>();
    for (OptionSpec option : options) {
      if (!option.hidden()) {
        entries.add(new Entry(option.names(), value(option), option.description()));
      }
    }
    if (!entries.isEmpty()) {
      blocks.add(new Heading(heading));
      blocks.add(new Entries(COLUMN, entries));
    }
  }

  private static String value(OptionSpec option) {
    if (option.isBare() || option.isTruth()) {
      return "";
    }
    return option.needsValue() ? " " + option.paramLabel() : "[=" + option.paramLabel() + "]";
  }

  private static void exitStatuses(List<Block> blocks) {
    List<Entry> entries = new ArrayList<>();
    for (ExitStatus status : ExitStatus.values()) {
      entries.add(new Entry(List.of(Integer.toString(status.code())), "", status.meaning()));
    }
    blocks.add(new Heading("Exit statuses"));
    blocks.add(new Entries(7, entries));
  }
}
