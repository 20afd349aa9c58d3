package dev.ocicap.docker;

/// Something that has to exist before the bundle can be started.
public sealed interface Preparation {

  /// A file in the bundle.
  ///
  /// @param name its path in the bundle
  /// @param text its content
  record WriteFile(String name, String text) implements Preparation {}

  /// A volume; when it is made, it gets what the image has at that path, unless `copy` is off.
  ///
  /// @param directory the volume's directory on the host
  /// @param destination the path in the container
  /// @param copy whether a new volume gets the image's files
  record MakeVolume(String directory, String destination, boolean copy) implements Preparation {}

  /// Another image, whose files are mounted into the container.
  ///
  /// @param image its name
  /// @param directory where its files go, in the bundle
  /// @param subpath the path in it that is mounted, or "" for all of it
  record CopyImage(String image, String directory, String subpath) implements Preparation {}

  /// A missing source of a bind mount, which docker makes as a directory of root.
  record MakeHostDirectory(String path) implements Preparation {}

  /// The working directory in the root file system, which docker makes when it is missing.
  record MakeWorkingDirectory(String path) implements Preparation {}
}
