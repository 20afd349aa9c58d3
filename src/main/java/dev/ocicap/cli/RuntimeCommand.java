package dev.ocicap.cli;

import java.util.List;

/// A command about containers that a runtime has, with the runtime's global options.
interface RuntimeCommand extends Command {
  @Override
  default List<Help.Section> sections() {
    return List.of(RuntimeArguments.section());
  }

  /// One that becomes a command of the runtime: words behind `--` go to it as they are.
  interface Passing extends RuntimeCommand {
    @Override
    default String wordsLabel() {
      return RuntimeArguments.WORDS;
    }
  }
}
