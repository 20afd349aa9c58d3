package dev.ocicap.docker;

import dev.ocicap.cap.SetName;
import java.util.List;

/// What the user of a conversion decides, beyond the docker command.
///
/// @param id the container's id, 64 hexadecimal digits; its first twelve are the default host name
/// @param form whether it is to be the engine's own document, or a bundle's
/// @param places where things are
/// @param grants who gets which capabilities
/// @param known what is known of the machine's runtimes and containers
public record ConversionOptions(
    String id, Form form, Places places, Grants grants, Surroundings known) {

  /// The sets that Docker Engine fills.
  public static final List<SetName> DOCKER_SETS =
      List.of(SetName.BOUNDING, SetName.EFFECTIVE, SetName.PERMITTED);

  /// What the configuration is for.
  public enum Form {
    /// What the engine writes, and nothing else.
    DOCUMENT,
    /// A bundle: annotations keep what it cannot say, and the profile that the system call filter
    /// was made from; read-only files are mounted in words that every runtime takes.
    BUNDLE
  }

  /// Where things are.
  ///
  /// @param root `root.path`
  /// @param files the directory of `resolv.conf`, `hosts` and `hostname`, or "" for the bundle
  /// @param volumes the directory of named and anonymous volumes
  /// @param dataRoot Docker Engine's own directory: a bind mount that meets it is made a slave
  /// @param init the program that `--init` puts before the command, on the host
  /// @param dockerCgroup whether to put the container where Docker Engine would
  public record Places(
      String root,
      String files,
      String volumes,
      String dataRoot,
      String init,
      boolean dockerCgroup) {}

  /// Who gets which capabilities.
  ///
  /// @param engine whose default capabilities and precedence of adds and drops hold
  /// @param sets the sets that hold the capabilities
  /// @param ambient whether what was added for a user that is not root is ambient too, so that the
  ///   process really has it
  public record Grants(DockerRunCommand.Engine engine, List<SetName> sets, boolean ambient) {
    /// What Docker Engine does.
    public static final Grants DOCKER =
        new Grants(DockerRunCommand.Engine.DOCKER, DOCKER_SETS, false);

    /// Copies the list.
    public Grants {
      sets = List.copyOf(sets);
    }
  }

  /// What is known of the machine's runtimes and containers.
  ///
  /// @param runtimes the names that `--runtime` may give
  /// @param features what the runtimes can do that will start the bundle
  /// @param containers the containers that the command may name
  public record Surroundings(
      List<String> runtimes, RuntimeFeatures features, OtherContainers containers) {
    private static final List<String> USUAL = List.of("runc", "crun", "io.containerd.runc.v2");

    /// Nothing: the usual runtimes, and no container.
    public static final Surroundings NONE =
        new Surroundings(USUAL, RuntimeFeatures.all(), OtherContainers.none());

    /// Copies the list.
    public Surroundings {
      runtimes = List.copyOf(runtimes);
    }

    /// The usual runtimes with these features, and these containers.
    public static Surroundings of(RuntimeFeatures features, OtherContainers containers) {
      return new Surroundings(USUAL, features, containers);
    }
  }

  /// What the runtimes can do that will start the bundle.
  @FunctionalInterface
  public interface RuntimeFeatures {
    /// Everything.
    static RuntimeFeatures all() {
      return option -> true;
    }

    /// Whether all of them know an option of a mount.
    boolean knowMountOption(String option);
  }

  /// Docker's sets, the bundle's own files, volumes in a directory.
  ///
  /// @param id 64 hexadecimal digits
  public static ConversionOptions of(String id, Form form, String volumes) {
    return new ConversionOptions(
        id,
        form,
        new Places("rootfs", "", volumes, "/var/lib/docker", "/usr/bin/docker-init", false),
        Grants.DOCKER,
        Surroundings.NONE);
  }

  /// An id of the container's own that is the same whenever the command is the same.
  public static String idFor(DockerRunCommand command) {
    return idFor(command, 1);
  }

  /// The same for one of several commands that may be equal, which have volumes of their own.
  ///
  /// @param occurrence 1 for the first
  public static String idFor(DockerRunCommand command, int occurrence) {
    StringBuilder words = new StringBuilder();
    if (occurrence > 1) {
      words.append(occurrence).append('\0');
    }
    for (String argument : command.arguments()) {
      words.append(argument).append('\0');
    }
    return DerivedId.of(command.text("name") + "\0" + command.image(), words.toString());
  }

  /// The same for another container.
  ///
  /// @param other 64 hexadecimal digits
  public ConversionOptions withId(String other) {
    return new ConversionOptions(other, form, places, grants, known);
  }

  /// The same with another `root.path`.
  public ConversionOptions withRoot(String path) {
    Places moved =
        new Places(
            path, places.files, places.volumes, places.dataRoot, places.init, places.dockerCgroup);
    return new ConversionOptions(id, form, moved, grants, known);
  }

  /// The same with other grants.
  public ConversionOptions with(Grants other) {
    return new ConversionOptions(id, form, places, other, known);
  }

  /// The same with other surroundings.
  public ConversionOptions with(Surroundings other) {
    return new ConversionOptions(id, form, places, grants, other);
  }

  /// The default host name.
  String shortId() {
    return id.substring(0, 12);
  }
}
