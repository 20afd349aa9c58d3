package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /// What an option that takes no value has when it is given, and the value that is left out of one
  /// that is true or false.
  static final String TRUE = "true";

  /// Adds a value to those of an option.
  static void add(Map<String, List<String>> options, OptionSpec option, String value) {
    options.computeIfAbsent(option.key(), _ -> new ArrayList<>()).add(value);
  }

  /// Whether the command declared an option, for this call.
  boolean declares(String option) {
    return spec.find(option) != null;
  }

  /// Whether an option was given.
  boolean has(String option) {
    return !values(option).isEmpty();
  }

  /// Whether an option that is true or false was given and is true.
  boolean isOn(String option) {
    return value(option).map(text -> text.equals(TRUE)).orElse(false);
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
    OptionSpec declared = spec.find(option);
    return declared == null ? List.of() : options.getOrDefault(declared.key(), List.of());
  }
}
