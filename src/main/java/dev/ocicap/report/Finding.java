package dev.ocicap.report;

import org.jspecify.annotations.Nullable;

/// One answer of a check.
///
/// @param code the rule's stable name, kebab-case, noun first: `mount-destination-absolute`
/// @param level how much it weighs
/// @param layer which check spoke
/// @param pointer the JSON pointer (RFC 6901) of the value at fault; "" is the document
/// @param place where it stands in the file
/// @param message what is wrong, lower case
/// @param hint what to type instead, or null
/// @param reference the specification's file and anchor or a man page: `config.md#mounts`, or null
public record Finding(
    String code,
    Level level,
    Layer layer,
    String pointer,
    Place place,
    String message,
    @Nullable String hint,
    @Nullable String reference) {}
