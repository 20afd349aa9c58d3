package dev.ocicap.cli;

/// An option or a positional parameter, as a command declares it.
sealed interface ArgSpec permits OptionSpec, PositionalSpec {

  /// What its value is called; of an option without one, nothing in particular.
  String paramLabel();

  /// What it does, for help.
  String description();
}
