package dev.ocicap.image;

import java.util.List;

/// How an engine finds out whether a container is well: Docker's addition to an image's
/// configuration. No runtime knows of it.
///
/// @param test `NONE`, or `CMD` and words, or `CMD-SHELL` and a shell line; empty: as inherited
/// @param interval nanoseconds between two checks; 0: the engine's default
/// @param timeout nanoseconds until a check has failed; 0: the engine's default
/// @param startPeriod nanoseconds in which failures do not count; 0: none
/// @param startInterval nanoseconds between two checks in that period; 0: the engine's default
/// @param retries failures in a row until the container is unwell; 0: the engine's default
public record Healthcheck(
    List<String> test,
    long interval,
    long timeout,
    long startPeriod,
    long startInterval,
    long retries) {

  /// Nothing said.
  public static final Healthcheck NONE = new Healthcheck(List.of(), 0, 0, 0, 0, 0);

  /// Copies the list.
  public Healthcheck {
    test = List.copyOf(test);
  }
}
