package dev.ocicap.export;

import dev.ocicap.spec.RuntimeConfig;

/// One target.
public interface Exporter {
  /// The word in options: `docker`.
  String name();

  /// The configuration in the target's terms. Privileges that the target cannot limit as the
  /// configuration does are left out and reported, never widened.
  Exported export(RuntimeConfig config, Names names);

  /// The configuration's capabilities alone in the target's terms, as they stand in [#export], and
  /// what the target cannot say of them.
  Exported capabilities(RuntimeConfig config);

  /// What no configuration says.
  ///
  /// @param container the name of the container, service, pod or unit
  /// @param image the image to run
  /// @param directory the bundle's directory, absolute
  /// @param disks where block devices have their nodes
  record Names(String container, String image, String directory, Disks disks) {

    /// Names on no machine in particular.
    public Names(String container, String image, String directory) {
      this(container, image, directory, (_, _) -> "");
    }
  }

  /// The block devices of a machine, which a configuration names by number and engines by path.
  interface Disks {
    /// The path of a device's node, or "" for a device that is not there.
    String path(long major, long minor);
  }
}
