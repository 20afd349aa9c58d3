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
  record Names(String container, String image, String directory) {}
}
