package dev.ocicap.cli;

import java.util.List;

/// Makes the options and positional parameters that commands declare.
final class Options {
  private Options() {}

  /// A command with `--help`.
  static CommandSpec command() {
    return new CommandSpec().addOption(flag("show this help", "--help"));
  }

  /// An option with one value; the last one counts.
  static OptionSpec single(String label, String description, String... names) {
    return new OptionSpec(OptionSpec.Kind.SINGLE, List.of(names), label, description, null, false);
  }

  /// An option with one value that may be left out.
  static OptionSpec optional(String label, String fallback, String description, String... names) {
    return new OptionSpec(
        OptionSpec.Kind.SINGLE, List.of(names), label, description, fallback, false);
  }

  /// An option that may be given more than once.
  static OptionSpec repeated(String label, String description, String... names) {
    return new OptionSpec(
        OptionSpec.Kind.REPEATED, List.of(names), label, description, null, false);
  }

  /// An option that is there or not.
  static OptionSpec flag(String description, String... names) {
    return new OptionSpec(OptionSpec.Kind.FLAG, List.of(names), "", description, null, false);
  }

  /// An option that is true or false: `--name`, `--name=true`, `--name=false`.
  static OptionSpec bool(String description, String... names) {
    return new OptionSpec(
        OptionSpec.Kind.TRUTH, List.of(names), "true|false", description, Invocation.TRUE, false);
  }

  /// The one positional parameter, which must be given.
  static PositionalSpec positional(String label, String description) {
    return new PositionalSpec(0, label, description, true, false);
  }

  /// A positional parameter that may be left out.
  static PositionalSpec optionalPositional(String label, String description) {
    return optionalPositional(0, label, description);
  }

  /// The same behind others.
  ///
  /// @param index how many stand before it
  static PositionalSpec optionalPositional(int index, String label, String description) {
    return new PositionalSpec(index, label, description, false, false);
  }

  /// Positional parameters, at least one.
  static PositionalSpec positionals(String label, String description) {
    return new PositionalSpec(0, label, description, true, true);
  }

  /// Positional parameters that may be left out.
  static PositionalSpec optionalPositionals(String label, String description) {
    return new PositionalSpec(0, label, description, false, true);
  }
}
