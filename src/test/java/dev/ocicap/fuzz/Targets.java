package dev.ocicap.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;

/// Everything that is given arbitrary input.
final class Targets {
  /// What was found, and what makes a good start, by target.
  static final Path CORPUS = Path.of("src/test/resources/cases/fuzz");

  /// A target.
  ///
  /// @param name its directory in the corpus
  /// @param type the class, below `dev.ocicap`
  record Target(String name, String type) {
    /// Runs one input.
    void run(byte[] input) throws Exception {
      Method method =
          Class.forName("dev.ocicap." + type).getMethod("fuzzerTestOneInput", byte[].class);
      try {
        method.invoke(null, (Object) input);
      } catch (InvocationTargetException e) {
        throw new IllegalStateException(name + ": " + e.getCause(), e.getCause());
      }
    }
  }

  static final List<Target> ALL =
      List.of(
          new Target("json", "json.JsonFuzz"),
          new Target("script", "docker.ScriptFuzz"),
          new Target("command", "docker.CommandFuzz"),
          new Target("notation", "docker.NotationFuzz"),
          new Target("inspection", "docker.InspectionFuzz"),
          new Target("options", "cli.EditFuzz"),
          new Target("document", "cli.DocumentFuzz"),
          new Target("trace", "learn.TraceFuzz"),
          new Target("layer", "image.LayerFuzz"));

  private Targets() {}

  /// Prints a line for each target: its name and its class.
  public static void main(String[] args) {
    for (Target target : ALL) {
      System.out.println(target.name + " dev.ocicap." + target.type);
    }
  }
}
