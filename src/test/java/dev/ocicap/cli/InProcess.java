package dev.ocicap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Command lines run in this process.
///
/// @param env the environment variables
/// @param directory what relative paths start from
public record InProcess(Map<String, String> env, Path directory) {

  /// With few variables, in the directory of the tests.
  public static final InProcess PLAIN =
      with(Map.of("HOME", "/home/someone", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));

  /// With these variables, in the directory of the tests.
  public static InProcess with(Map<String, String> env) {
    return new InProcess(env, Path.of(""));
  }

  /// The same in another directory.
  public InProcess in(Path other) {
    return new InProcess(env, other);
  }

  /// What came of a command line.
  public record Outcome(int status, String out, String err) {}

  /// Runs one with a text on standard input.
  public Outcome run(String in, List<String> args) {
    return run(in.getBytes(StandardCharsets.UTF_8), args);
  }

  /// Runs one with a text on standard input.
  public Outcome run(String in, String... args) {
    return run(in, List.of(args));
  }

  Outcome run(byte[] in, List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            new ByteArrayInputStream(in), out, err, env, directory, args.toArray(new String[0]));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /// What one prints that has nothing on standard input and must succeed.
  public String output(List<String> args) {
    Outcome outcome = run("", args);
    assertEquals(0, outcome.status(), () -> args + "\n" + outcome.err());
    return outcome.out();
  }

  /// What one prints that has nothing on standard input and must succeed.
  public String output(String... args) {
    return output(List.of(args));
  }
}
