package dev.ocicap.os;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
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
}
