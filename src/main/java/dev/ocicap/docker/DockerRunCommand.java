package dev.ocicap.docker;

import dev.ocicap.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A parsed `docker run` or `docker create`: the flags with their values in order, the image, and
/// the words for the container. The values are still texts.
///
/// @param engine the program that was named
/// @param create whether it is `create` instead of `run`
/// @param flags the flags in the order given
/// @param image the image as it was named
/// @param arguments the words after the image
public record DockerRunCommand(
    Engine engine, boolean create, List<FlagValue> flags, String image, List<String> arguments) {

  /// Whose command line it is.
  public enum Engine {
    /// `docker`
    DOCKER("docker"),
    /// `podman`
    PODMAN("podman"),
    /// `nerdctl`
    NERDCTL("nerdctl");

    private final String program;

    Engine(String program) {
      this.program = program;
    }

    /// The program's name.
    public String program() {
      return program;
    }

    /// Every flag that its `run` or `create` knows.
    public List<DockerFlag> flags() {
      return switch (this) {
        case DOCKER -> DockerFlag.ALL;
        case PODMAN -> PodmanFlags.ALL;
        case NERDCTL -> NerdctlFlags.ALL;
      };
    }
  }

  /// Copies the lists.
  public DockerRunCommand {
    flags = List.copyOf(flags);
    arguments = List.copyOf(arguments);
  }

  /// Reads a command line as docker does: the first word that is neither a flag nor a flag's value
  /// is the image, and everything after it belongs to the container.
  ///
  /// @param words the words of the command line, `docker` or a path to it first
  /// @throws dev.ocicap.report.OcicapException when docker would not understand it
  public static DockerRunCommand parse(List<String> words) {
    return new CommandParser(words).parse();
  }

  /// Whether a flag was given.
  boolean has(String name) {
    return last(name) != null;
  }

  /// The last value of a flag, or null when it was not given.
  @Nullable String last(String name) {
    for (int i = flags.size() - 1; i >= 0; i--) {
      if (flags.get(i).flag().canonicalName().equals(name)) {
        return flags.get(i).text();
      }
    }
    return null;
  }

  /// The last value of a flag; "" when it was not given.
  String text(String name) {
    String last = last(name);
    return last == null ? "" : last;
  }

  /// Every value of a flag, in order.
  List<String> all(String name) {
    List<String> all = new ArrayList<>();
    for (FlagValue value : flags) {
      if (value.flag().canonicalName().equals(name)) {
        all.add(value.text());
      }
    }
    return all;
  }

  /// Whether a boolean flag is on.
  boolean isOn(String name) {
    String last = last(name);
    return last != null && GoSyntax.parseBool(last);
  }

  /// The value of `--name`, if there is one.
  public Optional<String> name() {
    String name = text("name");
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  /// The value of `--pull`: `always`, `missing`, `never`, or "".
  public String pull() {
    return text("pull");
  }

  /// The value of `--platform`, or what docker's client takes for it, or "".
  String platform(ClientEnvironment client) {
    String standard = client.variables().value("DOCKER_DEFAULT_PLATFORM");
    return has("platform") || standard == null ? text("platform") : standard;
  }

  /// The platform of the image that docker would choose.
  ///
  /// @param client where the command was typed
  /// @param host the processor of the machine that the container is for
  public Platform imagePlatform(ClientEnvironment client, Platform host) {
    try {
      String text = platform(client);
      PlatformNotation asked = text.isEmpty() ? null : PlatformNotation.parse(text);
      return asked == null || asked.architecture().isEmpty()
          ? host
          : new Platform(asked.architecture(), asked.variant());
    } catch (BadValue e) {
      // The conversion says what is wrong with it.
      return host;
    }
  }

  /// Whether `--detach` is on.
  public boolean isDetached() {
    return isOn("detach");
  }

  /// Whether `--rm` is on.
  public boolean isRemoved() {
    return isOn("rm");
  }

  /// Whether the image is the directory of a root file system: `--rootfs` of podman and nerdctl.
  public boolean isRootfs() {
    return isOn("rootfs");
  }

  /// Whether `--tty` is on.
  public boolean hasTerminal() {
    return isOn("tty");
  }

  /// Whether `--interactive` is on.
  public boolean isInteractive() {
    return isOn("interactive");
  }

  /// A name for the container's bundle: `--name`, else the last part of the image's name.
  public String suggestedName() {
    Optional<String> name = name();
    if (name.isPresent()) {
      // Docker's own names begin with a slash, which it also takes.
      return name.get().startsWith("/") ? name.get().substring(1) : name.get();
    }
    int end = image.indexOf('@');
    String repository = end < 0 ? image : image.substring(0, end);
    int slash = repository.lastIndexOf('/');
    int colon = repository.indexOf(':', slash + 1);
    return repository.substring(slash + 1, colon < 0 ? repository.length() : colon);
  }
}
