package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options and positional parameters that a command declares, in their order. A start of ocicap
/// makes one; picocli's own model of the same, five times as dear, is made of it where picocli has
/// something to do (see [Picocli]).
final class CommandSpec {
  private final List<OptionSpec> options = new ArrayList<>();
  private final Map<String, OptionSpec> named = new HashMap<>();
  private final List<PositionalSpec> positionals = new ArrayList<>();

  /// Adds an option.
  ///
  /// @throws IllegalArgumentException when another has one of its names
  CommandSpec addOption(OptionSpec option) {
    options.add(option);
    for (String name : option.names()) {
      if (named.put(name, option) != null) {
        throw new IllegalArgumentException(name + " is declared twice");
      }
    }
    return this;
  }

  /// Adds a positional parameter behind those that are there.
  CommandSpec addPositional(PositionalSpec positional) {
    positionals.add(positional);
    return this;
  }

  List<OptionSpec> options() {
    return Collections.unmodifiableList(options);
  }

  List<PositionalSpec> positionals() {
    return Collections.unmodifiableList(positionals);
  }

  /// The option with a name, dashes included; null when there is none.
  @Nullable OptionSpec find(String name) {
    return named.get(name);
  }
}
