package dev.ocicap.os;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Text as the kernel sees it: a string whose characters are bytes (ISO 8859-1), made from one
/// whose characters are Java's.
public final class NativeText {
  private NativeText() {}

  /// The bytes of an argument or a path in the encoding that this JVM reads arguments and paths in.
  public static String of(String text) {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset charset =
        name.equals("UTF-8") || !Charset.isSupported(name)
            ? StandardCharsets.UTF_8
            : Charset.forName(name);
    return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
  }
}
