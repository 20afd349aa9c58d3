package dev.ocicap.predict;

/// A capability that the configuration names and the process will not have in force.
///
/// @param capability its name: `CAP_KILL`, or what stands in the configuration instead of a name
/// @param reason why it is lost
/// @param remedy what to type, or to do
public record Lost(String capability, String reason, String remedy) {}
