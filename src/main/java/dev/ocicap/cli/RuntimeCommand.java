package dev.ocicap.cli;

import java.util.List;

/// A command of the container runtime, for a container that exists: words behind `--` go to the
/// runtime as they are.
interface RuntimeCommand extends Command {
  @Override
  default List<Help.Section> sections() {
    return List.of(RuntimeArguments.section());
  }

  @Override
  default String wordsLabel() {
    return RuntimeArguments.WORDS;
  }
}
