package dev.ocicap.predict;

import dev.ocicap.cap.CapabilitySet;

/// A program in the root file system that the process can execute to get more.
///
/// @param path the program in the container
/// @param how `set-user-ID 0`, `file capabilities net_raw+ep` and so on
/// @param euid the effective user id that it gives
/// @param gained the capabilities that it has in its permitted set and the process has not
/// @param verdict one sentence: what it wins back, or why it does not
public record Regain(String path, String how, long euid, CapabilitySet gained, String verdict) {}
