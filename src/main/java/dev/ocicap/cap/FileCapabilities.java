package dev.ocicap.cap;

/// The capabilities of a program file, its `security.capability` attribute (capabilities(7), "File
/// capabilities").
///
/// @param permitted granted by execve as far as the bounding set allows
/// @param inheritable granted by execve as far as the process' inheritable set allows
/// @param effective whether what was granted is effective at once
public record FileCapabilities(
    CapabilitySet permitted, CapabilitySet inheritable, boolean effective) {}
