package dev.ocicap.os;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens files by the calls that are ready first: what Java does before its first channel takes a
/// millisecond of a cold start.
public final class FileStream {
  private FileStream() {}

  /// The content of a file.
  ///
  /// @throws IOException as [Files#newInputStream] says, which alone tells why a file cannot be
  ///   opened
  public static InputStream open(Path file) throws IOException {
    try {
      return new FileInputStream(file.toFile());
    } catch (FileNotFoundException | UnsupportedOperationException e) {
      return Files.newInputStream(file);
    }
  }

  /// The text of a file.
  ///
  /// @throws IOException as [#open] says, or when it cannot be read
  public static String text(Path file, Charset charset) throws IOException {
    try (InputStream in = open(file)) {
      return new String(in.readAllBytes(), charset);
    }
  }

  /// Writes a file that is not there yet into a directory where nobody else makes one. (Elsewhere
  /// somebody could have put a link in its place.)
  ///
  /// @throws IOException when it cannot be written
  public static void create(Path file, String text) throws IOException {
    try (OutputStream out = new FileOutputStream(file.toFile())) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
