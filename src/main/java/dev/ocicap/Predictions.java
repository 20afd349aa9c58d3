package dev.ocicap;

import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.ExecTransformation;
import dev.ocicap.predict.ContainerFiles;
import dev.ocicap.predict.RuntimeModel;
import dev.ocicap.spec.RuntimeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes predictions as callers know them.
final class Predictions {
  private Predictions() {}

  /// Predicts a start.
  ///
  /// @param host what the process that starts the runtime has
  /// @param bundle where the files are, or null when they are not looked at
  static Prediction of(RuntimeConfig config, CapabilitySet host, @Nullable Path bundle) {
    RuntimeModel runtime = new RuntimeModel(RuntimeModel.Kind.RUNC, RuntimeModel.Version.NEWEST);
    // Whoever makes a user namespace has every capability in it.
    ExecTransformation.Host starter =
        config.hasUserNamespace()
            ? ExecTransformation.Host.FULL
            : new ExecTransformation.Host(host, host);
    ContainerFiles files =
        bundle == null ? null : ContainerFiles.of(config, bundle.toAbsolutePath(), runtime);
    String name = bundle == null ? "BUNDLE" : bundle.toString();
    dev.ocicap.predict.Prediction found =
        dev.ocicap.predict.Prediction.of(
            config, new dev.ocicap.predict.Prediction.Circumstances(runtime, starter, files, name));
    return switch (found.result()) {
      case dev.ocicap.predict.Prediction.Failed failed ->
          new Prediction.Failed(failed.stage(), failed.reason(), failed.remedy(), found.notes());
      case dev.ocicap.predict.Prediction.Started started ->
          new Prediction.Started(
              Capabilities.of(started.running().capabilities()),
              started.running().euid(),
              started.running().egid(),
              lost(found),
              found.notes());
    };
  }

  private static List<Prediction.Lost> lost(dev.ocicap.predict.Prediction found) {
    List<Prediction.Lost> all = new ArrayList<>();
    for (dev.ocicap.predict.Lost lost : found.lost()) {
      all.add(new Prediction.Lost(lost.capability(), lost.reason(), lost.remedy()));
    }
    return all;
  }
}
