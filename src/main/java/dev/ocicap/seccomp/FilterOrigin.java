package dev.ocicap.seccomp;

import dev.ocicap.report.OcicapException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a filter was resolved from, as the annotation of its configuration remembers it: `docker-28
/// arch=amd64 kernel=6.18`, or for a profile of the user's own `sha256:DIGEST arch=amd64
/// kernel=6.18 file=/absolute/path`. The path comes last since it may contain blanks.
///
/// @param source the profile
/// @param goArch the architecture it was resolved for
/// @param kernel the kernel it was resolved for
record FilterOrigin(ProfileSource source, String goArch, KernelVersion kernel) {
  private static final String SHA256 = "sha256:";

  /// The origin as the annotation has it; nothing for a profile that cannot be read again.
  Optional<String> print() {
    String machine = " arch=" + goArch + " kernel=" + kernel;
    // Not a switch: one over types is linked anew at each start.
    if (source instanceof ProfileSource.BuiltIn builtIn) {
      return Optional.of(builtIn.name() + machine);
    }
    return source instanceof ProfileSource.OfFile of
        ? Optional.of(SHA256 + of.sha256() + machine + " file=" + of.file())
        : Optional.empty();
  }

  /// The origin in an annotation, if the annotation has the form that [#print] gives it.
  static Optional<FilterOrigin> find(String annotation) {
    List<String> words = new ArrayList<>();
    int start = 0;
    while (words.size() < 3 && start <= annotation.length()) {
      int blank = annotation.indexOf(' ', start);
      int end = blank < 0 ? annotation.length() : blank;
      words.add(annotation.substring(start, end));
      start = end + 1;
    }
    if (words.size() < 3
        || !words.get(1).startsWith("arch=")
        || !words.get(2).startsWith("kernel=")) {
      return Optional.empty();
    }
    String goArch = words.get(1).substring("arch=".length());
    Optional<KernelVersion> kernel =
        KernelVersion.exactly(words.get(2).substring("kernel=".length()));
    String profile = words.getFirst();
    String rest = start <= annotation.length() ? annotation.substring(start) : "";
    if (kernel.isEmpty()) {
      return Optional.empty();
    }
    if (!profile.startsWith(SHA256)) {
      return rest.isEmpty()
          ? Optional.of(new FilterOrigin(new ProfileSource.BuiltIn(profile), goArch, kernel.get()))
          : Optional.empty();
    }
    if (!rest.startsWith("file=/") || rest.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    Path file = Path.of(rest.substring("file=".length()));
    return Optional.of(
        new FilterOrigin(
            new ProfileSource.OfFile(file, profile.substring(SHA256.length())),
            goArch,
            kernel.get()));
  }

  /// The profile.
  ///
  /// @throws OcicapException when it cannot be had any more: its file is gone or was changed, or
  ///   this version of ocicap has none of that name
  SeccompProfile profile() {
    return switch (source) {
      case ProfileSource.BuiltIn builtIn ->
          switch (builtIn.name()) {
            case DockerProfile.NAME -> SeccompProfile.dockerDefault();
            case PodmanProfile.NAME -> SeccompProfile.podmanDefault();
            default ->
                throw OcicapException.input(
                    null, "there is no built-in profile '" + builtIn.name() + "'", null);
          };
      case ProfileSource.OfFile of -> {
        SeccompProfile profile = SeccompProfile.read(of.file());
        if (!profile.source().equals(of)) {
          throw OcicapException.input(
              null, "the profile '" + of.file() + "' was changed since", null);
        }
        yield profile;
      }
      case ProfileSource.Text text -> throw new IllegalStateException("never remembered");
    };
  }
}
