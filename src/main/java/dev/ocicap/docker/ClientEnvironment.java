package dev.ocicap.docker;

import org.jspecify.annotations.Nullable;

/// Where the docker command was typed: everything that docker's client would look at there.
///
/// @param variables the value of an environment variable, or null
/// @param workingDirectory the absolute path that relative ones begin at
/// @param stdin what standard input is
/// @param consoleSize the size of the terminal on standard output, or null when it is none
/// @param files the files of the machine
public record ClientEnvironment(
    Variables variables,
    String workingDirectory,
    Stdin stdin,
    @Nullable ConsoleSize consoleSize,
    HostFiles files) {

  /// Environment variables.
  @FunctionalInterface
  public interface Variables {
    /// The value of a variable, or null when it is not set.
    @Nullable String value(String name);
  }

  /// What standard input is.
  public enum Stdin {
    /// Not looked at: the container is not started now.
    UNKNOWN,
    /// A terminal.
    TERMINAL,
    /// A file, a pipe, or nothing.
    OTHER
  }

  /// A terminal's size in characters.
  public record ConsoleSize(int height, int width) {}

  /// A relative path made absolute.
  String absolute(String path) {
    return path.startsWith("/") ? path : Texts.cleanPath(workingDirectory + "/" + path);
  }
}
