package dev.ocicap.cli;

import dev.ocicap.docker.ConversionOptions.RuntimeFeatures;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.validate.Features;
import dev.ocicap.validate.RuntimeRelease;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which options of mounts the runtimes know that may start a bundle. They are asked once, when the
/// first question comes. Without any runtime a new one is assumed, as the bundle is for one to
/// come.
final class MountFeatures implements RuntimeFeatures {
  private final @Nullable OciRuntime runtime;
  private final Map<String, String> env;
  private @Nullable List<RuntimeProbe> probes;
  private final Map<String, Boolean> answers = new HashMap<>();

  private MountFeatures(@Nullable OciRuntime runtime, Map<String, String> env) {
    this.runtime = runtime;
    this.env = env;
  }

  /// One runtime.
  ///
  /// @param env the user's environment, which tells where answers are kept
  static MountFeatures of(OciRuntime runtime, Map<String, String> env) {
    return new MountFeatures(runtime, env);
  }

  /// Every one that is installed.
  static MountFeatures ofInstalled(Map<String, String> env) {
    return new MountFeatures(null, env);
  }

  @Override
  public synchronized boolean knowMountOption(String option) {
    Boolean answer = answers.get(option);
    if (answer == null) {
      answer = ask(option);
      answers.put(option, answer);
    }
    return answer;
  }

  private boolean ask(String option) {
    List<RuntimeProbe> asked = probes;
    if (asked == null) {
      asked = new ArrayList<>();
      for (OciRuntime one : runtime == null ? OciRuntime.installed(env) : List.of(runtime)) {
        asked.add(RuntimeProbe.of(one, env));
      }
      probes = asked;
    }
    for (RuntimeProbe probe : asked) {
      if (!knows(probe, option)) {
        return false;
      }
    }
    return true;
  }

  private static boolean knows(RuntimeProbe probe, String option) {
    RuntimeRelease release = RuntimeRelease.parse(probe.banner());
    try {
      return probe
          .features()
          .flatMap(text -> Features.parse(release.name(), text).list("mountOptions"))
          .map(known -> known.contains(option))
          // crun has known the recursive options since 1.4, and the command only since 1.8.6.
          .orElse(release.is("crun") && !release.isBefore(1, 4));
    } catch (OcicapException e) {
      return false;
    }
  }
}
