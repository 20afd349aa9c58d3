package dev.ocicap.audit;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.report.Place;
import java.util.List;
import java.util.Set;

/// What is graded, whether it came from a bundle, a process, or `docker inspect`. What its source
/// cannot tell is taken to be in order.
///
/// @param name how the user names it
/// @param place the file, for reports
/// @param inForce the capabilities that the process has in its permitted set after execve
/// @param reachable the bounding set: what a privileged program could win
/// @param root whether its user is root
/// @param noNewPrivileges whether execve grants nothing
/// @param seccomp whether there is a filter of system calls
/// @param confined whether AppArmor or SELinux confines it, or that is not known
/// @param hostNamespaces the namespaces that are the host's: `pid`, `network`, `ipc`, `uts`,
///   `mount`
/// @param userNamespace whether its root is not the host's
/// @param binds files and directories of the host
/// @param devices device nodes, by path; `*` when every device is allowed
/// @param masked whether the sensitive paths of `/proc` and `/sys` are masked
/// @param readonlyRoot whether its root file system is read-only
/// @param memoryLimit whether its memory is limited, or that is not known
/// @param pidsLimit whether its processes are limited, or that is not known
/// @param sysctls the kernel parameters that are set
/// @param capabilitiesAbsent whether the configuration says nothing of capabilities
/// @param unknown what the source could have told and did not, in words
public record Subject(
    String name,
    Place place,
    CapabilitySet inForce,
    CapabilitySet reachable,
    boolean root,
    boolean noNewPrivileges,
    boolean seccomp,
    boolean confined,
    Set<String> hostNamespaces,
    boolean userNamespace,
    List<Bind> binds,
    List<String> devices,
    boolean masked,
    boolean readonlyRoot,
    boolean memoryLimit,
    boolean pidsLimit,
    List<String> sysctls,
    boolean capabilitiesAbsent,
    List<String> unknown) {
  /// Copies the collections.
  public Subject {
    hostNamespaces = Set.copyOf(hostNamespaces);
    binds = List.copyOf(binds);
    devices = List.copyOf(devices);
    sysctls = List.copyOf(sysctls);
    unknown = List.copyOf(unknown);
  }

  /// A file or directory of the host.
  ///
  /// @param source the path on the host
  /// @param destination the path in the container
  /// @param writable whether it can be written
  /// @param shared whether what the container mounts below it is mounted on the host too
  public record Bind(String source, String destination, boolean writable, boolean shared) {}

  /// The namespaces that a container may share with its host, and that are looked at.
  static final List<String> NAMESPACES = List.of("pid", "network", "ipc", "uts", "mount");

  /// What the process has, or can win through a set-id program of its own.
  public CapabilitySet capabilities() {
    return noNewPrivileges ? inForce : inForce.plus(reachable);
  }
}
