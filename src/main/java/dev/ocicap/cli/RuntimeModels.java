package dev.ocicap.cli;

import dev.ocicap.cap.Capability;
import dev.ocicap.cap.SetName;
import dev.ocicap.predict.RuntimeModel;
import dev.ocicap.predict.RuntimeModel.Kind;
import dev.ocicap.predict.RuntimeModel.Version;
import dev.ocicap.report.OcicapException;
import dev.ocicap.runtime.OciRuntime;
import dev.ocicap.runtime.RuntimeProbe;
import dev.ocicap.spec.RuntimeConfig;
import dev.ocicap.spec.User;
import java.util.List;
import java.util.Optional;

/// Which runtime a prediction is for: `runc`, `crun@1.8`, `/usr/local/bin/crun`.
final class RuntimeModels {
  private RuntimeModels() {}

  /// The runtime that an option names. A program is started for its version only where versions
  /// differ for this configuration and none was given.
  static RuntimeModel of(Optional<String> option, RuntimeConfig config, Console console) {
    String word = option.orElse(console.env().getOrDefault(OciRuntime.VARIABLE, ""));
    String named = word.isEmpty() ? Kind.RUNC.word() : word;
    int at = named.lastIndexOf('@');
    String program = at < 0 ? named : named.substring(0, at);
    Kind kind = kind(program.substring(program.lastIndexOf('/') + 1));
    if (at >= 0) {
      return new RuntimeModel(
          kind,
          Version.find(named.substring(at + 1) + ".0")
              .orElseThrow(() ->
                  OcicapException.usage(
                      "--runtime: '" + named.substring(at + 1) + "' is not a version",
                      "--runtime " + kind.word() + "@1.3")));
    }
    return new RuntimeModel(
        kind, versionMatters(config) ? installed(program, console) : Version.NEWEST);
  }

  private static Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (name.startsWith(kind.word())) {
        return kind;
      }
    }
    throw OcicapException.usage(
        "--runtime: nothing is known of how '" + name + "' sets capabilities", "--runtime runc");
  }

  private static boolean versionMatters(RuntimeConfig config) {
    if (config.capabilities().isEmpty() || isHigh(config.user())) {
      return true;
    }
    for (SetName set : SetName.values()) {
      List<String> names = config.strings("process", "capabilities", set.key());
      for (String name : names) {
        if (Capability.spelt(name).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether an id is above those that every runtime sets.
  private static boolean isHigh(User user) {
    boolean high = user.uid() > Integer.MAX_VALUE || user.gid() > Integer.MAX_VALUE;
    for (long group : user.additionalGids()) {
      high |= group > Integer.MAX_VALUE;
    }
    return high;
  }

  /// The version that the installed program says it has; the newest when there is none.
  private static Version installed(String program, Console console) {
    try {
      RuntimeProbe probe = RuntimeProbe.of(OciRuntime.find(program, console.env()), console.env());
      return Version.find(probe.banner()).orElse(Version.NEWEST);
    } catch (OcicapException e) {
      return Version.NEWEST;
    }
  }
}
