/// Seccomp profiles: Docker's built-in one and Docker's files, resolved for a capability set, an
/// architecture and a kernel; and filters that follow the capabilities.
@NullMarked
package dev.ocicap.seccomp;

import org.jspecify.annotations.NullMarked;
