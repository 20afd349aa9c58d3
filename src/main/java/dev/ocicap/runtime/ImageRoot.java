package dev.ocicap.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The root file system of a container that goes when it has ended: an image's files, and above
/// them what the container changes. It is mounted in a mount namespace in which nobody is but the
/// runtime and what it starts, so nothing can leave the mount behind; what it is mounted on is an
/// empty directory, so nothing can change the image. Where the kernel makes no overlay there, a
/// copy of the image is mounted instead.
///
/// @param image the image's files
/// @param bundle the bundle's directory, with [TemporaryBundles#CHANGES] and
///   [TemporaryBundles#WORK]
/// @param place what it is mounted on: `root.path` of the container
public record ImageRoot(Path image, Path bundle, Path place) {
  private static final List<String> ENTERERS = List.of("/usr/bin/unshare", "/bin/unshare");

  /// The kernel separates the options of a mount by commas and lower directories by colons.
  private static final String SPECIAL = ",:\\\"";

  /// `%s` stands for a redirection. The status is that of a runtime that was not started. No
  /// variable is set: one that the user exported by its name would change for the runtime.
  private static final String SCRIPT =
      """
      command -p mount -i -t overlay \
        -o "lowerdir=$0,upperdir=$1/changes,workdir=$1/work" overlay "$2" 2>/dev/null || {
        command -p cp -a --reflink=auto -- "$0/." "$1/changes" &&
          command -p mount -i --bind "$1/changes" "$2"
      } || exit 125
      shift 2
      exec "$@"%s
      """;

  /// Whether this machine has what it takes, for root.
  ///
  /// @param image the image's files
  public static boolean isPossible(Path image) {
    String path = image.toString();
    for (int i = 0; i < SPECIAL.length(); i++) {
      if (path.indexOf(SPECIAL.charAt(i)) >= 0) {
        return false;
      }
    }
    return enterer().isPresent();
  }

  /// A command with this root file system in its place.
  ///
  /// @param input whether the command may read what ocicap could
  List<String> around(List<String> command, boolean input) {
    List<String> words = new ArrayList<>();
    words.add(enterer().orElseThrow());
    // What is mounted on the host later is seen by the container as with any other.
    words.addAll(List.of("--mount", "--propagation", "slave"));
    words.addAll(List.of("/bin/sh", "-c", SCRIPT.replace("%s", input ? "" : " </dev/null")));
    words.addAll(List.of(image.toString(), bundle.toString(), place.toString()));
    words.addAll(command);
    return words;
  }

  private static Optional<String> enterer() {
    for (String program : ENTERERS) {
      if (Files.isExecutable(Path.of(program))) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
