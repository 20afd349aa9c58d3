package dev.ocicap.docker;

import dev.ocicap.spec.Mount;
import java.util.List;
import java.util.Optional;

/// The containers that a command may refer to by name: `--network container:NAME`, `--volumes-from
/// NAME`, `--link NAME`.
@FunctionalInterface
public interface OtherContainers {
  /// How to make a container known.
  String HINT = "start it first: ocicap run --id NAME …; 'runc list' shows which run";

  /// No container is known.
  static OtherContainers none() {
    return name -> Optional.empty();
  }

  /// A container on this machine.
  ///
  /// @param pid its first process, or 0 when it does not run
  /// @param hostname its host name
  /// @param files the directory of its `resolv.conf`, `hosts` and `hostname`
  /// @param sharesIpc whether its IPC namespace may be joined
  /// @param shm its `/dev/shm` on the host, or "" when nobody else can mount that
  /// @param volumes its mounts that are volumes or bind mounts
  record Container(
      long pid, String hostname, String files, boolean sharesIpc, String shm, List<Mount> volumes) {
    /// Copies the volumes.
    public Container {
      volumes = List.copyOf(volumes);
    }

    /// Whether it runs.
    public boolean isRunning() {
      return pid > 0;
    }
  }

  /// The container of that name, if there is one.
  Optional<Container> find(String name);

  /// The same for a name as docker takes it: its own names begin with a slash.
  default Optional<Container> named(String name) {
    return find(name.startsWith("/") ? name.substring(1) : name);
  }
}
