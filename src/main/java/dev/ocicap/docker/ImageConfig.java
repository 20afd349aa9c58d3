package dev.ocicap.docker;

import java.util.List;
import java.util.Map;

/// What an image says about its containers (image-spec config.md#properties).
///
/// @param entrypoint the first words of the command
/// @param command the words after them, which the words of the command line replace
/// @param environment `NAME=value`
/// @param user `USER[:GROUP]`, or ""
/// @param workingDirectory or ""
/// @param volumes paths in the container that are volumes
/// @param labels by name
/// @param stopSignal or ""
/// @param exposedPorts `80/tcp`
/// @param os or "" when unknown
/// @param architecture Go's name, or "" when unknown
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String user,
    String workingDirectory,
    List<String> volumes,
    Map<String, String> labels,
    String stopSignal,
    List<String> exposedPorts,
    String os,
    String architecture) {

  /// An image that says nothing, such as a bare root file system.
  public static final ImageConfig EMPTY =
      new ImageConfig(
          List.of(), List.of(), List.of(), "", "", List.of(), Map.of(), "", List.of(), "", "");

  /// Copies the lists.
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    volumes = List.copyOf(volumes);
    labels = Map.copyOf(labels);
    exposedPorts = List.copyOf(exposedPorts);
  }
}
