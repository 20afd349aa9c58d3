package dev.ocicap.cli;

/// A positional parameter, as a command declares it.
///
/// @param index how many stand before it
/// @param required whether it must be given
/// @param variable whether there may be any number of it
record PositionalSpec(
    int index, String paramLabel, String description, boolean required, boolean variable)
    implements ArgSpec {}
