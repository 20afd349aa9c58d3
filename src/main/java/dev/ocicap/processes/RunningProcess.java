package dev.ocicap.processes;

import dev.ocicap.os.ProcessStatus;
import java.util.Optional;

/// One process, as it was when it was read.
///
/// @param pid its id
/// @param parent its parent's id
/// @param command its name, at most 15 bytes; it chose the name itself
/// @param user the name of its effective user, or the number
/// @param status its credentials
/// @param container the container that it belongs to, if any
public record RunningProcess(
    long pid,
    long parent,
    String command,
    String user,
    ProcessStatus status,
    Optional<Container> container) {}
