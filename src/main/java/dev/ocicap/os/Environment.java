package dev.ocicap.os;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The environment variables that a program was started with, byte for byte: each character of a
/// name or value is one byte (ISO 8859-1), whatever encoding they were meant in.
///
/// @param variables the values by name, in their order
public record Environment(Map<String, String> variables) {

  /// Keeps the order.
  public Environment {
    variables = new LinkedHashMap<>(variables);
  }

  /// Of the calling process.
  ///
  /// @throws IOException when there is no `/proc`
  public static Environment self() throws IOException {
    return read(Path.of("/proc/self/environ"));
  }

  /// What another process was started with; what it changed since is not seen.
  ///
  /// @throws IOException when there is no such process, or it belongs to someone else
  public static Environment of(long pid) throws IOException {
    return read(Path.of("/proc/" + pid + "/environ"));
  }

  private static Environment read(Path file) throws IOException {
    try (InputStream in = FileStream.open(file)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
  }

  /// The text of an `environ` file: `NAME=VALUE`, each with a NUL behind it. Of two entries with
  /// one name the first counts, as for getenv(3). What has no name is no variable.
  static Environment parse(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    int start = 0;
    while (start < text.length()) {
      int nul = text.indexOf('\0', start);
      int end = nul < 0 ? text.length() : nul;
      int equals = text.indexOf('=', start);
      if (equals > start && equals < end) {
        variables.putIfAbsent(text.substring(start, equals), text.substring(equals + 1, end));
      }
      start = end + 1;
    }
    return new Environment(variables);
  }
}
