package dev.ocicap.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// One call of a command: its options and positional parameters, and the words after `--`.
///
/// @param parsed what picocli made of the arguments before `--`
/// @param words the arguments after `--`, untouched; null when there was no `--`
record Invocation(ParseResult parsed, @Nullable List<String> words) {

  /// Whether an option was given.
  boolean has(String option) {
    return parsed.hasMatchedOption(option);
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

  /// All values of an option in their order.
  List<String> values(String option) {
    return parsed.hasMatchedOption(option)
        ? parsed.matchedOption(option).originalStringValues()
        : List.of();
  }

  /// The positional parameters in their order.
  List<String> positionals() {
    List<String> values = new ArrayList<>();
    for (PositionalParamSpec matched : parsed.matchedPositionals()) {
      values.addAll(matched.originalStringValues());
    }
    return values;
  }
}
