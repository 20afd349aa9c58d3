package dev.ocicap.docker;

import dev.ocicap.fuzz.Refusal;
import java.nio.charset.StandardCharsets;

/// Any text as a shell script: it is read, or refused with a place in it.
public final class ScriptFuzz {
  private static final ClientEnvironment CLIENT =
      new ClientEnvironment(
          name -> name.equals("HOME") ? "/home/someone" : null,
          "/here",
          ClientEnvironment.Stdin.UNKNOWN,
          null,
          new NoFiles());

  private ScriptFuzz() {}

  /// Runs one input.
  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusal.allow(() -> {
      ShellScript script = new ShellScript("fuzz.sh", text, CLIENT);
      for (ShellScript.Invocation one = script.next(); one != null; one = script.next()) {
        Refusal.require(!one.words().isEmpty(), "a command without words");
      }
    });
  }
}
