package dev.ocicap.docker;

import dev.ocicap.edit.SpecEdit;
import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import dev.ocicap.report.Problem;
import dev.ocicap.seccomp.SeccompEdits;
import dev.ocicap.seccomp.SeccompProfile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The system call filter: the engine's profile or that of a file, resolved for the capabilities,
/// the processor and the kernel.
final class SeccompSettings {
  private SeccompSettings() {}

  /// Writes `linux.seccomp`, after the bounding set.
  ///
  /// @param name `unconfined`, `builtin`, the path of a file, or "" for the default
  static SpecEdit of(Conversion c, String name) {
    if (name.equals("unconfined") || (name.isEmpty() && c.isPrivileged())) {
      return SpecEdit.nothing();
    }
    boolean builtIn = name.isEmpty() || name.equals("builtin");
    SeccompProfile profile = builtIn ? builtIn(c) : file(c, name);
    if (profile == null) {
      return SpecEdit.nothing();
    }
    for (Problem ignored : profile.ignored()) {
      c.warning("--security-opt seccomp=" + name + ": " + ignored.message(), ignored.hint());
    }
    return c.isBundle()
        ? SeccompEdits.replace(profile, c.host.arch(), c.host.kernel())
        : SeccompEdits.replaceUnremembered(profile, c.host.arch(), c.host.kernel());
  }

  private static SeccompProfile builtIn(Conversion c) {
    return c.options.grants().engine() == DockerRunCommand.Engine.PODMAN
        ? SeccompProfile.podmanDefault()
        : SeccompProfile.dockerDefault();
  }

  private static @Nullable SeccompProfile file(Conversion c, String name) {
    String path = c.client.absolute(name);
    try {
      if (c.isBundle() && !ContainerInspection.isProfile(path)) {
        return SeccompProfile.read(Path.of(path));
      }
      return SeccompProfile.parse(JsonText.parse(name, c.client.files().read(path)));
    } catch (IOException e) {
      c.problem("--security-opt seccomp: cannot read '" + name + "'", null);
    } catch (OcicapException e) {
      for (Problem problem : e.problems()) {
        c.problem(problem);
      }
    }
    return null;
  }
}
