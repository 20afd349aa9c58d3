package dev.ocicap.distribution;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A distribution in some directory, and what can be done with it.
///
/// @param home the directory with `bin` and `lib`
record Installation(Path home) {

  /// What a program printed, and its status.
  record Result(int status, String out, String err) {}

  /// The one that the build made.
  static Installation built() {
    Path home = Path.of(System.getProperty("distribution", "target/ocicap")).toAbsolutePath();
    if (!Files.isExecutable(home.resolve("bin/ocicap"))) {
      fail("no distribution in " + home + ": these tests follow Maven's package phase");
    }
    return new Installation(home);
  }

  /// A copy with the times of the files, as `cp -a` or an archive makes it.
  Installation copyTo(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            directory.resolve(home.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return new Installation(directory);
  }

  Path launcher() {
    return home.resolve("bin/ocicap");
  }

  Path jar() {
    return home.resolve("lib/ocicap.jar");
  }

  /// The caches.
  List<Path> caches() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("lib"))) {
      return files.filter(file -> file.toString().endsWith(".aot")).sorted().toList();
    }
  }

  Result ocicap(String... arguments) throws Exception {
    return ocicap(Map.of(), arguments);
  }

  Result ocicap(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return execute(command, environment);
  }

  /// How many classes of ocicap and its libraries came out of the jar and not out of a cache.
  long classesFromJar(String... arguments) throws Exception {
    return loaded(List.of(), Map.of(), arguments)
        .filter(line -> line.contains(" source: file:") || line.contains(" source: /"))
        .count();
  }

  /// What takes the time of many classes: those that no cache had, those of the JDK and those made
  /// at run time included, but for the events of the flight recorder, which no cache takes; and a
  /// lambda of the JDK's (ocicap has none, and its own are none any more in the distribution), for
  /// the first of them all that links lambdas is loaded.
  List<String> slowClasses(String... arguments) throws Exception {
    return slowClasses(List.of(), Map.of(), arguments);
  }

  /// The same in another surrounding.
  ///
  /// @param starter a program and its arguments, which starts what follows them
  List<String> slowClasses(
      List<String> starter, Map<String, String> environment, String... arguments) throws Exception {
    return loaded(starter, environment, arguments)
        .filter(line ->
            (line.contains(" source: ") && !line.contains("shared objects file"))
                || line.contains("java.lang.invoke.InnerClassLambdaMetafactory "))
        .filter(line -> !line.contains("jdk.internal.event."))
        .toList();
  }

  private Stream<String> loaded(
      List<String> starter, Map<String, String> environment, String... arguments) throws Exception {
    Path log = Files.createTempFile("classes", ".log");
    // Read after the options of the command line, so it undoes the launcher's silence.
    Map<String, String> logged = new HashMap<>(environment);
    logged.put("_JAVA_OPTIONS", "-Xlog:class+load:file=" + log);
    List<String> command = new ArrayList<>(starter);
    command.add(launcher().toString());
    command.addAll(List.of(arguments));
    execute(command, logged);
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    Files.delete(log);
    // The JVM moves a file that is there already.
    Files.deleteIfExists(Path.of(log + ".0"));
    return lines.stream();
  }

  /// Runs a program with this environment and no more, in a minute at most.
  static Result execute(List<String> command, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectInput(Path.of("/dev/null").toFile());
    Path err = Files.createTempFile("ocicap", ".err");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      fail("still running after a minute: " + command);
    }
    Result result = new Result(process.exitValue(), out, Files.readString(err));
    Files.delete(err);
    return result;
  }
}
