package dev.ocicap.docker;

import dev.ocicap.cap.SetName;
import java.util.List;

/// What the user of a conversion decides, beyond the docker command.
///
/// @param id the container's id, 64 hexadecimal digits; its first twelve are the default host name
/// @param rootPath `root.path`
/// @param files the directory of `resolv.conf`, `hosts` and `hostname`, or "" for the bundle
/// @param volumeRoot the directory of named and anonymous volumes
/// @param dataRoot Docker Engine's own directory: a bind mount that meets it is made a slave
/// @param initPath the program that `--init` puts before the command, on the host
/// @param sets the sets that hold the capabilities
/// @param ambient whether what was added for a user that is not root is ambient too, so that the
///   process really has it
/// @param dockerCgroup whether to put the container where Docker Engine would
/// @param annotate whether annotations keep what a bundle cannot say, and the profile that the
///   system call filter was made from
/// @param runtimes the names that `--runtime` may give
/// @param others the containers that the command may name
/// @param engine whose default capabilities and precedence of adds and drops hold
public record ConversionOptions(
    String id,
    String rootPath,
    String files,
    String volumeRoot,
    String dataRoot,
    String initPath,
    List<SetName> sets,
    boolean ambient,
    boolean dockerCgroup,
    boolean annotate,
    List<String> runtimes,
    OtherContainers others,
    DockerRunCommand.Engine engine) {

  /// The sets that Docker Engine fills.
  public static final List<SetName> DOCKER_SETS =
      List.of(SetName.BOUNDING, SetName.EFFECTIVE, SetName.PERMITTED);

  /// Copies the lists.
  public ConversionOptions {
    sets = List.copyOf(sets);
    runtimes = List.copyOf(runtimes);
  }

  /// Docker's sets, the bundle's own files, volumes in `volumeRoot`.
  ///
  /// @param id 64 hexadecimal digits
  public static ConversionOptions of(String id, String volumeRoot) {
    return new ConversionOptions(
        id,
        "rootfs",
        "",
        volumeRoot,
        "/var/lib/docker",
        "/usr/bin/docker-init",
        DOCKER_SETS,
        false,
        false,
        false,
        List.of("runc", "crun", "io.containerd.runc.v2"),
        OtherContainers.none(),
        DockerRunCommand.Engine.DOCKER);
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
    return new ConversionOptions(
        other,
        rootPath,
        files,
        volumeRoot,
        dataRoot,
        initPath,
        sets,
        ambient,
        dockerCgroup,
        annotate,
        runtimes,
        others,
        engine);
  }

  /// The same with another `root.path`.
  public ConversionOptions withRootPath(String path) {
    return new ConversionOptions(
        id,
        path,
        files,
        volumeRoot,
        dataRoot,
        initPath,
        sets,
        ambient,
        dockerCgroup,
        annotate,
        runtimes,
        others,
        engine);
  }

  /// The same with other sets for the capabilities.
  ///
  /// @param ambient whether what was added for a user that is not root is ambient too
  public ConversionOptions withSets(List<SetName> sets, boolean ambient) {
    return new ConversionOptions(
        id,
        rootPath,
        files,
        volumeRoot,
        dataRoot,
        initPath,
        sets,
        ambient,
        dockerCgroup,
        annotate,
        runtimes,
        others,
        engine);
  }

  /// The same with another engine's defaults and precedence.
  public ConversionOptions withEngine(DockerRunCommand.Engine other) {
    return new ConversionOptions(
        id,
        rootPath,
        files,
        volumeRoot,
        dataRoot,
        initPath,
        sets,
        ambient,
        dockerCgroup,
        annotate,
        runtimes,
        others,
        other);
  }

  /// The same with annotations for what a bundle cannot say.
  public ConversionOptions annotated() {
    return new ConversionOptions(
        id,
        rootPath,
        files,
        volumeRoot,
        dataRoot,
        initPath,
        sets,
        ambient,
        dockerCgroup,
        true,
        runtimes,
        others,
        engine);
  }

  /// The default host name.
  String shortId() {
    return id.substring(0, 12);
  }
}
