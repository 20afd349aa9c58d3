package dev.ocicap.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// One call of a command: its options and positional parameters, and the words after `--`.
///
/// @param spec what the command declared
/// @param options the values of the options that were given, under the first name of each
/// @param positionals the positional parameters in their order
/// @param words the arguments after `--`, untouched; null when there was no `--`
/// @param arguments the arguments before it, each value joined to its option by `=`
record Invocation(
    CommandSpec spec,
    Map<String, List<String>> options,
    List<String> positionals,
    @Nullable List<String> words,
    List<String> arguments) {

  /// Under which name the values of an option are kept.
  static String key(OptionSpec option) {
    return option.names()[0];
  }

  /// Whether the command declared an option, for this call.
  boolean declares(String option) {
    return spec.optionsMap().containsKey(option);
  }

  /// Whether an option was given.
  boolean has(String option) {
    return !values(option).isEmpty();
  }

  /// Whether an option that is true or false was given and is true.
  boolean isOn(String option) {
    return value(option).map(text -> text.equals("true")).orElse(false);
  }

  /// The value of an option, the last one when it was given more than once.
  Optional<String> value(String option) {
    List<String> values = values(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /// All values of an option in their order; of one that takes none `true` for each time.
  List<String> values(String option) {
    if (options.isEmpty()) {
      return List.of();
    }
    OptionSpec declared = spec.optionsMap().get(option);
    return declared == null ? List.of() : options.getOrDefault(key(declared), List.of());
  }
}
