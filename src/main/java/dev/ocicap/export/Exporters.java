package dev.ocicap.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every target.
public final class Exporters {
  /// The targets, in the order in which they are offered.
  public static final List<Exporter> ALL =
      List.of(
          new CommandExporter(Engine.DOCKER),
          new CommandExporter(Engine.PODMAN),
          new CommandExporter(Engine.NERDCTL),
          new ComposeExporter(),
          new KubernetesExporter(),
          new SystemdExporter(),
          new QuadletExporter());

  private Exporters() {}

  /// The words of all targets.
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Exporter exporter : ALL) {
      names.add(exporter.name());
    }
    return names;
  }

  /// The target of a word.
  public static Optional<Exporter> find(String name) {
    for (Exporter exporter : ALL) {
      if (exporter.name().equals(name)) {
        return Optional.of(exporter);
      }
    }
    return Optional.empty();
  }
}
