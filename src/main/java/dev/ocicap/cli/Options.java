package dev.ocicap.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Declares options and positional parameters. They are declared by calls and not by annotations,
/// which would make proxy classes at every start.
final class Options {
  private Options() {}

  /// An empty command with `--help`.
  static CommandSpec command() {
    return CommandSpec.create()
        // A description may name `${IMAGE}` and mean it.
        .interpolateVariables(false)
        .addOption(
            OptionSpec.builder("--help")
                .description("show this help")
                .type(boolean.class)
                .order(Integer.MAX_VALUE)
                .build());
  }

  /// An option with one value; the last one counts.
  static OptionSpec single(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .description(description)
        .arity("1")
        .type(String.class)
        .build();
  }

  /// An option with one value that may be left out.
  static OptionSpec optional(String label, String fallback, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .description(description)
        .arity("0..1")
        .fallbackValue(fallback)
        .type(String.class)
        .build();
  }

  /// An option that may be given more than once.
  static OptionSpec repeated(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .paramLabel(label)
        .description(description)
        .arity("1")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .build();
  }

  /// An option that is there or not.
  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names).description(description).type(boolean.class).build();
  }

  /// An option that is true or false: `--name`, `--name=true`, `--name=false`.
  static OptionSpec bool(String description, String... names) {
    return OptionSpec.builder(names)
        .description(description)
        .paramLabel("true|false")
        .arity("0..1")
        .fallbackValue("true")
        .type(Boolean.class)
        .build();
  }

  /// An option that help leaves out: one value, or none when the type is boolean.
  static OptionSpec hidden(Class<?> type, String... names) {
    return OptionSpec.builder(names)
        .paramLabel("VALUE")
        .arity(type == boolean.class ? "0" : "1")
        .type(type)
        .hidden(true)
        .build();
  }

  /// The one positional parameter, which must be given.
  static PositionalParamSpec positional(String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .description(description)
        .index("0")
        .arity("1")
        .required(true)
        .type(String.class)
        .build();
  }

  /// A positional parameter that may be left out.
  static PositionalParamSpec optionalPositional(String label, String description) {
    return optionalPositional(0, label, description);
  }

  /// The same behind others.
  ///
  /// @param index how many stand before it
  static PositionalParamSpec optionalPositional(int index, String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .description(description)
        .index(Integer.toString(index))
        .arity("0..1")
        .type(String.class)
        .build();
  }

  /// Positional parameters, at least one.
  static PositionalParamSpec positionals(String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .description(description)
        .arity("1..*")
        .required(true)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .build();
  }

  /// Positional parameters that may be left out.
  static PositionalParamSpec optionalPositionals(String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .description(description)
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .build();
  }
}
