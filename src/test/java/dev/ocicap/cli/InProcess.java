package dev.ocicap.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A command line run in this process.
public final class InProcess {
  private static final Map<String, String> ENV =
      Map.of("HOME", "/home/someone", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

  private InProcess() {}

  /// What came of it.
  public record Outcome(int status, String out, String err) {}

  /// Runs it with a text on standard input.
  public static Outcome run(String in, String... args) {
    return run(in.getBytes(StandardCharsets.UTF_8), args);
  }

  static Outcome run(byte[] in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(new ByteArrayInputStream(in), out, err, ENV, args);
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
